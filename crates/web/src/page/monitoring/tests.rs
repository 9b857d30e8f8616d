use filrouge_types::{Hour, Language};

use super::*;

/// A week, calm but for its last day.
pub(in crate::page) fn sample() -> Monitoring {
    let now = Hour::containing(crate::data_api::SAMPLE_TIME);
    let day = |index: i32| {
        let odd = f64::from(u8::from(index == 6));

        MonitoredDay {
            from: now - 24 * i64::from(7 - index),
            rows: 960,
            mae: Some(0.9 + 0.05 * f64::from(index) + odd),
            last_week_mae: Some(1.5 + 0.1 * f64::from(index % 3)),
            skill: Some(0.35 - 0.5 * odd),
            relative_error: Some(0.4),
            relative_bias: Some(0.02 + 0.3 * odd),
            coverage: Some(0.82 - 0.15 * odd),
            hourly_dispersion: Some(0.1),
        }
    };

    let days: Vec<MonitoredDay> = (0..7).map(day).collect();

    Monitoring {
        model_version: "2026-02-28-4f1c9a2e".to_owned(),
        last_counted_hour: now,
        window: days[6],
        system_residual: None,
        days,
        control_limits: vec![
            limits("relative_error", 0.4, 0.3, 0.5),
            limits("relative_bias", 0.0, -0.12, 0.12),
            limits("coverage", 0.83, 0.75, 0.91),
            limits("hourly_dispersion", 0.1, -0.2, 0.6),
            limits("system_residual", 0.0, -0.12, 0.12),
        ],
        alarms: vec![alarm("coverage", 0.67, 0.83)],
        inputs: vec![MonitoredInput {
            input: "temperature".to_owned(),
            samples: 24,
            missing_share: 0.0,
            psi: Some(0.3),
            psi_threshold: Some(0.57),
            ks: None,
            js: None,
            warning: Some("frozen".to_owned()),
        }],
        pending_predictions: 960,
        joined_predictions: 1920,
    }
}

fn limits(metric: &str, center: f64, lower: f64, upper: f64) -> ControlLimits {
    ControlLimits {
        metric: metric.to_owned(),
        center,
        lower,
        upper,
    }
}

fn alarm(metric: &str, observed: f64, center: f64) -> RaisedAlarm {
    RaisedAlarm {
        metric: metric.to_owned(),
        observed,
        center,
    }
}

#[test]
fn a_day_without_measure_is_skipped_and_nothing_leaves_the_picture() {
    let mut days = sample().days;
    days.truncate(3);
    let measures = [(Some(9.0), Some(1.0)), (None, Some(2.0)), (Some(0.0), None)];
    for (day, (mae, last_week_mae)) in days.iter_mut().zip(measures) {
        (day.mae, day.last_week_mae) = (mae, last_week_mae);
    }

    let t = Frame::sample(Language::French);
    let write = |value| format!("{value}");
    let chart = draw(&t, &days, 4.0, write, |day| (day.mae, day.last_week_mae));

    assert_eq!(chart.line.matches(['M', 'L']).count(), 2);
    assert!(chart.line.starts_with("M101 14"), "{}", chart.line);
    assert_eq!((&*chart.rules[4].at, &*chart.rules[4].label), ("14", "4"));
    assert_eq!(chart.moments.len(), 3);
}

#[test]
fn every_alarm_has_its_sentence_in_every_language() {
    for language in Language::ALL {
        let t = Frame::sample(language);
        let sentences = [
            alarm("coverage", 0.67, 0.83),
            alarm("relative_bias", 0.3, 0.0),
            alarm("relative_bias", -0.3, 0.0),
            alarm("hourly_dispersion", 1.2, 0.1),
            alarm("system_residual", 0.3, 0.0),
            alarm("relative_error", 1.2, 0.6),
        ]
        .map(|alarm| alarm_sentence(&t, &alarm));

        let distinct: std::collections::HashSet<_> = sentences.iter().collect();
        assert_eq!(distinct.len(), sentences.len(), "{sentences:?}");
        assert!(sentences[5].contains("200"), "{}", sentences[5]);
    }
}

#[test]
fn inputs_and_their_drift_are_named() {
    let t = Frame::sample(Language::French);
    for (input, name) in [
        ("temperature", "Température"),
        ("relative_humidity", "Humidité"),
        ("wind_speed", "Vent"),
        ("precipitation", "Pluie"),
        ("traffic", "Autre entrée"),
    ] {
        assert_eq!(t.say(input_name(input)), name);
    }
    assert_eq!(t.say(drift(None)), "ordinaire");
    assert_eq!(t.say(drift(Some("missing"))), "absente plus que d’habitude");
}

// Preuve: C11.3 les cinq mesures qui décident sont montrées avec leurs seuils, et celle qui en sort est marquée
#[test]
fn the_five_statistics_that_decide_stand_beside_their_limits() {
    let t = Frame::sample(Language::French);
    let limits = limits::limits(&t, &sample());

    let names: Vec<&str> = limits.iter().map(|limit| &*limit.name).collect();
    assert_eq!(
        names,
        [
            "Erreur relative",
            "Biais relatif",
            "Couverture",
            "Dispersion horaire",
            "Demande totale"
        ]
    );
    let out: Vec<bool> = limits.iter().map(|limit| limit.is_out).collect();
    assert_eq!(out, [false, false, true, false, false]);
    assert!(limits[2].lower.starts_with("75") && limits[2].upper.starts_with("91"));
}

#[test]
fn a_day_that_is_not_over_or_lacks_hours_is_told_so() {
    let mut monitoring = sample();
    monitoring.last_counted_hour = monitoring.days[6].from + 9;
    monitoring.days[2].rows = 400;

    let partial: Vec<bool> = monitoring
        .days
        .iter()
        .map(|day| is_partial(day, &monitoring))
        .collect();

    assert_eq!(partial, [false, false, true, false, false, false, true]);
}
