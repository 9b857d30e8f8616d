#![doc = include_str!("../README.md")]

mod alert;
mod burn_rate;
mod dashboard;
mod duration;
mod objective;
mod page;
mod rules;

pub use alert::{AlertRule, Urgency};
pub use dashboard::dashboard;
pub use duration::seconds;
pub use objective::{Indicator, Objective};
pub use page::page;
pub use rules::alert_rules;

/// The declarations cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("data/operations/{file}: {source}")]
pub struct DeclarationError {
    file: &'static str,
    source: toml::de::Error,
}

/// Every alarm: those of `data/operations/alerts.toml`, then those of the error budgets.
///
/// # Errors
/// When the file is not a list of alarms.
pub fn alerts() -> Result<Vec<AlertRule>, DeclarationError> {
    let text = include_str!("../../../data/operations/alerts.toml");
    let mut alerts = alert::parse(text).map_err(|source| DeclarationError {
        file: "alerts.toml",
        source,
    })?;

    alerts.extend(burn_rate::alerts());
    Ok(alerts)
}

/// The objectives of service of `data/operations/slo.toml`.
///
/// # Errors
/// When the file is not a list of objectives.
pub fn objectives() -> Result<Vec<Objective>, DeclarationError> {
    let text = include_str!("../../../data/operations/slo.toml");
    objective::parse(text).map_err(|source| DeclarationError {
        file: "slo.toml",
        source,
    })
}

/// The alarms whose expression names a metric.
pub fn watching<'a>(alerts: &'a [AlertRule], metric: &str) -> Vec<&'a AlertRule> {
    let is_of_a_name = |letter: char| letter.is_ascii_alphanumeric() || "_:".contains(letter);
    // A histogram is read by its parts.
    let names = ["", "_bucket", "_count", "_sum"].map(|part| format!("{metric}{part}"));

    let names_it = |alert: &&AlertRule| {
        let mut words = alert.watches.split(|letter| !is_of_a_name(letter));
        words.any(|word| names.iter().any(|name| name == word))
    };
    alerts.iter().filter(names_it).collect()
}
