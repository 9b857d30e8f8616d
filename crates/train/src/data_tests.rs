//! Tests that a data set passes before anything is learnt from it: a declared suite, run in full,
//! whose findings name the rule and the rows.

use anyhow::{Result, bail};
use filrouge_dataset::Dataset;
use serde::{Deserialize, Serialize};

mod checks;
#[cfg(test)]
mod tests;

use checks::Broken;

/// Rows that break one test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Name of the rule.
    pub rule: String,
    /// Stops training, or warns.
    pub severity: Severity,
    /// Number of rows concerned.
    pub rows: usize,
    /// The first of them, or the figure that was measured.
    pub example: String,
}

/// Effect of a broken test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Training stops: learning from such rows would teach something false.
    Stop,
    /// Training goes on and the report says so.
    Warn,
}

/// A test of the suite.
pub struct DataTest {
    /// Its name, stable.
    pub name: &'static str,
    /// The requirement, in French, for reports.
    pub requirement: &'static str,
    /// Effect of breaking it.
    pub severity: Severity,
    check: Check,
}

/// The suite, in the order in which it runs.
pub const SUITE: [DataTest; 9] = [
    warn("volume", "au moins mille lignes", checks::volume),
    stop(
        "unicite",
        "une seule ligne par station et par heure",
        checks::uniqueness,
    ),
    stop(
        "departs_plausibles",
        "moins de 100 000 départs par heure",
        checks::departures,
    ),
    stop(
        "temperature_plausible",
        "températures entre −60 et 60 °C",
        checks::temperature,
    ),
    stop(
        "humidite_plausible",
        "humidité entre 0 et 100 %",
        checks::humidity,
    ),
    stop("vent_plausible", "vent entre 0 et 300 km/h", checks::wind),
    stop(
        "pluie_plausible",
        "pluie entre 0 et 300 mm par heure",
        checks::precipitation,
    ),
    warn(
        "continuite",
        "au plus un dixième d’heures manquantes par station",
        checks::continuity,
    ),
    warn(
        "demande_variable",
        "une demande qui varie",
        checks::variation,
    ),
];

type Check = fn(&Dataset) -> Option<Broken>;

const fn stop(name: &'static str, requirement: &'static str, check: Check) -> DataTest {
    DataTest {
        name,
        requirement,
        severity: Severity::Stop,
        check,
    }
}

const fn warn(name: &'static str, requirement: &'static str, check: Check) -> DataTest {
    DataTest {
        severity: Severity::Warn,
        ..stop(name, requirement, check)
    }
}

/// Runs the whole suite on `dataset`.
pub fn check(dataset: &Dataset) -> Vec<Finding> {
    let finding = |test: &DataTest| {
        (test.check)(dataset).map(|Broken { rows, example }| Finding {
            rule: test.name.to_owned(),
            severity: test.severity,
            rows,
            example,
        })
    };

    SUITE.iter().filter_map(finding).collect()
}

/// The warnings of the suite.
///
/// # Errors
/// The first test that stops training, with the number of rows and the first of them.
pub(crate) fn require(dataset: &Dataset) -> Result<Vec<Finding>> {
    let findings = check(dataset);
    let is_stop = |finding: &&Finding| finding.severity == Severity::Stop;

    if let Some(stop) = findings.iter().find(is_stop) {
        bail!(
            "the data set breaks the rule `{}` on {} rows, the first being {}",
            stop.rule,
            stop.rows,
            stop.example
        );
    }

    Ok(findings)
}
