//! Data files: the trips of the month as the operator publishes them, the municipal counters.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use chrono_tz::Tz;
use filrouge_bounded::Allowance;
use filrouge_lake::{FileReport, ReadOptions, convert};
use filrouge_storage::write_atomically;
use futures::FutureExt;
use futures::future::BoxFuture;
use serde::Deserialize;
use tokio::task::spawn_blocking;
use url::Url;

use super::{FetchContext, Source};
use crate::kind::SourceKind;
use crate::output::Output;
use crate::time_zone::time_zone;

mod archive;
mod counters;
mod dialect;

use counters::Columns;

/// The section `[file]` of a profile.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FileSource {
    trips: Option<Trips>,
    counters: Option<Counters>,
}

/// The section `[file.trips]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Trips {
    /// A folder, a file or an address.
    address: String,
    /// Number of files to take from a folder, the last by name.
    #[serde(default = "one")]
    newest: usize,
    /// Zone of the instants without an offset.
    #[serde(deserialize_with = "time_zone")]
    time_zone: Tz,
}

/// The section `[file.counters]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Counters {
    /// A folder, a file or an address.
    address: String,
    /// Number of files to take from a folder, the last by name.
    #[serde(default = "all")]
    newest: usize,
    columns: Columns,
}

/// A file that is published, not received yet.
struct Published {
    name: String,
    address: String,
    place: Place,
}

enum Place {
    Path(PathBuf),
    Url(Url),
}

impl Source for FileSource {
    fn kind(&self) -> SourceKind {
        SourceKind::File
    }

    fn address(&self) -> String {
        let trips = self.trips.as_ref().map(|trips| trips.address.as_str());
        let counters = self
            .counters
            .as_ref()
            .map(|counters| counters.address.as_str());
        [trips, counters]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn fetch<'a>(
        &'a self,
        context: &'a FetchContext,
        output: &'a mut Output<'_>,
    ) -> BoxFuture<'a, Result<()>> {
        async move {
            if let Some(trips) = &self.trips {
                trips.fetch(context, output).await?;
            }
            match &self.counters {
                Some(counters) => counters.fetch(context, output).await,
                None => Ok(()),
            }
        }
        .boxed()
    }
}

impl Trips {
    /// Copies the files as received, then has the lake's reader make one canonical table of them.
    async fn fetch(&self, context: &FetchContext, output: &mut Output<'_>) -> Result<()> {
        let mut paths = Vec::new();

        for published in published(&self.address, self.newest)? {
            let name = format!("trips/{}", published.name);
            published.receive(&name, context, output).await?;
            paths.push(output.path(&name)?);
        }

        let (target, options) = (
            output.path("trips.parquet")?,
            ReadOptions {
                time_zone: self.time_zone,
            },
        );

        let converted = spawn_blocking(move || convert(&paths, &target, options));
        let converted = converted.await.context("the reading of trips stopped")??;

        converted
            .files
            .iter()
            .for_each(|report| describe(report, output));
        output.adopt("trips.parquet")?;
        output.count_rows(converted.rows as usize);

        Ok(())
    }
}

/// Writes in the manifest the way a file of trips was read, and the records that its reader
/// rejected.
fn describe(report: &FileReport, output: &mut Output<'_>) {
    let name = &report.source_file;
    let file = output
        .files
        .iter_mut()
        .find(|file| file.path.ends_with(&format!("/{name}")));
    if let Some(file) = file {
        file.rows = Some(report.read);
        file.columns.clone_from(&report.columns);
        let separator = if report.separator == '\t' {
            "tab".to_owned()
        } else {
            report.separator.to_string()
        };

        file.decisions = vec![
            format!("encoding: {}", report.encoding),
            format!("separator: {separator}"),
            format!("dates: {}", report.date_formats.join(", ")),
        ];
    }

    if report.rejected > 0 {
        output.note(format!(
            "{name}: {} of {} rows are not rows of its table",
            report.rejected, report.read
        ));
    }

    if !report.personal_columns.is_empty() {
        output.note(format!(
            "{name}: columns about people are left out: {}",
            report.personal_columns.join(", ")
        ));
    }
}

