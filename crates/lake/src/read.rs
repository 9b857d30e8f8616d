mod columns;
mod file;
mod instant;
mod records;
mod trips;

pub(crate) use file::{Identity, identify, read_trips};
pub(crate) use trips::empty_trips;

/// Settings of the reading of files of trips.
#[derive(Debug, Clone, Copy)]
pub struct ReadOptions {
    /// Zone of the dates that bear no offset. Older public histories are in local time. An hour
    /// that occurs twice is taken as the first; an hour that does not occur is moved forward.
    pub time_zone: chrono_tz::Tz,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            time_zone: chrono_tz::UTC,
        }
    }
}
