use std::str::FromStr;

use chrono_tz::Tz;
use serde::{Deserialize, Deserializer};

/// Reads the name of a time zone, of the IANA list.
pub(crate) fn time_zone<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Tz, D::Error> {
    let name = String::deserialize(deserializer)?;
    Tz::from_str(&name).map_err(|_| {
        serde::de::Error::custom(format!("`{name}` is not a time zone of the IANA list"))
    })
}
