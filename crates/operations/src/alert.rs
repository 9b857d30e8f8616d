use serde::Deserialize;

/// A rule of alarm: the risk that it watches, its threshold, and the steps of whoever is called.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlertRule {
    /// Its name, unique.
    pub name: String,
    /// The measure, in PromQL.
    pub watches: String,
    /// The comparison and its threshold, such as `> 6 * 3600`.
    pub fires: String,
    /// Time for which the condition holds before the alarm rings; none when it rings at once.
    #[serde(rename = "for", default)]
    pub delay: Option<String>,
    /// Time for which it stays after the condition.
    #[serde(default)]
    pub keep_for: Option<String>,
    /// Whether somebody is called.
    #[serde(rename = "severity")]
    pub urgency: Urgency,
    /// Who is called, in French.
    pub called: String,
    /// The risk, in French.
    pub risk: String,
    /// The reason for this threshold and this delay, in French.
    pub why: String,
    /// The sentence that the person receives, with Prometheus's own placeholders.
    pub summary: String,
    /// The steps to take, in order, in French.
    pub steps: Vec<String>,
    /// The parts of the system whose stop this alarm tells.
    #[serde(default)]
    pub stops: Vec<Stop>,
}

/// How soon an alarm has to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// Somebody is called, by day and by night.
    Page,
    /// Somebody deals with it within the week.
    Ticket,
}

/// A part of the system that can stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stop {
    /// A service, or the loop that keeps the data up to date.
    Process,
    /// SQLite's file or the server of PostgreSQL.
    Database,
}

impl AlertRule {
    /// The whole condition, in PromQL.
    pub fn expression(&self) -> String {
        let Self { watches, fires, .. } = self;
        // An operator in the measure would bind with the threshold.
        match is_compound(watches) {
            true => format!("({watches}) {fires}"),
            false => format!("{watches} {fires}"),
        }
    }
}

impl Urgency {
    /// The label `severity` of the alarm.
    pub fn label(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Ticket => "ticket",
        }
    }
}

pub(crate) fn parse(text: &str) -> Result<Vec<AlertRule>, toml::de::Error> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Alerts {
        alert: Vec<AlertRule>,
    }

    Ok(toml::from_str::<Alerts>(text)?.alert)
}

fn is_compound(expression: &str) -> bool {
    [" or ", " and ", " unless ", " == "]
        .iter()
        .any(|operator| expression.contains(operator))
}