impl Counters {
    async fn fetch(&self, context: &FetchContext, output: &mut Output<'_>) -> Result<()> {
        let mut counts = output.records("counters.jsonl")?;

        for published in published(&self.address, self.newest)? {
            let limit = context.fetcher.maximum_bytes();
            let name = format!("counters/{}", published.name);
            published.receive(&name, context, output).await?;
            let path = output.path(&name)?;

            let table = archive::open(&path, limit).and_then(|(mut content, compression)| {
                let sink = |count| counts.push(&count);
                Ok((
                    counters::read(&mut content, &self.columns, sink)?,
                    compression,
                ))
            });
            let (table, compression) =
                table.with_context(|| format!("cannot read {}", published.address))?;

            let decisions = compression.into_iter().chain(table.decisions).collect();
            output.describe_last(table.rows, table.columns, decisions);
            table
                .notes
                .into_iter()
                .for_each(|note| output.note(format!("{}: {note}", published.name)));
        }

        output.finish(counts)
    }
}

impl Published {
    /// Writes the file as `name`, as it is published: it may be larger than memory.
    async fn receive(
        &self,
        name: &str,
        context: &FetchContext,
        output: &mut Output<'_>,
    ) -> Result<()> {
        let target = output.path(name)?;

        match &self.place {
            Place::Url(url) => context.fetcher.download(url, &target).await?,
            Place::Path(path) => {
                let limit = context.fetcher.maximum_bytes();
                copy(path, &target, limit)
                    .with_context(|| format!("cannot read {}", path.display()))?;
            }
        }

        output.adopt(name)?.address = Some(self.address.clone());
        Ok(())
    }
}

fn copy(from: &Path, to: &Path, limit: u64) -> Result<()> {
    let mut file = File::open(from)?;
    let length = file.metadata()?.len();
    ensure!(length <= limit, "it is larger than {limit} bytes");

    write_atomically(to, |target| {
        // Anything but a regular file has no length.
        std::io::copy(&mut Allowance::of(limit).reader(&mut file), target)
    })?;
    Ok(())
}

/// The files at `address`: all those of a folder, or one.
fn published(address: &str, newest: usize) -> Result<Vec<Published>> {
    if address.starts_with("http://") || address.starts_with("https://") {
        let url: Url = address
            .parse()
            .with_context(|| format!("`{address}` is not an address"))?;

        return Ok(vec![Published {
            name: name_of(&url),
            address: address.to_owned(),
            place: Place::Url(url),
        }]);
    }

    let file = |path: PathBuf| Published {
        name: path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        address: path.display().to_string(),
        place: Place::Path(path),
    };
    Ok(files(address, newest)?.into_iter().map(file).collect())
}

/// The last segment of an address, as a file name.
fn name_of(url: &Url) -> String {
    let last = url
        .path_segments()
        .and_then(|mut segments| segments.next_back())
        .unwrap_or_default();
    // A name from the network must not leave the folder, nor hide in it.
    let name: String = last
        .chars()
        .filter(|sign| sign.is_ascii_alphanumeric() || "-_.".contains(*sign))
        .collect();

    if name.trim_matches('.').is_empty() {
        "download".to_owned()
    } else {
        name
    }
}

/// The data files of the folder `address`, in the order of their names, or `address` itself.
fn files(address: &str, newest: usize) -> Result<Vec<PathBuf>> {
    let path = PathBuf::from(address);
    if !path.is_dir() {
        return Ok(vec![path]);
    }

    let entries =
        fs::read_dir(&path).with_context(|| format!("cannot read the folder {address}"))?;
    let mut files = Vec::new();

    for entry in entries {
        let path = entry
            .with_context(|| format!("cannot read the folder {address}"))?
            .path();
        let name = path.to_string_lossy().to_lowercase();
        let is_data = [".csv", ".csv.gz", ".zip"]
            .iter()
            .any(|end| name.ends_with(end));

        if is_data && path.is_file() {
            files.push(path);
        }
    }

    ensure!(
        !files.is_empty(),
        "the folder {address} holds no .csv, .csv.gz or .zip file"
    );
    // Publishers name by year and month: the last by name is the last by date.
    files.sort();

    Ok(files.split_off(files.len().saturating_sub(newest)))
}

const fn one() -> usize {
    1
}

const fn all() -> usize {
    usize::MAX
}
