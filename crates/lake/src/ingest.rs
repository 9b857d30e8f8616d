use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use serde::Serialize;

use crate::read::{Identity, ReadOptions, identify, read_trips};
use crate::store::{Entry, Ledger, Staging};
use crate::{FileReport, LakeError};

/// The result of an ingestion.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct IngestReport {
    /// The files now in the lake, in the order given.
    pub files: Vec<FileReport>,
    /// Files passed over because their very content was in the lake already.
    pub already_ingested: Vec<String>,
    /// Files that took the place of an earlier content of the same path.
    pub superseded: Vec<String>,
}

impl IngestReport {
    /// Rows read, over all files.
    pub fn read(&self) -> u64 {
        self.files.iter().map(|file| file.read).sum()
    }

    /// Rows that became trips, over all files.
    pub fn kept(&self) -> u64 {
        self.files.iter().map(|file| file.kept).sum()
    }

    /// Rows set aside, over all files.
    pub fn rejected(&self) -> u64 {
        self.files.iter().map(|file| file.rejected).sum()
    }
}

/// Files read at the same time: one a core of a small machine, so that memory stays small too.
const WORKERS: usize = 2;

/// Adds public trip histories to the lake, each file wholly or not at all.
///
/// A file counts as ingested once the ledger `ingested.json` has its hash: the same content again
/// is passed over, new content at the same path takes the place of the old (publishers add to the
/// file of the month), and a run killed at any moment and started again gives the same lake. The
/// small Parquet files of a month are joined once there are many.
///
/// # Errors
/// The first file that cannot be read or written; those already in the lake stay.
pub fn ingest(
    lake: &Path,
    files: &[PathBuf],
    options: ReadOptions,
) -> Result<IngestReport, LakeError> {
    let ledger = Mutex::new(Ledger::open(lake)?);
    let outcomes: Vec<Mutex<Option<Result<Ingestion, LakeError>>>> =
        files.iter().map(|_| Mutex::default()).collect();
    let next = AtomicUsize::new(0);

    thread::scope(|scope| {
        for _ in 0..WORKERS.min(files.len()) {
            scope.spawn(|| {
                while let Some(index) = take(&next, files.len()) {
                    let outcome = ingest_file(lake, &ledger, &files[index], options);
                    if outcome.is_err() {
                        // The other worker ends the file that it reads, then finds no more.
                        next.store(files.len(), Ordering::Relaxed);
                    }
                    *lock(&outcomes[index]) = Some(outcome);
                }
            });
        }
    });

    let mut report = IngestReport::default();

    for (outcome, path) in outcomes.into_iter().zip(files) {
        // A file without outcome comes after the one that failed.
        let Some(outcome) = outcome.into_inner().unwrap_or_else(PoisonError::into_inner) else {
            continue;
        };

        match outcome? {
            Ingestion::Added {
                files,
                replaces_another,
            } => {
                report.files.extend(files);
                report
                    .superseded
                    .extend(replaces_another.then(|| name(path)));
            }
            Ingestion::Known => report.already_ingested.push(name(path)),
        }
    }

    // Once for the whole list: joining after each file would write the same trips many times.
    lock(&ledger).compact()?;
    Ok(report)
}

enum Ingestion {
    Added {
        files: Vec<FileReport>,
        replaces_another: bool,
    },
    Known,
}

fn ingest_file(
    lake: &Path,
    ledger: &Mutex<Ledger>,
    path: &Path,
    options: ReadOptions,
) -> Result<Ingestion, LakeError> {
    let file = identify(path)?;
    if let Some(entry) = lock(ledger).get(&file.sha256) {
        return known(&file, entry, options);
    }

    // The lock is not held while reading: two files are read at the same time.
    let mut staging = Staging::new(lake, &file.sha256);
    let files = read_trips(&file, options, |frame| staging.write(frame))?;
    let sum = |count: fn(&FileReport) -> u64| files.iter().map(count).sum();

    let entry = Entry {
        place: file.place,
        time_zone: options.time_zone.name().to_owned(),
        read: sum(|report| report.read),
        kept: sum(|report| report.kept),
        rejected: sum(|report| report.rejected),
        source_files: files
            .iter()
            .map(|report| report.source_file.clone())
            .collect(),
        parts: staging.publish()?,
    };

    // The parts are in place before the ledger names them: killed in between, the next run removes
    // them.
    let replaces_another = lock(ledger).replace(file.sha256, entry)?.is_some();

    staging.close()?;
    Ok(Ingestion::Added {
        files,
        replaces_another,
    })
}

fn known(file: &Identity, entry: &Entry, options: ReadOptions) -> Result<Ingestion, LakeError> {
    let wanted = options.time_zone.name();
    if entry.time_zone == wanted {
        return Ok(Ingestion::Known);
    }

    // Passing over it would leave its trips hours away from the zone asked for.
    Err(LakeError::OtherTimeZone {
        path: file.path.display().to_string(),
        known: entry.time_zone.clone(),
        wanted: wanted.to_owned(),
    })
}

fn take(next: &AtomicUsize, end: usize) -> Option<usize> {
    Some(next.fetch_add(1, Ordering::Relaxed)).filter(|&index| index < end)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn name(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}
