use filrouge_model::evaluation::coverage;
use proptest::prelude::*;
use rand::RngExt;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::*;

/// Counts of mean `mean`, by multiplying uniform draws (Knuth).
fn poisson(generator: &mut ChaCha8Rng, mean: f64) -> f32 {
    let limit = (-mean).exp();
    let mut product = generator.random::<f64>();
    let mut count = 0.0;
    while product > limit {
        product *= generator.random::<f64>();
        count += 1.0;
    }
    count
}

/// Nothing is followed.
const UNIT: Scale = Scale {
    default: 1.0,
    correction_strength: 0.0,
};

/// The head of one fold.
fn head_of(roots: &[f64], truths: &[f32]) -> Head {
    let mut rehearsed = Rehearsed::default();
    rehearsed.add(roots, truths);
    rehearsed.head(rehearsed.missed_share(), UNIT)
}

/// A trained head and its coverage of fresh counts whose means lie between `least` and `most`.
fn coverage_between(least: f64, most: f64) -> f64 {
    let mut generator = ChaCha8Rng::seed_from_u64(7);
    let mut draw = || {
        let means: Vec<f64> = (0..20_000)
            .map(|_| generator.random_range(least..most))
            .collect();
        let truths: Vec<f32> = means
            .iter()
            .map(|mean| poisson(&mut generator, *mean))
            .collect();

        (
            means.iter().map(|mean| mean.sqrt()).collect::<Vec<_>>(),
            truths,
        )
    };

    let (roots, truths) = draw();
    let head = head_of(&roots, &truths);
    let (roots, truths) = draw();
    let (lower, upper): (Vec<f32>, Vec<f32>) = roots
        .iter()
        .map(|root| head.predict(*root, 1.0))
        .map(|p| (p.demand_p10, p.demand_p90))
        .unzip();

    coverage(&truths, &lower, &upper)
}

// Preuve: C12.2 l’intervalle à 80 % contient bien 80 % des comptages, à tous les niveaux de demande
#[test]
fn eighty_per_cent_of_unseen_counts_fall_in_the_interval_at_every_level() {
    for (least, most) in [
        (0.3, 1.0),
        (1.0, 3.0),
        (3.0, 10.0),
        (10.0, 100.0),
        (0.3, 100.0),
    ] {
        let covered = coverage_between(least, most);
        assert!(
            (0.78..0.84).contains(&covered),
            "{covered} between {least} and {most}"
        );
    }
}

#[test]
fn counts_that_are_nearly_always_zero_are_covered_by_zero_alone() {
    let covered = coverage_between(0.01, 0.1);
    assert!(covered > 0.9, "{covered}");
}

#[test]
fn the_mean_is_that_of_the_counts_though_the_trees_forecast_roots() {
    let mut generator = ChaCha8Rng::seed_from_u64(3);
    let truths: Vec<f32> = (0..20_000).map(|_| poisson(&mut generator, 2.0)).collect();
    let mean_root = truths
        .iter()
        .map(|truth| f64::from(truth.sqrt()))
        .sum::<f64>()
        / truths.len() as f64;
    let head = head_of(&vec![mean_root; truths.len()], &truths);
    assert!((head.predict(mean_root, 1.0).demand - 2.0).abs() < 0.05);
}

#[test]
fn a_demand_that_drifts_one_way_then_the_other_adds_nothing_to_the_mean() {
    let mut rehearsed = Rehearsed::default();
    for truth in [4.0, 16.0] {
        rehearsed.add(&[3.0; 1000], &[truth; 1000]);
    }
    let head = rehearsed.head(0.2, UNIT);
    assert_eq!(head.predict(3.0, 1.0).demand, 9.0);
    assert_eq!(head.predict(3.0, 1.0).demand_p90, 16.0);
}

#[test]
fn a_scale_is_the_usual_demand_set_right_by_what_forecasts_missed() {
    let scale = Scale {
        default: 4.0,
        correction_strength: 0.5,
    };

    for (usual, record, expected) in [
        (9.0, 1.0, 9.0),
        (9.0, 4.0, 18.0),
        (9.0, 0.25, 4.5),
        (9.0, f32::NAN, 9.0),
        (f32::NAN, f32::NAN, 4.0),
        (f32::NAN, 4.0, 8.0),
    ] {
        assert_eq!(scale.from(usual, record), expected, "{usual} {record}");
    }

    assert_eq!(
        Scale {
            correction_strength: 0.0,
            ..scale
        }
        .from(9.0, 4.0),
        9.0,
        "a version that follows nothing"
    );
}

proptest! {
    #[test]
    fn bounds_enclose_the_demand_and_nothing_is_negative(
        relative in -2.0_f64..4.0,
        scale in 0.01_f64..500.0,
        values in prop::collection::vec(prop::array::uniform3(-2.0_f64..2.0), 3),
    ) {
        let head = Head { scale: UNIT, knots: vec![0.1, 1.0, 7.0], values };
        let prediction = head.predict(relative, scale);
        prop_assert!(0.0 <= prediction.demand_p10 && prediction.demand_p10 <= prediction.demand);
        prop_assert!(prediction.demand <= prediction.demand_p90);
    }

    #[test]
    fn any_handful_of_truths_gives_a_head_that_answers(
        truths in prop::collection::vec(0_u32..9, 0..900),
        root in 0.0_f64..3.0,
    ) {
        let truths: Vec<f32> = truths.into_iter().map(|truth| truth as f32).collect();
        let head = head_of(&vec![root; truths.len()], &truths);
        prop_assert!(head.predict(1.0, 2.0).demand_p90.is_finite());
    }
}
