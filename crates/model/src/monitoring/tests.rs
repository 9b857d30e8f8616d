use filrouge_types::Hour;
use proptest::prelude::*;

use super::*;
use crate::evaluation::WindowStats;
use crate::prediction::Prediction;
use crate::system_demand::{SystemDemandModel, SystemResidual};

/// A day of ten stations, each hour of which counts this share of its forecasts, noise apart.
fn day_of_hours(index: i64, share: impl Fn(i64) -> f32) -> WindowStats {
    let start = Hour::from_hours_since_epoch(24 * index);
    let mut day = WindowStats::starting(start);

    for hour in 0..24 {
        let mut stats = WindowStats::starting(start + hour);

        for station in 0..10 {
            let row = 10 * hour + station;
            let demand = 5.0 + (row % 7) as f32;
            let of_row = [-2.0, -1.0, 0.0, 1.0, 2.0][((row + index) % 5) as usize];
            let of_hour =
                [-1.4, 0.7, 1.4, -0.7, 0.0][((hour * (1 + index % 4) + index) % 5) as usize];
            let of_day = (index % 3) as f32 * 0.1;
            let prediction = Prediction {
                demand,
                demand_p10: demand - 1.5,
                demand_p90: demand + 1.5,
            };

            stats.add(
                &prediction,
                demand * share(hour) + of_row + of_hour + of_day,
                demand + 2.0,
            );
        }

        day.add_hour(&stats);
    }

    day
}

fn day(index: i64, factor: f32) -> WindowStats {
    day_of_hours(index, |_| factor)
}

fn stable() -> ControlChart {
    ControlChart::learn(
        &(0..56).map(|index| day(index, 1.0)).collect::<Vec<_>>(),
        None,
    )
}

// Preuve: C11.6 aucun jour stable ne lève d’alarme, une demande de 30 % plus forte en lève une
#[test]
fn stable_days_raise_no_alarm_and_a_shift_raises_one() {
    let chart = stable();
    for index in 56..86 {
        assert_eq!(chart.judge(&day(index, 1.0).into()), []);
    }
    let alarms = chart.judge(&day(86, 1.3).into());
    assert!(
        alarms
            .iter()
            .any(|alarm| alarm.limits.metric == Metric::RelativeBias),
        "{alarms:?}"
    );
}

#[test]
fn a_window_with_few_counts_says_nothing_yet() {
    let mut window = day(0, 3.0);
    window.rows = 5;
    assert_eq!(stable().judge(&window.into()), []);
}

// Preuve: C11.6 des départs à d’autres heures que prévu, sans un de plus, lèvent une alarme ; une heure étrange n’en lève pas
#[test]
fn hours_that_do_not_share_the_day_as_forecast_raise_an_alarm_whatever_its_total() {
    let chart = stable();
    type Share = fn(i64) -> f32;
    let cases: [(&str, Share, &[Metric]); 4] = [
        ("an ordinary day", |_| 1.0, &[]),
        (
            "one odd hour",
            |hour| if hour == 19 { 1.3 } else { 1.0 },
            &[],
        ),
        (
            "an hour empties, the next one fills",
            |hour| if hour % 2 == 0 { 0.4 } else { 1.6 },
            &[Metric::HourlyDispersion],
        ),
        (
            "as much more at every hour",
            |_| 1.3,
            &[Metric::RelativeBias],
        ),
    ];
    for (name, share, expected) in cases {
        let alarms = chart.judge(&day_of_hours(86, share).into());
        let raised: Vec<Metric> = alarms.iter().map(|alarm| alarm.limits.metric).collect();
        let of_the_day =
            |metric: &&Metric| matches!(metric, Metric::HourlyDispersion | Metric::RelativeBias);
        assert_eq!(
            raised
                .iter()
                .filter(of_the_day)
                .copied()
                .collect::<Vec<_>>(),
            expected,
            "{name}: {alarms:?}"
        );
    }
}

// Preuve: C11.6 le total de la ville, jugé d’après le calendrier et la météo, alarme au-delà de quatre écarts
#[test]
fn a_system_far_from_its_regression_raises_an_alarm() {
    let model = SystemDemandModel {
        coefficients: Vec::new(),
        residual_scale: Some(0.5),
    };
    let chart = ControlChart::learn(&[], Some(&model));

    let judged = |relative, expected| {
        let system = Some(SystemResidual { relative, expected });
        chart
            .judge(&Window {
                forecasts: day(0, 1.0),
                system,
            })
            .len()
    };

    // Four standard deviations of a day that expects a hundred departures of a station are a fifth of them; of
    // a day of rain that expects twenty-five, twice as much.
    let cases = [
        (0.19, 100.0, 0),
        (-0.19, 100.0, 0),
        (0.3, 100.0, 1),
        (-0.3, 100.0, 1),
        (0.3, 25.0, 0),
        (0.41, 25.0, 1),
    ];

    for (relative, expected, alarms) in cases {
        assert_eq!(
            judged(relative, expected),
            alarms,
            "{relative} of {expected}"
        );
    }

    assert_eq!(
        chart.judge(&Window {
            forecasts: day(0, 1.0),
            system: None
        }),
        []
    );
}

#[test]
fn a_fortnight_is_needed_to_draw_a_limit() {
    assert_eq!(
        ControlChart::learn(&[day(0, 1.0), day(1, 1.0)], None),
        ControlChart::default()
    );
}

// Preuve: C11.1 le seuil d’un indice de stabilité dépend du nombre de valeurs : 0,1 n’en est pas un sur une journée
#[test]
fn the_threshold_of_the_index_follows_the_number_of_values() {
    let (day, month) = (
        psi_threshold(24, 672, 5, 0.01),
        psi_threshold(2400, 67_200, 5, 0.01),
    );
    assert!(
        day > 0.5 && month < 0.01,
        "{day} on a day, {month} on many values"
    );
    // χ²(4) exceeds 13.28 once in a hundred.
    assert!((psi_threshold(1, usize::MAX, 5, 0.01) - 13.28).abs() < 0.1);
}

#[test]
fn distances_are_zero_between_equals_and_largest_between_strangers() {
    let (left, right) = ([1.0, 0.0], [0.0, 1.0]);
    for (of, largest) in [
        (kolmogorov_smirnov as fn(&[f64], &[f64]) -> f64, 1.0),
        (jensen_shannon, 1.0),
    ] {
        assert_eq!(of(&left, &left), 0.0);
        assert!((of(&left, &right) - largest).abs() < 1e-9);
    }
    assert_eq!(population_stability(&left, &left), 0.0);
    assert!(population_stability(&left, &right) > 10.0);
}

#[test]
fn features_that_moved_are_told_from_those_that_noise_moves() {
    let p_values = [0.04, 0.0001, 0.5, 0.03, 0.9];
    assert_eq!(
        rejected(&p_values, 0.05),
        [false, true, false, false, false]
    );
    assert_eq!(rejected(&[], 0.05), Vec::<bool>::new());
}

proptest! {
    #[test]
    fn divergences_are_never_negative(
        left in prop::collection::vec(0.01_f64..1.0, 6),
        right in prop::collection::vec(0.01_f64..1.0, 6),
    ) {
        let normal = |shares: &[f64]| shares.iter().map(|share| share / shares.iter().sum::<f64>()).collect::<Vec<_>>();
        let (left, right) = (normal(&left), normal(&right));
        prop_assert!(population_stability(&left, &right) >= 0.0);
        prop_assert!((-1e-12..=1.0).contains(&jensen_shannon(&left, &right)));
        prop_assert!((0.0..=1.0).contains(&kolmogorov_smirnov(&left, &right)));
    }
}
