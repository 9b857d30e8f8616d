//! Place where a page ended, as a text that clients hand back without reading it.

#[cfg(test)]
mod tests;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use filrouge_database::{EventPosition, FlowPosition, Position, RejectPosition};
use filrouge_types::{Hour, StationId};

/// A place in a list. Whatever a client changes in its text, the result is another place or
/// nothing.
pub(crate) trait Cursor: Sized {
    fn write(&self) -> String;
    fn read(text: &str) -> Option<Self>;
}

impl Cursor for StationId {
    fn write(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.as_str())
    }

    fn read(text: &str) -> Option<Self> {
        decode(text)?.try_into().ok()
    }
}

impl Cursor for Position {
    fn write(&self) -> String {
        URL_SAFE_NO_PAD.encode(format!(
            "{}/{}",
            self.hour.hours_since_epoch(),
            self.station_id
        ))
    }

    fn read(text: &str) -> Option<Self> {
        let decoded = decode(text)?;
        // An hour holds no slash: the first one ends it, whatever the identifier holds.
        let (hour, station_id) = decoded.split_once('/')?;
        let hour = Hour::from_hours_since_epoch(hour.parse().ok()?);
        Some(Self {
            hour,
            station_id: station_id.parse().ok()?,
        })
    }
}

impl Cursor for Hour {
    fn write(&self) -> String {
        self.hours_since_epoch().write()
    }

    fn read(text: &str) -> Option<Self> {
        i64::read(text).map(Self::from_hours_since_epoch)
    }
}

impl Cursor for i64 {
    fn write(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.to_string())
    }

    fn read(text: &str) -> Option<Self> {
        decode(text)?.parse().ok()
    }
}

impl Cursor for String {
    fn write(&self) -> String {
        URL_SAFE_NO_PAD.encode(self)
    }

    fn read(text: &str) -> Option<Self> {
        let text = decode(text)?;
        without_null(&text).filter(|text| !text.is_empty())?;
        Some(text)
    }
}

impl Cursor for EventPosition {
    fn write(&self) -> String {
        URL_SAFE_NO_PAD.encode(format!("{}/{}", self.0, self.1))
    }

    fn read(text: &str) -> Option<Self> {
        let decoded = decode(text)?;
        // As for hours: the number comes first.
        let (start, event_id) = decoded.split_once('/')?;
        Some((start.parse().ok()?, without_null(event_id)?.to_owned()))
    }
}

impl Cursor for FlowPosition {
    fn write(&self) -> String {
        // Identifiers hold no line break.
        URL_SAFE_NO_PAD.encode(format!(
            "{}\n{}\n{}",
            self.month, self.origin, self.destination
        ))
    }

    fn read(text: &str) -> Option<Self> {
        let decoded = decode(text)?;
        let mut parts = decoded.splitn(3, '\n');
        Some(Self {
            month: parts.next()?.parse().ok()?,
            origin: parts.next()?.parse().ok()?,
            destination: parts.next()?.parse().ok()?,
        })
    }
}

impl Cursor for RejectPosition {
    fn write(&self) -> String {
        let Self {
            hour,
            station_id,
            reject_id,
        } = self;
        let hour = hour.hours_since_epoch();
        URL_SAFE_NO_PAD.encode(format!("{hour}/{reject_id}/{station_id}"))
    }

    fn read(text: &str) -> Option<Self> {
        let decoded = decode(text)?;
        // As for hours: the numbers come first.
        let (hour, rest) = decoded.split_once('/')?;
        let (reject_id, station_id) = rest.split_once('/')?;

        Some(Self {
            hour: Hour::from_hours_since_epoch(hour.parse().ok()?),
            station_id: without_null(station_id)?.to_owned(),
            reject_id: reject_id.parse().ok()?,
        })
    }
}

fn decode(text: &str) -> Option<String> {
    String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}

/// PostgreSQL's texts cannot hold a null character.
fn without_null(text: &str) -> Option<&str> {
    (!text.contains('\0')).then_some(text)
}
