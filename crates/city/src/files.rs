//! The city's files: trips, counters, the operator's database.

use std::num::NonZero;
use std::path::Path;

use anyhow::{Context, Result};
use chrono::{DateTime, NaiveTime, Utc};
use filrouge_types::{Clock, Hour};

use crate::city::City;
use crate::defects::{Defect, WEATHER_ARCHIVE, weather_defects};
use crate::publication::{HISTORY_MONTHS, history_start, published_until};

mod counters;
mod manifest;
mod operator;
mod people;
mod row;
mod span;
mod stamp;
mod trips;

use span::Span;
use stamp::Stamp;

const MANIFEST: &str = "defects.jsonl";

/// Settings of the writing.
#[derive(Debug, Clone, Copy)]
pub struct WriteOptions {
    /// Threads that simulate. The files do not depend on it.
    pub threads: NonZero<usize>,
    /// Whole months of the past before the present one.
    pub months: u32,
}

impl Default for WriteOptions {
    /// One thread for each processor, two years.
    fn default() -> Self {
        let threads = std::thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
        Self {
            threads,
            months: HISTORY_MONTHS,
        }
    }
}

/// The files written.
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

/// Writes in `folder` the city's files: `trips/YYYYMM-rivemont-tripdata.csv`,
/// `counters/compteurs-YYYY.csv`, `operator.sqlite`, and `defects.jsonl`, the manifest of the
/// defects in them and in the weather archive until yesterday.
///
/// Each file is replaced at once. Past months and years that an earlier call wrote whole, for the
/// same city, are kept; a call that was killed is called again.
///
/// # Errors
/// The folder cannot be written.
pub async fn write_files(
    city: &City,
    folder: &Path,
    clock: &dyn Clock,
    options: &WriteOptions,
) -> Result<Written> {
    let now = clock.now();
    let (of_city, of_folder, threads) = (city.clone(), folder.to_owned(), options.threads);
    let span = Span {
        from: history_start(now, options.months),
        until: published_until(now),
        today: now.date_naive(),
    };

    let csv = tokio::task::spawn_blocking(move || write_csv(&of_city, &of_folder, span, threads));
    let mut written = csv.await.context("the simulation of the city stopped")??;

    operator::write(city, &folder.join("operator.sqlite"), now).await?;
    written.files += 1;
    Ok(written)
}

fn write_csv(city: &City, folder: &Path, span: Span, threads: NonZero<usize>) -> Result<Written> {
    filrouge_storage::make_folder(folder)
        .with_context(|| format!("cannot create the folder {}", folder.display()))?;

    let stamp = Stamp::new(city, span.until);
    let earlier = Earlier::read(folder, &stamp)?;

    let trips = trips::write(
        city,
        &folder.join("trips"),
        span,
        earlier.whole_until,
        threads,
    )?;

    let counters = counters::write(city, &folder.join("counters"), span, earlier.whole_until)?;
    let mut written = Written {
        files: trips.files.len() + counters.files + 1,
        kept: trips.kept + counters.kept,
        trips: trips.rows,
        defects: 0,
    };

    let defects = all_defects(city, span, earlier.defects, trips);
    written.defects = defects.len();
    manifest::write(&folder.join(MANIFEST), &defects)?;
    // Last: a folder without a stamp is written again.
    stamp.write(folder)?;

    Ok(written)
}

/// The files that an earlier call left in the folder for the same city.
struct Earlier {
    /// Months that began before are whole.
    whole_until: DateTime<Utc>,
    defects: Vec<Defect>,
}

impl Earlier {
    /// Nothing that another city or half a call left is kept: its stamp goes first, so that a
    /// killed call leaves none.
    fn read(folder: &Path, stamp: &Stamp) -> Result<Self> {
        let known = Stamp::read(folder).filter(|known| known.is_same_city(stamp));

        match known.zip(manifest::read(&folder.join(MANIFEST))) {
            Some((known, defects)) => Ok(Self {
                whole_until: known.published_until,
                defects,
            }),
            None => {
                Stamp::remove(folder)?;
                Ok(Self {
                    whole_until: DateTime::<Utc>::MIN_UTC,
                    defects: Vec::new(),
                })
            }
        }
    }
}

/// The lines of the files that were kept, of those that were written, and of the weather archive
/// until yesterday.
fn all_defects(city: &City, span: Span, earlier: Vec<Defect>, trips: trips::Trips) -> Vec<Defect> {
    let is_kept =
        |defect: &Defect| defect.file != WEATHER_ARCHIVE && !trips.files.contains(&defect.file);
    let mut defects: Vec<Defect> = earlier.into_iter().filter(is_kept).collect();
    defects.extend(trips.defects);
    defects.sort_by(|one, other| (&one.file, one.line).cmp(&(&other.file, other.line)));
    let today = Hour::containing(span.today.and_time(NaiveTime::MIN).and_utc());

    defects.extend(weather_defects(
        city.seed(),
        city.rates(),
        Hour::containing(span.from),
        today,
    ));

    defects
}

#[cfg(test)]
mod tests;
