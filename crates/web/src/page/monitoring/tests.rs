use filrouge_types::{Hour, Language};

use super::*;

/// A week, calm but for its last day.
pub(super) fn sample() -> Monitoring {
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
        control_limits: vec![ControlLimits {
            metric: "coverage".to_owned(),
            center: 0.83,
            lower: 0.75,
            upper: 0.91,
        }],
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
    assert!(chart.line.starts_with("M161 14"), "{}", chart.line);
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
