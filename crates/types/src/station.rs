use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

#[cfg(test)]
mod tests;

/// A station's identifier, as its operator writes it: 1 to 64 visible characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
// Never grows: two machine words where a `String` has three, in every row of every table.
pub struct StationId(Box<str>);

/// A text that cannot identify a station.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is not a station identifier: 1 to 64 visible characters are expected")]
pub struct StationIdError(String);

impl StationId {
    /// The identifier as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for StationId {
    type Error = StationIdError;

    fn try_from(text: String) -> Result<Self, StationIdError> {
        let visible =
            !text.is_empty() && text.trim() == text && !text.chars().any(char::is_control);

        if visible && text.chars().count() <= 64 {
            Ok(Self(text.into_boxed_str()))
        } else {
            // Escaped and cut: the text of a stranger goes to a log.
            Err(StationIdError(text.escape_debug().take(80).collect()))
        }
    }
}

impl FromStr for StationId {
    type Err = StationIdError;

    fn from_str(text: &str) -> Result<Self, StationIdError> {
        text.to_owned().try_into()
    }
}

impl From<StationId> for String {
    fn from(id: StationId) -> Self {
        id.0.into()
    }
}

impl fmt::Display for StationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One bike station.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Station {
    /// The operator's identifier.
    pub station_id: StationId,
    /// The name a rider reads on the sign.
    pub name: String,
    /// The district it stands in, when known.
    pub district: Option<String>,
    /// WGS 84, degrees.
    pub latitude: f64,
    /// WGS 84, degrees.
    pub longitude: f64,
    /// Number of docks.
    pub capacity: u32,
}
