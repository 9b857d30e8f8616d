//! The rules of cleaning, in the order in which they are applied.

mod trips;
mod weather;

use std::collections::BTreeSet;

use filrouge_types::StationId;
use polars::prelude::{
    DataFrame, DataType, Expr, LazyFrame, NULL, PolarsResult, col, concat_str, lit,
};
use serde::Serialize;

pub(crate) use trips::{EARLIEST_START, LATEST_START, LONGEST_SECONDS};

/// What a rule does with what it finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// The row is set aside.
    Rejected,
    /// The row is kept, with the value that was meant.
    Repaired,
    /// The row is kept; what is known of it is told.
    Reported,
}

impl Action {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Rejected => "rejected",
            Self::Repaired => "repaired",
            Self::Reported => "reported",
        }
    }
}

/// One rule of cleaning: a function from a frame to a frame and what was found in it.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// `R01`: stable, never given to another rule.
    pub code: &'static str,
    /// `duplicate_trip`: what is wrong.
    pub name: &'static str,
    /// Why it is wrong and what is done, in French, for the documentation and the reports.
    pub reason: &'static str,
    /// What it does with what it finds.
    pub action: Action,
    pub(crate) judge: Judge,
}

/// How a rule finds what is at fault.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Judge {
    /// Sets aside each row that is at fault by itself, whatever the others are.
    Row(fn(&DataFrame, &Known) -> PolarsResult<Fault>),
    /// Looks at rows together, or repairs them.
    Frame(fn(LazyFrame, &Known) -> PolarsResult<Split>),
}

/// What makes a row be set aside.
pub(crate) struct Fault {
    /// Whether a row is at fault; null is no.
    pub(crate) holds: Expr,
    /// What is told of it.
    pub(crate) detail: Expr,
}

/// All rules, in the order in which they are applied: a row is set aside by the first that finds it
/// at fault.
pub fn rules() -> Vec<Rule> {
    [TRIP_RULES.as_slice(), &WEATHER_RULES].concat()
}

/// What rules know besides the frame.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// The stations that some source names; `None` when no source does, and any station is then
    /// accepted.
    stations: Option<BTreeSet<String>>,
}

impl Known {
    pub(crate) fn of_stations<'a>(stations: impl Iterator<Item = &'a str>) -> Self {
        Self {
            stations: Some(stations.map(str::to_owned).collect()),
        }
    }

    /// Whether trips may start at the station that bears this identifier.
    pub(crate) fn accepts(&self, id: &str) -> bool {
        match &self.stations {
            Some(stations) => stations.contains(id),
            None => id.parse::<StationId>().is_ok(),
        }
    }
}

/// What a rule makes of a frame.
pub(crate) struct Split {
    /// The rows that go on, repaired or not.
    pub(crate) frame: LazyFrame,
    /// One row for each that was found, with the columns [`FOUND_COLUMNS`].
    pub(crate) found: LazyFrame,
}

/// What is told of a row that a rule found.
pub(crate) const FOUND_COLUMNS: [&str; 5] =
    ["source", "source_file", "source_line", "hour", "detail"];

impl Split {
    fn nothing_found(frame: LazyFrame) -> PolarsResult<Self> {
        let found = found_trips(frame.clone().limit(0), lit(""));
        Ok(Self { frame, found })
    }
}

pub(crate) fn found_trips(frame: LazyFrame, detail: Expr) -> LazyFrame {
    let hour = lit(NULL).cast(crate::trips::instant_type()).alias("hour");
    frame.select([
        col("source"),
        col("source_file"),
        col("source_line"),
        hour,
        detail.cast(DataType::String).alias("detail"),
    ])
}

/// `name=value`, as details are written.
fn told(name: &str, value: Expr) -> Expr {
    concat_str(
        [
            lit(format!("{name}=")),
            value.cast(DataType::String).fill_null(lit("")),
        ],
        "",
        false,
    )
}

/// The rules that judge trips: first what one row alone shows, then what takes its neighbours, last
/// the repairs.
pub(crate) const TRIP_RULES: [Rule; 7] = [
    UNREADABLE_INSTANT,
    MISSING_STATION,
    UNKNOWN_STATION,
    NEGATIVE_DURATION,
    EXCESSIVE_DURATION,
    DUPLICATE_TRIP,
    WRONG_ENCODING,
];

/// The rules that judge the hours of the weather archive.
pub(crate) const WEATHER_RULES: [Rule; 2] = [KELVIN_TEMPERATURE, MISSING_HOUR];

