//! A state of a million station-hours, the same at each run.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result};

/// Stations × hours: a million rows.
const STATIONS: u32 = 50;
const HOURS: u32 = 20_000;
pub(super) const ROWS: u32 = STATIONS * HOURS;

const HEADER: &str = "station_id,hour,departures,temperature_c,apparent_temperature_c,relative_humidity_pct,\
    wind_speed_kmh,precipitation_mm,weather_code,is_public_holiday,is_school_holiday,event_count\n";

/// Writes the cleaned files that an import reads.
pub(super) fn write(state: &Path) -> Result<()> {
    let clean = state.join("clean");
    std::fs::create_dir_all(&clean)
        .with_context(|| format!("cannot make `{}`", clean.display()))?;
    let write = |name: &str, text: String| {
        std::fs::write(clean.join(name), text).with_context(|| format!("cannot write `{name}`"))
    };
    write("stations.json", stations())?;
    write("station_status.json", "[]".to_owned())?;
    // The import reads the format in the content, not in the name: this is CSV.
    write("station_hours.parquet", station_hours())
}

fn stations() -> String {
    let station = |number| {
        format!(
            r#"{{"station_id":"RIV-{number:03}","name":"Station {number}","district":"Centre","latitude":45.6,"longitude":4.1,"capacity":20}}"#
        )
    };
    format!(
        "[{}]",
        (0..STATIONS).map(station).collect::<Vec<_>>().join(",")
    )
}

/// Numbers are halves and quarters: a reader that takes them for 64 bits writes them as one that
/// keeps 32.
fn station_hours() -> String {
    // A million lines of some 80 bytes.
    let mut csv = String::with_capacity(80 << 20);
    csv += HEADER;

    // By hour, then by station: the order in which the pipeline writes them.
    for hour in 0..HOURS {
        let (day, of_day) = (hour / 24, hour % 24);
        let (conditions, instant) = (conditions(hour), instant(hour));

        for station in 0..STATIONS {
            let departures = disorder(hour * STATIONS + station) % (of_day + 2);
            // Writing to a text cannot fail.
            let _ = writeln!(
                csv,
                "RIV-{station:03},{instant},{departures},{conditions},{}",
                u32::from(day % 9 == 0)
            );
        }
    }

    csv
}

fn conditions(hour: u32) -> String {
    let quarters = |value: u32, lowest: f64| lowest + f64::from(value) / 4.0;

    format!(
        "{},{},{},{},{},{},{},{}",
        // Felt and measured go together: both are drawn from one number.
        quarters(disorder(hour) % 160, -4.75),
        quarters(disorder(hour) % 160, -6.75),
        quarters(disorder(hour + 1) % 200, 50.25),
        quarters(disorder(hour + 2) % 120, 0.25),
        quarters(disorder(hour + 3) % 8, 0.0),
        [0, 1, 2, 3, 51, 61][hour as usize % 6],
        (hour / 24).is_multiple_of(60),
        hour / 24 % 7 > 4,
    )
}

/// Numbers in disorder, the same at each run: a regular series would be written in no time and no
/// space.
fn disorder(number: u32) -> u32 {
    // Odd multiplier and shifts of a known integer hash: neighbours get unlike numbers.
    let mixed = (number ^ (number >> 16)).wrapping_mul(0x045d_9f3b);
    mixed ^ (mixed >> 15)
}

/// An hour after 2024-01-01, as ISO 8601.
pub(super) fn instant(hour: u32) -> String {
    const MONTHS: [u32; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let (mut year, mut month, mut day, hour) = (2024, 0, hour / 24, hour % 24);
    loop {
        let days = MONTHS[month] + u32::from(month == 1 && year % 4 == 0);
        if day < days {
            return format!("{year}-{:02}-{:02}T{hour:02}:00:00Z", month + 1, day + 1);
        }
        day -= days;
        month = (month + 1) % 12;
        year += u32::from(month == 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        for (day, expected) in [
            (0, "2024-01-01"),
            (59, "2024-02-29"),
            (60, "2024-03-01"),
            (366, "2025-01-01"),
            (730, "2025-12-31"),
        ] {
            assert_eq!(instant(24 * day + 5), format!("{expected}T05:00:00Z"));
        }
    }
}
