use filrouge_types::Hour;

use super::instant::Hours;

/// One value of a file, Parquet or CSV; each column converts it for itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cell<'a> {
    Null,
    Flag(bool),
    Number(f64),
    Text(&'a str),
    /// Microseconds since 1970, UTC.
    Instant(i64),
}

/// A number, once read from a cell.
#[derive(Debug, PartialEq)]
pub(super) enum Read<T> {
    Value(T),
    Missing,
    /// A number that the column's meaning excludes.
    Impossible,
}

impl<'a> Cell<'a> {
    /// A field of a text file: empty and the usual words for nothing are null.
    pub(super) fn from_text(field: &'a str) -> Self {
        match field.trim() {
            // R, spreadsheets, JSON, SQL and Python, in this order.
            "" | "NA" | "N/A" | "null" | "NULL" | "None" => Self::Null,
            text => Self::Text(text),
        }
    }

    pub(super) fn number(self) -> Result<Option<f64>, String> {
        match self {
            Self::Null => Ok(None),
            Self::Flag(flag) => Ok(Some(f64::from(u8::from(flag)))),
            Self::Number(number) => Ok(Some(number)),
            Self::Text(text) => text
                .parse()
                .map(Some)
                .map_err(|_| format!("`{text}` is not a number")),
            Self::Instant(_) => Err("a date is not a number".to_owned()),
        }
    }

    /// A number within `low..=high`; outside, or not finite, it is impossible.
    pub(super) fn float(self, low: f64, high: f64) -> Result<Read<f32>, String> {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "features are 32-bit: the nearest one is wanted"
        )]
        Ok(match self.number()? {
            None => Read::Missing,
            Some(number) if number.is_nan() => Read::Missing,
            Some(number) if (low..=high).contains(&number) => Read::Value(number as f32),
            Some(_) => Read::Impossible,
        })
    }

    /// A whole number within `0..=high`.
    pub(super) fn whole(self, high: u32) -> Result<Read<u32>, String> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "checked by the guard"
        )]
        Ok(match self.number()? {
            None => Read::Missing,
            Some(number) if number.is_nan() => Read::Missing,
            Some(number) if number.fract() == 0.0 && (0.0..=f64::from(high)).contains(&number) => {
                Read::Value(number as u32)
            }
            Some(_) => Read::Impossible,
        })
    }

    pub(super) fn flag(self) -> Result<Option<bool>, String> {
        match self {
            // Python writes True, JSON and Spark true, spreadsheets TRUE.
            Self::Text(text) if text.eq_ignore_ascii_case("true") => return Ok(Some(true)),
            Self::Text(text) if text.eq_ignore_ascii_case("false") => return Ok(Some(false)),
            _ => {}
        }

        match self.number() {
            Ok(None) => Ok(None),
            Ok(Some(number)) if number.is_nan() => Ok(None),
            Ok(Some(0.0)) => Ok(Some(false)),
            Ok(Some(1.0)) => Ok(Some(true)),
            _ => Err(format!(
                "{self} is not a boolean: true, false, 1 or 0 is expected"
            )),
        }
    }

    /// The count of departures: required, so that nothing but a whole number will do.
    pub(super) fn departures(self) -> Result<u32, String> {
        match self.whole(u32::MAX)? {
            Read::Value(count) => Ok(count),
            Read::Missing => Err("a value is missing".to_owned()),
            Read::Impossible => Err(format!(
                "{self} is not a whole number of departures, 0 or more"
            )),
        }
    }

    pub(super) fn hour(self, hours: &mut Hours) -> Result<Hour, String> {
        match self {
            Self::Instant(microseconds) => Hours::read_microseconds(microseconds),
            Self::Text(text) => hours.read(text),
            Self::Null => Err("a value is missing".to_owned()),
            other => Err(format!(
                "{other} is not an instant such as 2026-03-01T08:00:00Z"
            )),
        }
    }
}

impl std::fmt::Display for Cell<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Null => f.write_str("a missing value"),
            Self::Flag(flag) => write!(f, "`{flag}`"),
            Self::Number(number) => write!(f, "`{number}`"),
            Self::Text(text) => write!(f, "`{}`", text.escape_debug().take(80).collect::<String>()),
            Self::Instant(microseconds) => write!(f, "`{microseconds} µs`"),
        }
    }
}
