//! What the city publishes as files.

use std::num::NonZero;
use std::path::Path;

use anyhow::{Context, Result};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use filrouge_types::{Clock, Hour};

use crate::city::{City, published_until};
use crate::defects::{Defect, WEATHER_ARCHIVE, weather_defects};

mod atomic;
mod counters;
mod manifest;
mod operator;
mod people;
mod row;
mod stamp;
mod trips;

use stamp::Stamp;

/// How to write.
#[derive(Debug, Clone, Copy)]
pub struct WriteOptions {
    /// Threads that simulate. The files do not depend on it.
    pub threads: NonZero<usize>,
}

impl Default for WriteOptions {
    /// One thread for each processor.
    fn default() -> Self {
        Self { threads: std::thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN) }
    }
}

/// What was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    /// Files written.
    pub files: usize,
    /// Files of past months and years that were there already.
    pub kept: usize,
    /// Rows of trips written, duplicates included.
    pub trips: u64,
    /// Lines of the manifest of defects.
    pub defects: usize,
}

/// The span of time that the files tell.
#[derive(Debug, Clone, Copy)]
struct Span {
    from: DateTime<Utc>,
    /// Not included.
    until: DateTime<Utc>,
    /// The weather archive ends the day before.
    today: NaiveDate,
}

/// Writes in `folder` what the city publishes as files: `trips/YYYYMM-rivemont-tripdata.csv`,
/// `counters/compteurs-YYYY.csv`, `operator.sqlite`, and `defects.jsonl`, the manifest of what is wrong in them and in
/// the weather archive until yesterday.
///
/// Each file is replaced at once. Past months and years that an earlier call wrote whole, for the same city, are kept;
/// a call that was killed is called again.
///
/// # Errors
/// The folder cannot be written.
pub async fn write_files(city: &City, folder: &Path, clock: &dyn Clock, options: &WriteOptions) -> Result<Written> {
    let now = clock.now();
    let (of_city, of_folder, threads) = (city.clone(), folder.to_owned(), options.threads);
    let span = Span { from: City::history_start(now), until: published_until(now), today: now.date_naive() };
    let csv = tokio::task::spawn_blocking(move || write_csv(&of_city, &of_folder, span, threads));
    let mut written = csv.await.context("the simulation of the city stopped")??;
    operator::write(city, &folder.join("operator.sqlite"), now).await?;
    written.files += 1;
    Ok(written)
}

fn write_csv(city: &City, folder: &Path, span: Span, threads: NonZero<usize>) -> Result<Written> {
    let stamp = Stamp::new(city, span.until);
    let manifest = folder.join("defects.jsonl");
    let known = Stamp::read(folder).filter(|known| known.is_same_city(&stamp));
    let known = known.and_then(|known| Some((known.published_until, manifest::read(&manifest)?)));
    let (whole_until, known) = known.unwrap_or((DateTime::<Utc>::MIN_UTC, Vec::new()));

    let trips = trips::write(city, &folder.join("trips"), span, whole_until, threads)?;
    let counters = counters::write(city, &folder.join("counters"), span, whole_until)?;
    let kept = |defect: &Defect| defect.file != WEATHER_ARCHIVE && !trips.files.contains(&defect.file);
    let mut defects: Vec<Defect> = known.into_iter().filter(kept).collect();
    defects.extend(trips.defects);
    defects.sort_by(|one, other| (&one.file, one.line).cmp(&(&other.file, other.line)));
    let today = Hour::containing(span.today.and_time(NaiveTime::MIN).and_utc());
    defects.extend(weather_defects(city.seed(), city.rates(), Hour::containing(span.from), today));
    manifest::write(&manifest, &defects)?;
    stamp.write(folder)?;
    Ok(Written {
        files: trips.files.len() + counters.files + 1,
        kept: trips.kept + counters.kept,
        trips: trips.rows,
        defects: defects.len(),
    })
}

#[cfg(test)]
mod tests;
