//! What the model API says of the model in service.

use chrono::{DateTime, Utc};
use serde::Deserialize;

/// The state of the watch.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Monitoring {
    /// The version in service.
    pub(crate) model_version: String,
    /// The most recent hour whose departures are known.
    pub(crate) last_counted_hour: DateTime<Utc>,
    /// The last 24 counted hours.
    pub(crate) window: WatchedDay,
    /// Day by day, oldest first.
    pub(crate) days: Vec<WatchedDay>,
    /// Control limits of a stable day.
    pub(crate) control_limits: Vec<WatchedLimits>,
    /// Metrics outside of their control limits.
    pub(crate) alarms: Vec<WatchedAlarm>,
    /// Weather over the last day.
    pub(crate) inputs: Vec<WatchedInput>,
}

/// The realised metric of one day; what cannot be measured is absent.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct WatchedDay {
    pub(crate) from: DateTime<Utc>,
    pub(crate) rows: u64,
    pub(crate) mae: Option<f64>,
    pub(crate) last_week_mae: Option<f64>,
    pub(crate) skill: Option<f64>,
    pub(crate) relative_bias: Option<f64>,
    pub(crate) coverage: Option<f64>,
}

/// The control limits of a metric; the page says no upper one.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct WatchedLimits {
    pub(crate) metric: String,
    pub(crate) center: f64,
    pub(crate) lower: f64,
}

/// A metric outside of its control limits.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct WatchedAlarm {
    pub(crate) metric: String,
    pub(crate) observed: f64,
    pub(crate) center: f64,
}

/// One input of the model over the last day.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct WatchedInput {
    pub(crate) input: String,
    pub(crate) samples: u64,
    pub(crate) missing_share: f64,
    pub(crate) psi: Option<f64>,
    pub(crate) psi_threshold: Option<f64>,
    pub(crate) warning: Option<String>,
}

/// A week, calm but for its last day.
#[cfg(test)]
pub(crate) fn sample() -> Monitoring {
    let day = |index: i32| {
        let odd = f64::from(u8::from(index == 6));

        WatchedDay {
            from: crate::data_api::SAMPLE_TIME - chrono::TimeDelta::days(i64::from(7 - index)),
            rows: 960,
            mae: Some(0.9 + 0.05 * f64::from(index) + odd),
            last_week_mae: Some(1.5 + 0.1 * f64::from(index % 3)),
            skill: Some(0.35 - 0.5 * odd),
            relative_bias: Some(0.02 + 0.3 * odd),
            coverage: Some(0.82 - 0.15 * odd),
        }
    };

    let days: Vec<WatchedDay> = (0..7).map(day).collect();

    Monitoring {
        model_version: "2026-02-28-4f1c9a2e".to_owned(),
        last_counted_hour: crate::data_api::SAMPLE_TIME,
        window: days[6],
        days,
        control_limits: vec![WatchedLimits {
            metric: "coverage".to_owned(),
            center: 0.83,
            lower: 0.75,
        }],
        alarms: vec![WatchedAlarm {
            metric: "coverage".to_owned(),
            observed: 0.67,
            center: 0.83,
        }],
        inputs: vec![WatchedInput {
            input: "temperature".to_owned(),
            samples: 24,
            missing_share: 0.0,
            psi: Some(0.3),
            psi_threshold: Some(0.57),
            warning: Some("frozen".to_owned()),
        }],
    }
}
