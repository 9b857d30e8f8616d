//! The whole data set kept ready in Parquet, the export that every training asks for: it is read
//! and encoded when the rows have changed, not while a client waits.

use std::convert::Infallible;
use std::io;
use std::time::Duration;

use filrouge_database::{Database, HourFilter, Resource};
use tokio::runtime::Handle;

use super::{Exports, Subject};
use crate::accept::Media;
use crate::revision::Revision;

impl Exports {
    /// Keeps the export ready for as long as it is polled. Rows that have stood for `quiet` are
    /// taken to stand: an import changes them many times in a row.
    pub(crate) async fn keep_ready(self, database: Database, quiet: Duration) -> Infallible {
        let mut last = None;

        loop {
            tokio::time::sleep(quiet).await;
            let found = database.read_revision(Resource::StationHours).await;
            let found = found
                .inspect_err(|error| tracing::warn!(%error, "no revision to prepare an export of"))
                .ok();
            if let Some(number) = found.filter(|_| found == last) {
                let revision = Revision::new(number).written_as(Media::Parquet);

                self.prepare(
                    &database,
                    Subject {
                        filter: HourFilter::default(),
                        revision,
                    },
                )
                .await;
            }

            last = found;
        }
    }

    /// Exports for nobody, unless it is done already or other exports have all the places.
    async fn prepare(&self, database: &Database, subject: Subject) {
        if self.files.find(&subject).is_some() {
            return;
        }
        let Some(export) = self.of(database.clone(), subject) else {
            return;
        };
        let runtime = Handle::current();
        let written =
            tokio::task::spawn_blocking(move || export.write(&runtime, &mut io::sink())).await;
        if let Err(error) = written.unwrap_or_else(|error| Err(io::Error::other(error))) {
            tracing::warn!(%error, "the export could not be prepared");
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use filrouge_database::Begun;

    use super::*;

    const QUIET: Duration = Duration::from_millis(5);

    /// The revision after the import of one row.
    async fn revision_after_import(database: &Database, digit: &str, departures: u32) -> i64 {
        let row = serde_json::json!({"station_id": "A", "hour": "2026-03-01T00:00:00Z", "departures": departures});
        let begun = database
            .begin_import(&digit.repeat(64), DateTime::UNIX_EPOCH)
            .await
            .unwrap();
        let Begun::Awaiting(mut importer) = begun else {
            panic!("this data set was imported before")
        };

        importer
            .add(vec![serde_json::from_value(row).unwrap()])
            .await
            .unwrap();
        importer.finish(DateTime::UNIX_EPOCH).await.unwrap();

        database
            .read_revision(Resource::StationHours)
            .await
            .unwrap()
    }

    async fn wait_until_ready(exports: &Exports, number: i64) {
        let revision = Revision::new(number).written_as(Media::Parquet);
        let subject = Subject {
            filter: HourFilter::default(),
            revision,
        };
        while exports.files.find(&subject).is_none() {
            tokio::time::sleep(QUIET).await;
        }
    }

    #[tokio::test]
    async fn the_export_is_ready_before_anyone_asks_each_time_the_rows_have_changed() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open_file(&folder.path().join("test.sqlite"))
            .await
            .unwrap();
        let station = serde_json::json!({"station_id": "A", "name": "A", "latitude": 0, "longitude": 0, "capacity": 1});

        database
            .save_stations(
                &[serde_json::from_value(station).unwrap()],
                DateTime::UNIX_EPOCH,
            )
            .await
            .unwrap();

        let exports = Exports::new(1);
        let keeper = tokio::spawn(exports.clone().keep_ready(database.clone(), QUIET));
        let mut last = 0;

        for (departures, digit) in ["a", "b"].into_iter().enumerate() {
            let revision = revision_after_import(&database, digit, departures as u32).await;
            assert!(revision > last);

            tokio::time::timeout(
                Duration::from_secs(60),
                wait_until_ready(&exports, revision),
            )
            .await
            .unwrap();

            last = revision;
        }

        keeper.abort();
    }
}
