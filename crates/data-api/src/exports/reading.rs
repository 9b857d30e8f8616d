//! The rows of an export, read in batches.

use std::io;

use filrouge_database::{Database, HourFilter, Position};
use filrouge_types::StationHour;
use tokio::runtime::Handle;
use tokio::sync::mpsc;

/// Rows read and written at a time: some 4 MB.
const BATCH: u32 = 32_768;
/// Batches that wait for a slower side.
const WAITING: usize = 2;

/// Batches read one after the other, while the last ones are used.
pub(super) struct Batches {
    receiver: mpsc::Receiver<io::Result<Batch>>,
    is_over: bool,
}

impl Batches {
    /// Starts to read.
    pub(super) fn read(runtime: &Handle, database: Database, filter: HourFilter) -> Self {
        let (batches, receiver) = mpsc::channel(WAITING);
        runtime.spawn(read(database, filter, batches));
        Self {
            receiver,
            is_over: false,
        }
    }

    /// A reading that is broken off after its first batch.
    #[cfg(test)]
    pub(super) fn broken_off() -> Self {
        let (batches, receiver) = mpsc::channel(WAITING);
        let batch = Batch {
            rows: Vec::new(),
            is_last: false,
        };
        assert!(batches.try_send(Ok(batch)).is_ok());
        Self {
            receiver,
            is_over: false,
        }
    }
}

impl Iterator for Batches {
    type Item = io::Result<Vec<StationHour>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let batch = self.receiver.blocking_recv();
        let batch =
            batch.unwrap_or_else(|| Err(io::Error::other("the rows stopped before their end")));
        self.is_over = batch.as_ref().map_or(true, |batch| batch.is_last);
        Some(batch.map(|batch| batch.rows))
    }
}

/// Rows in their order. The last batch says so: a reading that is broken off, by a fault or by the
/// end of the program, must not look like one that has come to its end.
struct Batch {
    rows: Vec<StationHour>,
    is_last: bool,
}

async fn read(database: Database, filter: HourFilter, batches: mpsc::Sender<io::Result<Batch>>) {
    let mut after: Option<Position> = None;

    loop {
        let rows = database
            .in_time(async |database| database.station_hours(&filter, after.as_ref(), BATCH).await)
            .await;

        let batch = rows
            .map(|rows| Batch {
                is_last: rows.len() < BATCH as usize,
                rows,
            })
            .map_err(io::Error::other);

        let last = batch
            .as_ref()
            .ok()
            .and_then(|batch| batch.rows.last())
            .map(|row| Position::of(&row.conditions));
        let is_last = batch.as_ref().map_or(true, |batch| batch.is_last);

        // Nobody reads any more once the client has gone.
        if batches.send(batch).await.is_err() || is_last {
            return;
        }
        after = last;
    }
}
