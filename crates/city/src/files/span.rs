use chrono::{DateTime, NaiveDate, Utc};

/// The span of time that the files tell.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub(super) from: DateTime<Utc>,
    /// Not included.
    pub(super) until: DateTime<Utc>,
    /// The weather archive ends the day before.
    pub(super) today: NaiveDate,
}