pub(crate) const UNREADABLE_INSTANT: Rule = Rule {
    code: "R06",
    name: "unreadable_instant",
    reason: "Le début du trajet n'est pas une date, ou tombe hors des années 1990 à 2099 : le trajet n'appartient à \
             aucune heure. La ligne est écartée.",
    action: Action::Rejected,
    judge: Judge::Row(trips::unreadable_instant),
};

const MISSING_STATION: Rule = Rule {
    code: "R05",
    name: "missing_station",
    reason: "La station de départ n'est pas donnée : le trajet n'appartient à aucune station. La ligne est écartée.",
    action: Action::Rejected,
    judge: Judge::Row(trips::missing_station),
};

pub(crate) const UNKNOWN_STATION: Rule = Rule {
    code: "R04",
    name: "unknown_station",
    reason: "La station de départ n'est connue ni du service web ni de l'opérateur, ou son identifiant n'en est pas \
             un. Sans aucune source de stations, toute station d'où part un trajet est connue. La ligne est écartée.",
    action: Action::Rejected,
    judge: Judge::Row(trips::unknown_station),
};

const NEGATIVE_DURATION: Rule = Rule {
    code: "R02",
    name: "negative_duration",
    reason: "Le trajet finit avant d'avoir commencé : instants inversés, ou fin écrite en heure locale la nuit du \
             passage à l'heure d'hiver. Aucun des deux instants n'est sûr. La ligne est écartée.",
    action: Action::Rejected,
    judge: Judge::Row(trips::negative_duration),
};

const EXCESSIVE_DURATION: Rule = Rule {
    code: "R03",
    name: "excessive_duration",
    reason: "Le trajet dure plus de 24 heures : vélo perdu, volé ou mal raccroché, ce n'est pas un usage. La ligne \
             est écartée.",
    action: Action::Rejected,
    judge: Judge::Row(trips::excessive_duration),
};

const DUPLICATE_TRIP: Rule = Rule {
    code: "R01",
    name: "duplicate_trip",
    reason: "Le trajet a déjà été lu : même identifiant, même début et même station ou, sans identifiant, tous les \
             champs publiés égaux. La première ligne (par nom de fichier, puis par numéro de ligne) est gardée, les \
             suivantes sont écartées.",
    action: Action::Rejected,
    judge: Judge::Frame(trips::duplicate_trip),
};

const WRONG_ENCODING: Rule = Rule {
    code: "R07",
    name: "wrong_encoding",
    reason: "Le nom de la station de départ est de l'UTF-8 lu comme du Windows-1252 (« RÃ©publique »). Le nom voulu \
             est retrouvé sans perte. La ligne est réparée.",
    action: Action::Repaired,
    judge: Judge::Frame(trips::wrong_encoding),
};

const KELVIN_TEMPERATURE: Rule = Rule {
    code: "R20",
    name: "kelvin_temperature",
    reason: "La température dépasse 150 : elle est en kelvins. Température et température ressentie de l'heure sont \
             ramenées en degrés Celsius. L'heure est réparée.",
    action: Action::Repaired,
    judge: Judge::Frame(weather::kelvin_temperature),
};

const MISSING_HOUR: Rule = Rule {
    code: "R21",
    name: "missing_hour",
    reason: "L'archive ne donne aucune valeur pour l'heure. Les valeurs de la prévision couvrant le passé sont prises \
             si elles existent ; sinon un trou de trois heures au plus est interpolé entre ses bords, et un trou plus \
             long reste sans valeur. L'heure est signalée.",
    action: Action::Reported,
    judge: Judge::Frame(weather::missing_hour),
};

/// What goes on and what is found, when one rule alone judges a frame.
#[cfg(test)]
pub(crate) fn apply(code: &str, frame: DataFrame, known: &Known) -> (DataFrame, DataFrame) {
    let rule: Vec<Rule> = rules()
        .into_iter()
        .filter(|rule| rule.code == code)
        .collect();
    let mut ledger = crate::ledger::Ledger::default();
    let kept = crate::clean::clean(frame, &rule, known, &mut ledger).unwrap();
    (kept, ledger.rejects().unwrap())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_names_are_given_once_and_each_rule_has_a_reason() {
        let codes: BTreeSet<_> = rules().iter().map(|rule| rule.code).collect();
        let names: BTreeSet<_> = rules().iter().map(|rule| rule.name).collect();
        assert_eq!((codes.len(), names.len()), (9, 9));
        assert!(
            rules()
                .iter()
                .all(|rule| rule.reason.ends_with('.') && rule.reason.len() > 40)
        );
    }
}
