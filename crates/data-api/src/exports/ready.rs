//! The whole data set kept ready in Parquet, the export that every training asks for: it is read
//! and encoded when the rows have changed, not while a client waits.

#[cfg(test)]
mod tests;

use std::convert::Infallible;
use std::io;
use std::time::Duration;

use filrouge_database::{Database, HourFilter, Resource};
use tokio::runtime::Handle;

use super::{ExportRequest, Exports};
use crate::accept::Media;
use crate::revision::Revision;

impl Exports {
    /// Keeps the export ready for as long as it is polled. Rows that have stood for `quiet` are
    /// taken to stand: one import may follow another.
    pub(crate) async fn keep_ready(self, database: Database, quiet: Duration) -> Infallible {
        let mut last = None;

        loop {
            tokio::time::sleep(quiet).await;
            // Past the cache, whose value may be a tenth of a second old.
            let found = database.read_revision(Resource::StationHours).await;
            let found = found
                .inspect_err(|error| tracing::warn!(%error, "no revision to prepare an export of"))
                .ok();
            // Twice the same: the rows have stood since the last look.
            if let Some(number) = found.filter(|_| found == last) {
                let revision = Revision::new(number).written_as(Media::Parquet);

                self.prepare(
                    &database,
                    ExportRequest {
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
    async fn prepare(&self, database: &Database, request: ExportRequest) {
        if self.files.find(&request).is_some() {
            return;
        }
        let Some(export) = self.begin(database.clone(), request) else {
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
