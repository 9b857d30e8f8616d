//! Schemas that say exactly what is read, so that a request drawn from the document is one that the
//! service can read.

use serde::{Deserialize, Deserializer};
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};

/// Every hour that exists, and no other: months of 31, 30 and 28 days, then the leap days.
const HOUR: &str = "^20([0-9]{2}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)\
                    |02-(0[1-9]|1[0-9]|2[0-8]))|([02468][048]|[13579][26])-02-29)T([01][0-9]|2[0-3]):00:00Z$";

/// The start of an hour in a request.
pub(super) fn hour_text() -> Object {
    let hour = ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some(HOUR));
    let hour = hour.description(Some("Début de l’heure, ISO 8601, UTC."));
    hour.examples([serde_json::json!("2026-03-01T08:00:00Z")])
        .build()
}

/// 1 to 64 visible characters, no space at either end.
const STATION: &str =
    "^[^\\s\\x00-\\x1f\\x7f-\\x9f]([^\\x00-\\x1f\\x7f-\\x9f]{0,62}[^\\s\\x00-\\x1f\\x7f-\\x9f])?$";

/// A station's identifier in a request.
pub(super) fn station_text() -> Object {
    let station = ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some(STATION));
    let station = station
        .description(Some("Identifiant de la station."))
        .min_length(Some(1))
        .max_length(Some(64));
    station.examples([serde_json::json!("RIV-001")]).build()
}

/// A value that is left out when there is none: `null` is no way to say it.
pub(super) fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// A whole number, written `8` or `8.0`: JSON knows no difference.
pub(super) fn whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let number = f64::deserialize(deserializer)?;
    // Some languages write every number with a decimal point.
    if number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number) {
        return Ok(number as u32);
    }
    Err(serde::de::Error::custom(format!(
        "`{number}` is not a whole number from 0 on"
    )))
}
