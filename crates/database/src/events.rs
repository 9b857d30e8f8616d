use chrono::{DateTime, Utc};

use crate::engine::{Access, Database, Transaction};
use crate::per_engine::{execute, fetch};
use crate::row::row;
use crate::{Resource, Result, stored};

/// Something that draws a crowd.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its identifier in the agenda.
    pub event_id: String,
    /// Its title on the agenda; none when the page gave none.
    pub title: Option<String>,
    /// Its place, as the agenda writes it.
    pub place: Option<String>,
    /// Its start, UTC.
    pub starts_at: DateTime<Utc>,
    /// Its end, UTC.
    pub ends_at: Option<DateTime<Utc>>,
    /// People expected.
    pub attendance: Option<u32>,
}

/// End of a page of events: start and identifier of its last one.
pub type EventPosition = (i64, String);

macro_rules! half {
    ($wanted:literal, $start:literal) => {
        concat!(
            "
            SELECT
                event_id,
                title,
                place,
                starts_at,
                ends_at,
                attendance
            FROM events
            WHERE ",
            $wanted,
            " AND (",
            $start,
            " > $3 OR (",
            $start,
            " = $3 AND event_id > $4))
            ORDER BY ",
            $start,
            ", event_id
            LIMIT $5"
        )
    };
}

/// A page of the events that begin from an instant on. Its parameters: the instant, the one before
/// which they begin, the start and the identifier after which the page begins, its length.
pub(crate) const BEGINNING_FROM: &str = half!("starts_at >= $1 AND starts_at < $2", "starts_at");

/// A page of the events that are not over at an instant; its parameters are the same.
///
/// They begin later, or began before and end later: each half has an index of its own. An event
/// without an end is over once it has begun. The sign before `starts_at` says that the index of the
/// ends is the one to use.
pub(crate) const NOT_OVER_AT: &str = concat!(
    "SELECT * FROM (SELECT * FROM (",
    half!("starts_at >= $1 AND starts_at < $2", "starts_at"),
    ") AS to_come UNION ALL SELECT * FROM (",
    half!(
        "ends_at >= $1 AND +starts_at < $1 AND +starts_at < $2",
        "+starts_at"
    ),
    ") AS under_way) AS page ORDER BY starts_at, event_id LIMIT $5"
);

impl Database {
    /// Events that are not over at `from` and begin before `to`, in order of (start, identifier).
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn events(
        &self,
        from: Option<DateTime<Utc>>,
        to: Option<DateTime<Utc>>,
        after: Option<&EventPosition>,
        limit: u32,
    ) -> Result<Vec<Event>> {
        let (start, event_id) =
            after.map_or((i64::MIN, ""), |(start, event_id)| (*start, event_id));

        let rows: Vec<EventRow> = fetch!(
            query_as,
            fetch_all,
            &self.pool,
            if from.is_some() {
                NOT_OVER_AT
            } else {
                BEGINNING_FROM
            },
            from.map_or(i64::MIN, |instant| instant.timestamp()),
            to.map_or(i64::MAX, |instant| instant.timestamp()),
            start,
            event_id,
            i64::from(limit)
        )?;

        rows.into_iter().map(EventRow::read).collect()
    }

    /// Adds the events, or corrects those that are known. The agenda forgets past events; this
    /// table does not.
    ///
    /// # Errors
    /// When an event ends before it begins or the database does not answer: nothing is then
    /// changed.
    pub async fn save_events(&self, events: &[Event], now: DateTime<Utc>) -> Result<()> {
        let mut transaction = self.begin(Access::Write).await?;
        for event in events {
            transaction.save_event(event).await?;
        }
        transaction.raise_revision(Resource::Events, now).await?;
        transaction.commit().await
    }
}

impl Transaction {
    async fn save_event(&mut self, event: &Event) -> Result<()> {
        const UPSERT: &str = "
            INSERT INTO events (
                event_id,
                title,
                place,
                starts_at,
                ends_at,
                attendance
            )
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (event_id) DO UPDATE SET
                title = excluded.title,
                place = excluded.place,
                starts_at = excluded.starts_at,
                ends_at = excluded.ends_at,
                attendance = excluded.attendance";

        execute!(
            self,
            UPSERT,
            &event.event_id,
            &event.title,
            &event.place,
            event.starts_at.timestamp(),
            event.ends_at.map(|instant| instant.timestamp()),
            event.attendance.map(i64::from)
        )?;

        Ok(())
    }
}

row! {
    struct EventRow {
        event_id: String,
        title: Option<String>,
        place: Option<String>,
        starts_at: i64,
        ends_at: Option<i64>,
        attendance: Option<i64>,
    }
}

impl EventRow {
    fn read(self) -> Result<Event> {
        Ok(Event {
            event_id: self.event_id,
            title: self.title,
            place: self.place,
            starts_at: stored::instant("starts_at", self.starts_at)?,
            ends_at: self
                .ends_at
                .map(|seconds| stored::instant("ends_at", seconds))
                .transpose()?,
            attendance: self
                .attendance
                .map(|people| stored::count("attendance", people))
                .transpose()?,
        })
    }
}
