//! Municipal counters: a French CSV, one file a local year, in ISO-8859-1, by local hours.
//!
//! Such files hold local hours: when clocks go forward an hour is missing, when they go back one
//! comes twice.

use std::path::Path;

use anyhow::{Context, Result};
use chrono::{DateTime, Datelike, TimeZone, Utc};
use encoding_rs::WINDOWS_1252;
use filrouge_storage::replace_file;
use filrouge_types::Hour;
use rand::RngExt;
use rand_distr::{Distribution, Poisson};

use super::span::Span;
use crate::calendar::{PARIS, local};
use crate::city::City;
use crate::demand::{DateConditions, conditions, rate};
use crate::geography::{COUNTERS, STATIONS};
use crate::seed::Stream;

/// The files written.
#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) files: usize,
    pub(super) kept: usize,
}

const HEADER: &str = "Identifiant du compteur;Nom du compteur;Date et heure;Comptage horaire;Vitesse moyenne (km/h);Latitude;Longitude\r\n";

/// Writes the years of `span` that are absent or were not over at `whole_until`.
pub(super) fn write(
    city: &City,
    folder: &Path,
    span: Span,
    whole_until: DateTime<Utc>,
) -> Result<Counters> {
    let mut counters = Counters::default();
    let years = span.from.with_timezone(&PARIS).year()..=span.until.with_timezone(&PARIS).year();
    for year in years {
        let path = folder.join(format!("compteurs-{year}.csv"));
        if new_year(year + 1) <= whole_until && path.exists() {
            counters.kept += 1;
            continue;
        }

        let part = Span {
            from: span.from.max(new_year(year)),
            until: span.until.min(new_year(year + 1)),
            ..span
        };
        // Windows-1252 holds ISO-8859-1, and the names use nothing more.
        replace_file(&path, WINDOWS_1252.encode(&table(city, part)).0)
            .with_context(|| format!("cannot write {}", path.display()))?;
        counters.files += 1;
    }

    Ok(counters)
}

fn table(city: &City, span: Span) -> String {
    let mut text = HEADER.to_owned();
    let mut date = DateConditions::new(local(Hour::containing(span.from)).date_naive());
    for hours in 0..Hour::containing(span.until) - Hour::containing(span.from) {
        let hour = Hour::containing(span.from) + hours;
        let today = local(hour).date_naive();
        if today != date.date {
            date = DateConditions::new(today);
        }
        push_hour(&mut text, city, &date, hour);
    }
    text
}

fn push_hour(text: &mut String, city: &City, date: &DateConditions, hour: Hour) {
    let conditions = conditions(city.world(), date, hour);
    let departures: f64 = (0..STATIONS.len())
        // No event pulls here: counters see the whole city, not one district.
        .map(|index| rate(index, &conditions, 1.0))
        .sum();
    let mut chance = city
        .seed()
        .generator(Stream::Counter, hour.hours_since_epoch());

    let at = local(hour).format("%d/%m/%Y %H:%M");

    for counter in &COUNTERS {
        let count = Poisson::new(departures * counter.share)
            .map_or(0.0, |poisson| poisson.sample(&mut chance));
        let speed: f64 = chance.random_range(13.0..19.0);

        let [speed, latitude, longitude] = [
            format!("{speed:.1}"),
            format!("{:.5}", counter.latitude),
            format!("{:.5}", counter.longitude),
        ]
        .map(|number| number.replace('.', ","));

        let (id, name) = (counter.id, counter.name);

        text.push_str(&format!(
            "{id};{name};{at};{count};{speed};{latitude};{longitude}\r\n"
        ));
    }
}

/// The first instant of a local year.
fn new_year(year: i32) -> DateTime<Utc> {
    PARIS
        .with_ymd_and_hms(year, 1, 1, 0, 0, 0)
        .earliest()
        .map_or(DateTime::<Utc>::MAX_UTC, |at| at.to_utc())
}
