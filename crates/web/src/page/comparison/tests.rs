use filrouge_types::{Hour, Language};

use super::*;
use crate::data_api::SAMPLE_TIME;

fn pairs(chances: &[(f64, f64)]) -> Vec<(HourAvailability, HourAvailability)> {
    let hour = |index: usize, bike| HourAvailability {
        hour: Hour::containing(SAMPLE_TIME) + 1 + index as i64,
        bike,
        dock: 1.0,
        bikes: 1.0,
        bikes_p10: 0,
        bikes_p90: 2,
        arrivals: 1.0,
    };
    let pair =
        |(index, (one, other)): (usize, &(f64, f64))| (hour(index, *one), hour(index, *other));
    chances.iter().enumerate().map(pair).collect()
}

#[test]
fn the_answer_names_the_surer_station_and_its_hours() {
    let t = Frame::sample(Language::French);
    let told = |chances: &[(f64, f64)]| {
        answer(&t, "Gare", "Marché", &pairs(chances)).replace('\u{a0}', " ")
    };
    let table: [(&[(f64, f64)], &str); 4] = [
        (
            &[(0.8, 0.81), (0.8, 0.75)],
            "Les deux stations se valent sur toute la période.",
        ),
        (
            &[(0.4, 0.9), (0.5, 0.9), (0.8, 0.8)],
            "Marché a plus de chances d’avoir un vélo de 10 h à 11 h.",
        ),
        (
            &[(0.4, 0.9), (0.8, 0.8)],
            "Marché a plus de chances d’avoir un vélo à 10 h.",
        ),
        (
            &[(0.9, 0.4), (0.8, 0.8), (0.4, 0.9)],
            "Gare a plus de chances d’avoir un vélo à 10 h. Marché a plus de chances d’avoir un vélo à 12 h.",
        ),
    ];
    for (chances, expected) in table {
        assert_eq!(told(chances), expected);
    }
}

#[test]
fn the_longest_stretch_wins_and_the_first_of_equals() {
    let is_high = |value: &i32| *value > 0;
    assert_eq!(
        longest_run(&[1, 0, 2, 3, 0, 4, 5], is_high),
        Some([2, 3].as_slice())
    );
    assert_eq!(longest_run(&[0, 0], is_high), None);
}
