use filrouge_types::{Hour, Language};

use super::*;
use crate::data_api::SAMPLE_TIME;
use crate::model_api::sample;

fn french() -> Frame {
    Frame::sample(Language::French)
}

fn next_hours(forecast: &Forecast) -> NextHours {
    NextHours::new(&french(), forecast, SAMPLE_TIME)
}

fn item(hour: Hour, demand: f32, low: f32, high: f32) -> HourForecast {
    HourForecast {
        hour,
        demand,
        demand_p10: low,
        demand_p90: high,
    }
}

// Preuve: C17.4 le résumé d’une prévision nomme la pointe, son intervalle et le total
#[test]
fn the_summary_names_the_peak_its_interval_and_the_total() {
    assert_eq!(
        next_hours(&sample()).summary,
        "La pointe est attendue à 18\u{a0}h\u{a0}: environ 12\u{a0}départs (entre 8 et 17). \
         En tout, environ 142\u{a0}départs sur 24\u{a0}heures."
    );
    assert_eq!(
        NextHours::new(&Frame::sample(Language::English), &sample(), SAMPLE_TIME).summary,
        "The peak is expected at 18:00: about 12\u{a0}departures (between 8 and 17). \
         In all, about 142\u{a0}departures over 24\u{a0}hours."
    );
}

#[test]
fn a_peak_of_tomorrow_says_so_and_a_dead_calm_has_no_peak() {
    let mut forecast = sample();
    forecast.items[23].demand = 13.0;
    let summary = next_hours(&forecast).summary;

    assert!(
        summary.starts_with("La pointe est attendue demain à 8\u{a0}h"),
        "{summary}"
    );

    for item in &mut forecast.items {
        item.demand = 0.1;
    }

    assert!(
        next_hours(&forecast)
            .summary
            .starts_with("Presque aucun départ")
    );
}

#[test]
fn rows_are_in_the_time_of_the_city_and_name_their_day() {
    let rows = next_hours(&sample()).rows;
    let moments: Vec<_> = rows.iter().map(|row| row.moment.as_str()).collect();
    assert_eq!(moments[0], "aujourd’hui, 9\u{a0}h");
    assert_eq!(moments[15], "demain, 0\u{a0}h");
    assert_eq!(
        (rows[9].low.as_str(), rows[9].high.as_str()),
        ("8,0", "16,6")
    );
}

#[test]
fn the_model_knew_the_demand_until_the_end_of_its_last_hour() {
    let origin = next_hours(&sample()).origin.to_string();
    assert!(
        origin.ends_with("jusqu’à aujourd’hui, 9\u{a0}h."),
        "{origin}"
    );
}

#[test]
fn a_day_has_its_points_its_band_and_a_label_every_three_hours() {
    let chart = draw(&french(), &sample().items);
    assert_eq!(chart.points.len(), 24);
    assert_eq!(chart.band.unwrap().matches(['M', 'L']).count(), 48);

    let labels: Vec<_> = chart
        .moments
        .iter()
        .map(|mark| mark.label.as_str())
        .collect();
    assert_eq!(
        labels,
        [
            "9\u{a0}h",
            "12\u{a0}h",
            "15\u{a0}h",
            "18\u{a0}h",
            "21\u{a0}h",
            "0\u{a0}h",
            "3\u{a0}h",
            "6\u{a0}h"
        ]
    );

    let rules: Vec<_> = chart.rules.iter().map(|mark| mark.label.as_str()).collect();
    assert_eq!(rules, ["0", "5", "10", "15", "20"]);
}

#[test]
fn nothing_is_drawn_outside_the_picture() {
    for highest in [0.0, 0.2, 3.0, 97.0, 12_345.0] {
        let hour = "2026-03-01T08:00:00Z".parse().unwrap();
        let chart = draw(&french(), &[item(hour, highest, 0.0, highest)]);
        let y: f64 = chart.points[0].y.parse().unwrap();
        assert!((0.0..=HEIGHT).contains(&y), "{highest}: {y}");
    }
}

#[test]
fn the_night_of_the_clock_change_is_drawn_hour_by_hour() {
    let start: Hour = "2026-10-24T22:00:00Z".parse().unwrap();
    let items: Vec<_> = (0..6)
        .map(|ahead| item(start + ahead, 1.0, 0.0, 2.0))
        .collect();

    let moments = draw(&french(), &items).moments;
    let labels: Vec<_> = moments.iter().map(|mark| mark.label.as_str()).collect();
    assert_eq!(labels, ["0\u{a0}h", "3\u{a0}h"]);
}
