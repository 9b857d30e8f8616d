//! The trip history, one file a month (UTC), in the columns that American operators publish since
//! 2020.

use std::collections::BTreeSet;
use std::num::NonZero;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result, anyhow};
use chrono::{DateTime, Datelike, Months, NaiveTime, TimeDelta, Utc};
use filrouge_storage::replace_file;

use super::row::{HEADER, Row, duplicate_after};
use super::span::Span;
use crate::calendar::first_of_month;
use crate::city::City;
use crate::day::{Trip, operating_date};
use crate::defects::{Defect, DefectKind, trip_defect};
use crate::seed::Stream;

/// The files written, and their defects.
#[derive(Debug, Default)]
pub(super) struct Trips {
    pub(super) files: BTreeSet<String>,
    pub(super) kept: usize,
    pub(super) rows: u64,
    pub(super) defects: Vec<Defect>,
}

/// Writes the months of `span` that are absent or were not over at `whole_until`.
pub(super) fn write(
    city: &City,
    folder: &Path,
    span: Span,
    whole_until: DateTime<Utc>,
    threads: NonZero<usize>,
) -> Result<Trips> {
    let months = months(span);
    let (kept, months): (Vec<_>, Vec<_>) = months
        .into_iter()
        .partition(|month| month.ends <= whole_until && folder.join(month.file()).exists());
    // Each thread takes the next month: summers are longer than winters.
    let next = AtomicUsize::new(0);

    let work = || {
        let mut written = Trips::default();
        while let Some(month) = months.get(next.fetch_add(1, Ordering::Relaxed)) {
            write_month(city, folder, *month, &mut written)?;
        }
        anyhow::Ok(written)
    };

    let mut all = Trips {
        kept: kept.len(),
        ..Trips::default()
    };

    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads.get()).map(|_| scope.spawn(work)).collect();

        threads.into_iter().try_for_each(|thread| {
            all.add(
                thread
                    .join()
                    .map_err(|_| anyhow!("a thread that simulated trips stopped"))??,
            );
            anyhow::Ok(())
        })
    })?;

    Ok(all)
}

impl Trips {
    fn add(&mut self, other: Self) {
        self.files.extend(other.files);
        self.rows += other.rows;
        self.defects.extend(other.defects);
    }
}

/// The content of a file: a month, or the published part of it.
#[derive(Debug, Clone, Copy)]
struct Month {
    starts: DateTime<Utc>,
    /// The end of the month, whatever is published.
    ends: DateTime<Utc>,
    published_until: DateTime<Utc>,
}

impl Month {
    fn file(self) -> String {
        format!("{}-rivemont-tripdata.csv", self.starts.format("%Y%m"))
    }

    /// All trips that began in the month and are published, in order.
    fn trips(self, city: &City) -> impl Iterator<Item = (u64, Trip)> {
        let first = operating_date(self.starts);
        let last = operating_date(self.published_until - TimeDelta::milliseconds(1));
        let published = self.starts.timestamp_millis()..self.published_until.timestamp_millis();
        let days = (0..=(last - first).num_days())
            .map(move |days| city.simulate(first + TimeDelta::days(days)));

        days.flat_map(move |day| {
            // Room for sixteen million trips a day: two days never share a number.
            let of_day = i64::from(day.date.num_days_from_ce()) << 24;
            let ride = move |at: usize| city.seed().bits(Stream::Ride, of_day + at as i64);
            day.trips
                .into_iter()
                .enumerate()
                .map(move |(at, trip)| (ride(at), trip))
        })
        // An operating day straddles two UTC months.
        .filter(move |(_, trip)| published.contains(&trip.started_at))
    }
}

fn months(span: Span) -> Vec<Month> {
    let starts = |date: chrono::NaiveDate| date.and_time(NaiveTime::MIN).and_utc();
    let first = first_of_month(span.from.date_naive());

    let month = |months| {
        let date = first.checked_add_months(Months::new(months))?;
        let ends = starts(date.checked_add_months(Months::new(1))?);
        Some(Month {
            starts: starts(date),
            ends,
            published_until: ends.min(span.until),
        })
    };

    (0..)
        .map_while(month)
        .take_while(|month| month.starts < span.until)
        .collect()
}

fn write_month(city: &City, folder: &Path, month: Month, written: &mut Trips) -> Result<()> {
    let mut file = File {
        name: month.file(),
        text: HEADER.as_bytes().to_vec(),
        lines: 1,
        defects: Vec::new(),
    };

    let mut copies: Vec<(usize, Vec<u8>)> = Vec::new();

    for (at, (ride, trip)) in month.trips(city).enumerate() {
        let defect = trip_defect(city.seed(), city.rates(), ride, &trip);
        let row = Row::new(ride, &trip, defect);

        match defect {
            Some(defect) if defect.kind == DefectKind::DuplicateTrip => {
                file.push(&row, None);
                copies.push((at + duplicate_after(defect), row.to_bytes()));
            }
            defect => file.push(&row, defect.map(|defect| defect.kind)),
        }

        // A copy whose turn does not come before the end of the month is not made.
        copies
            .extract_if(.., |(due, _)| *due <= at)
            .for_each(|(_, copy)| file.push_copy(&copy));
    }

    let path = folder.join(&file.name);
    replace_file(&path, &file.text)
        .with_context(|| format!("cannot publish the trips of {}", file.name))?;
    written.rows += file.lines - 1;
    written.defects.extend(file.defects);
    written.files.insert(file.name);

    Ok(())
}

struct File {
    name: String,
    text: Vec<u8>,
    lines: u64,
    defects: Vec<Defect>,
}

impl File {
    fn push(&mut self, row: &Row<'_>, defect: Option<DefectKind>) {
        row.write(&mut self.text);
        self.count(defect);
    }

    fn push_copy(&mut self, copy: &[u8]) {
        self.text.extend_from_slice(copy);
        self.count(Some(DefectKind::DuplicateTrip));
    }

    fn count(&mut self, defect: Option<DefectKind>) {
        self.lines += 1;
        let line = Some(self.lines);
        self.defects.extend(defect.map(|kind| Defect {
            kind,
            file: self.name.clone(),
            line,
            hour: None,
        }));
    }
}
