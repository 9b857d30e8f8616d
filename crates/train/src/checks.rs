//! The tests that a data set passes before anything is learnt from it: a declared suite, run in
//! full, whose findings name the rule and the rows.

use anyhow::{Result, bail};
use filrouge_dataset::{ConditionTable, Dataset};
use serde::{Deserialize, Serialize};

mod rules;
#[cfg(test)]
mod tests;

/// What one rule found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Name of the rule.
    pub rule: String,
    /// Whether training goes on.
    pub severity: Severity,
    /// How many rows are concerned.
    pub rows: usize,
    /// The first of them, or the figure that was measured.
    pub example: String,
}

/// What a broken rule does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Training stops: learning from such rows would teach something false.
    Stop,
    /// Training goes on and the report says so.
    Warn,
}

/// A rule of the suite.
pub struct Rule {
    /// Its name, stable.
    pub name: &'static str,
    /// What it demands, in French, for reports.
    pub demand: &'static str,
    /// What happens when it is broken.
    pub severity: Severity,
    check: fn(&Dataset) -> Option<Broken>,
}

/// How a rule is broken.
struct Broken {
    rows: usize,
    example: String,
}

/// The suite, in the order in which it runs.
pub const SUITE: [Rule; 9] = [
    Rule {
        name: "volume",
        demand: "au moins mille lignes",
        severity: Severity::Warn,
        check: rules::volume,
    },
    Rule {
        name: "unicite",
        demand: "une seule ligne par station et par heure",
        severity: Severity::Stop,
        check: rules::uniqueness,
    },
    Rule {
        name: "departs_plausibles",
        demand: "moins de 100 000 départs par heure",
        severity: Severity::Stop,
        check: rules::departures,
    },
    Rule {
        name: "temperature_plausible",
        demand: "températures entre −60 et 60 °C",
        severity: Severity::Stop,
        check: rules::temperature,
    },
    Rule {
        name: "humidite_plausible",
        demand: "humidité entre 0 et 100 %",
        severity: Severity::Stop,
        check: rules::humidity,
    },
    Rule {
        name: "vent_plausible",
        demand: "vent entre 0 et 300 km/h",
        severity: Severity::Stop,
        check: rules::wind,
    },
    Rule {
        name: "pluie_plausible",
        demand: "pluie entre 0 et 300 mm par heure",
        severity: Severity::Stop,
        check: rules::precipitation,
    },
    Rule {
        name: "continuite",
        demand: "au plus un dixième d’heures manquantes par station",
        severity: Severity::Warn,
        check: rules::continuity,
    },
    Rule {
        name: "demande_variable",
        demand: "une demande qui varie",
        severity: Severity::Warn,
        check: rules::variation,
    },
];

/// Runs the whole suite on `dataset`.
pub fn check(dataset: &Dataset) -> Vec<Finding> {
    let broken = SUITE
        .iter()
        .filter_map(|rule| (rule.check)(dataset).map(|broken| (rule, broken)));
    let finding = |(rule, broken): (&Rule, Broken)| Finding {
        rule: rule.name.to_owned(),
        severity: rule.severity,
        rows: broken.rows,
        example: broken.example,
    };
    broken.map(finding).collect()
}

/// The warnings of the suite.
///
/// # Errors
/// The first rule that stops training, with the number of rows and the first of them.
pub(crate) fn require(dataset: &Dataset) -> Result<Vec<Finding>> {
    let findings = check(dataset);
    if let Some(stop) = findings
        .iter()
        .find(|finding| finding.severity == Severity::Stop)
    {
        bail!(
            "the data set breaks the rule `{}` on {} rows, the first being {}",
            stop.rule,
            stop.rows,
            stop.example
        );
    }
    Ok(findings)
}

/// How a reader finds row `row` again.
fn name_row(table: &ConditionTable, row: usize) -> String {
    format!(
        "station `{}` at {}",
        table.stations[table.station[row] as usize], table.hour[row]
    )
}
