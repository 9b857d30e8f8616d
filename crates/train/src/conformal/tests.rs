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

/// No bias is corrected.
const UNIT: Scale = Scale {
    default: 1.0,
    correction_strength: 0.0,
};

/// The calibration of one fold.
fn calibration_of(roots: &[f64], actual: &[f32]) -> Calibration {
    let mut set = CalibrationSet::default();
    set.add_fold(roots, actual);
    set.fit(set.tuned_miscoverage(), UNIT)
}

/// Coverage, by a fitted calibration, of fresh counts whose means lie between `least` and `most`.
fn coverage_between(least: f64, most: f64) -> f64 {
    let mut generator = ChaCha8Rng::seed_from_u64(7);
    let mut draw = || {
        let means: Vec<f64> = (0..20_000)
            .map(|_| generator.random_range(least..most))
            .collect();
        let actual: Vec<f32> = means
            .iter()
            .map(|mean| poisson(&mut generator, *mean))
            .collect();

        (
            means.iter().map(|mean| mean.sqrt()).collect::<Vec<_>>(),
            actual,
        )
    };

    let (roots, actual) = draw();
    let calibration = calibration_of(&roots, &actual);
    let (roots, actual) = draw();
    let (lower, upper): (Vec<f32>, Vec<f32>) = roots
        .iter()
        .map(|root| calibration.predict(*root, 1.0))
        .map(|p| (p.demand_p10, p.demand_p90))
        .unzip();

    coverage(&actual, &lower, &upper)
}

// Preuve: C12.3 l’intervalle à 80 % contient bien 80 % des comptages, à tous les niveaux de demande
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
    let actual: Vec<f32> = (0..20_000).map(|_| poisson(&mut generator, 2.0)).collect();
    let mean_root = actual
        .iter()
        .map(|count| f64::from(count.sqrt()))
        .sum::<f64>()
        / actual.len() as f64;
    let calibration = calibration_of(&vec![mean_root; actual.len()], &actual);
    assert!((calibration.predict(mean_root, 1.0).demand - 2.0).abs() < 0.05);
}

#[test]
fn a_demand_that_drifts_one_way_then_the_other_adds_nothing_to_the_mean() {
    let mut set = CalibrationSet::default();
    for count in [4.0, 16.0] {
        set.add_fold(&[3.0; 1000], &[count; 1000]);
    }
    let calibration = set.fit(0.2, UNIT);
    assert_eq!(calibration.predict(3.0, 1.0).demand, 9.0);
    assert_eq!(calibration.predict(3.0, 1.0).demand_p90, 16.0);
}

proptest! {
    #[test]
    fn any_handful_of_counts_gives_a_calibration_that_answers(
        actual in prop::collection::vec(0_u32..9, 0..900),
        root in 0.0_f64..3.0,
    ) {
        let actual: Vec<f32> = actual.into_iter().map(|count| count as f32).collect();
        let calibration = calibration_of(&vec![root; actual.len()], &actual);
        prop_assert!(calibration.predict(1.0, 2.0).demand_p90.is_finite());
    }
}
