use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A station's identifier, as its operator writes it: 1 to 64 visible characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_one_to_sixty_four_visible_characters() {
        for good in ["1042", "RIV-001", "Gare", &"x".repeat(64)] {
            assert_eq!(good.parse::<StationId>().unwrap().as_str(), good);
        }
        for bad in ["", " 12", "12\n", "a\tb", &"x".repeat(65)] {
            assert!(bad.parse::<StationId>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_bad_identifier_in_json_is_refused_with_its_text() {
        let error = serde_json::from_str::<StationId>("\"\"").unwrap_err();
        assert!(
            error.to_string().contains("is not a station identifier"),
            "{error}"
        );
    }
}
