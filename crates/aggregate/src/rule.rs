//! A cleaning rule: one text for its fault, its reason and its action.

use filrouge_types::Hour;
use serde::Serialize;

use crate::source::weather::WeatherHour;
use crate::trip::{PublishedTrip, Trip};

/// Fate of the rows that a rule finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// The row is set aside.
    Rejected,
    /// The row is kept, with the value that was meant.
    Repaired,
    /// The row is kept, and told of.
    Reported,
}

/// One rule of cleaning. Its [`Check`] is all that runs: on the fast path, in the batches of
/// suspect trips and when one hour is traced back.
#[derive(Debug, Clone, Copy)]
pub struct CleaningRule {
    /// `R01`: stable, never given to another rule.
    pub code: &'static str,
    /// The fault in one word: `duplicate_trip`.
    pub name: &'static str,
    /// The fault and the action, in French, for the documentation and the reports.
    pub reason: &'static str,
    pub(crate) check: Check,
}

/// The function that finds a fault. Its kind tells the input of the rule, and its action.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Check {
    /// Sets aside a trip that is at fault by itself; gives the detail to tell.
    Trip(fn(&Trip) -> Option<String>),
    /// Sets aside a trip that an earlier one equals. The trips that are compared share their
    /// [copy key](Trip::copy_key); these fields, if any, must be equal too.
    Copies(ComparedFields),
    /// Gives the name of the start station as it was meant. It depends on nothing but the name,
    /// which is therefore judged once and not once a trip.
    Name(fn(&str) -> Option<String>),
    /// Repairs hours of the weather archive; gives the detail to tell of each.
    RepairWeather(fn(&mut [WeatherHour]) -> Vec<(Hour, String)>),
    /// Fills hours of the weather archive as well as can be; gives the detail to tell of each.
    ReportWeather(fn(&mut [WeatherHour]) -> Vec<(Hour, String)>),
}

/// The fields of a trip that its copies must have too, besides its copy key.
pub(crate) type ComparedFields =
    for<'t, 'a> fn(&'t PublishedTrip<'a>) -> Option<&'t PublishedTrip<'a>>;

impl Action {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Rejected => "rejected",
            Self::Repaired => "repaired",
            Self::Reported => "reported",
        }
    }
}

impl CleaningRule {
    /// The fate of the rows that the rule finds.
    pub const fn action(&self) -> Action {
        match self.check {
            Check::Trip(_) | Check::Copies(_) => Action::Rejected,
            Check::Name(_) | Check::RepairWeather(_) => Action::Repaired,
            Check::ReportWeather(_) => Action::Reported,
        }
    }

    /// The fault of a trip that shows it by itself, as it is told.
    pub(crate) fn fault(&self, trip: &Trip) -> Option<String> {
        match self.check {
            Check::Trip(fault) => fault(trip),
            // Names wait for `meant`, copies for the deduplication buffer.
            Check::Name(_) | Check::Copies(_) => None,
            Check::RepairWeather(_) | Check::ReportWeather(_) => None,
        }
    }

    /// Judges the hours of the weather archive; gives the detail to tell of those that it finds.
    pub(crate) fn judge_weather(&self, hours: &mut [WeatherHour]) -> Vec<(Hour, String)> {
        match self.check {
            Check::RepairWeather(judge) | Check::ReportWeather(judge) => judge(hours),
            Check::Trip(_) | Check::Name(_) | Check::Copies(_) => Vec::new(),
        }
    }

    /// The name that was meant, when the rule repairs this one.
    pub(crate) fn meant(&self, name: &str) -> Option<String> {
        match self.check {
            Check::Name(meant) => meant(name),
            _ => None,
        }
    }
}

/// `name=value`, as details are written.
pub(crate) fn told(name: &str, value: impl std::fmt::Display) -> String {
    format!("{name}={value}")
}
