use std::path::{Path, PathBuf};

use chrono_tz::Tz;
use filrouge_dataset::Dataset;
use filrouge_types::Hour;

use crate::cross_checks::CrossChecks;
use crate::hourly_counts::HourlyCounts;
use crate::hours::Hours;
use crate::identity::StationResolver;
use crate::ledger::{Finding, Ledger};
use crate::output::Output;
use crate::pipeline::count_clean_trips;
use crate::rules::WEATHER_RULES;
use crate::source::calendar::Calendar;
use crate::source::events::Agenda;
use crate::source::weather::{self, WeatherByHour, WeatherHour};
use crate::station_hours::{Grid, HOURS_AHEAD, MOST_ROWS, Span};
use crate::stations::{Register, Stations, read_statuses};
use crate::trips::{SOURCES, TripFile, Trips};
use crate::{AggregateError, Summary};

/// Settings of an aggregation.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Zone whose days the holidays are, and in which the operator dates the opening of stations.
    pub time_zone: Tz,
    /// The last hour of the data set, included. Without it, the last complete hour of the trips.
    pub until: Option<Hour>,
}

impl Options {
    /// The whole of a run of a city in `time_zone`.
    pub fn new(time_zone: Tz) -> Self {
        Self {
            time_zone,
            until: None,
        }
    }
}

/// Makes the clean data set of a run of collection: `run_dir` is its folder, `out_dir` the folder
/// `clean`.
///
/// Sources that the run lacks are named in the summary and leave their columns null; trips alone
/// are required.
///
/// # Errors
/// A damaged file, no trip that the rules keep, or a result that cannot be written. `out_dir` is
/// then as it was.
pub fn aggregate(
    run_dir: &Path,
    out_dir: &Path,
    options: &Options,
) -> Result<Summary, AggregateError> {
    let mut ledger = Ledger::default();
    let (files, mut absent) = trip_files(run_dir)?;
    let (register, more_absent) = Register::read(run_dir, options.time_zone, &mut ledger)?;

    absent.extend(more_absent);
    // Before the agenda and the statuses, which refer to the stations that trips complete.
    let (counts, stations) = count_trips(&files, register, run_dir, &mut ledger)?;

    let weather = read_weather(run_dir, &mut ledger, &mut absent)?;
    let calendar = Calendar::read(run_dir, &mut ledger, &mut absent)?;
    let agenda = Agenda::read(&run_dir.join("web_page"), &stations.stations, &mut ledger)?;
    absent.extend(agenda.is_none().then_some("events"));
    let statuses = read_statuses(run_dir, &stations.stations, &mut ledger)?;

    absent.extend(statuses.is_none().then_some("station_status"));

    let context = Context {
        weather,
        calendar,
        agenda,
    };
    let clean = CleanData {
        run_dir: Some(run_dir),
        ..CleanData::new(run_dir, &counts, stations, &context, options)?
    };
    clean.write(out_dir, &statuses.unwrap_or_default(), &absent, ledger)
}

/// Makes the data set of a trip history that comes alone: `trips` are Parquet files of canonical
/// trips, such as those of a lake. Stations are those from which trips start; weather, holidays and
/// events stay unknown.
///
/// # Errors
/// As [`aggregate`].
pub fn aggregate_trips(
    trips: &[PathBuf],
    out_dir: &Path,
    options: &Options,
) -> Result<Summary, AggregateError> {
    let file = |path: &PathBuf| TripFile {
        source: "trips",
        path: path.clone(),
    };
    let mut files: Vec<_> = trips.iter().map(file).collect();
    // The shell may give them in any order; the first of two equal rows is kept.
    files.sort_by(|one, other| one.path.cmp(&other.path));

    let mut ledger = Ledger::default();
    let origin = trips.first().cloned().unwrap_or_default();
    let (counts, stations) = count_trips(&files, Register::default(), &origin, &mut ledger)?;

    let context = Context::default();
    let clean = CleanData::new(&origin, &counts, stations, &context, options)?;
    clean.write(out_dir, &[], &[], ledger)
}

/// Conditions that all stations share.
#[derive(Default)]
struct Context {
    weather: WeatherByHour,
    calendar: Calendar,
    agenda: Option<Agenda>,
}

/// Clean data, not written yet.
struct CleanData<'a> {
    counts: &'a HourlyCounts,
    stations: Stations,
    span: Span,
    hours: Hours,
    agenda: Option<&'a Agenda>,
    /// Name of the run's folder, or of the first file.
    run_id: Option<String>,
    /// Its folder; `None` for a history that comes alone.
    run_dir: Option<&'a Path>,
    time_zone: Tz,
}

impl<'a> CleanData<'a> {
    fn new(
        origin: &Path,
        counts: &'a HourlyCounts,
        stations: Stations,
        context: &'a Context,
        options: &Options,
    ) -> Result<Self, AggregateError> {
        let span = Span::of(counts, options.until).ok_or_else(|| AggregateError::NoTrip {
            path: origin.to_owned(),
            reason: "no complete hour has a trip that the rules keep".to_owned(),
        })?;
        let (last, zone) = (span.last + HOURS_AHEAD, options.time_zone);
        let hours = Hours::new(span.first, last, &context.weather, &context.calendar, zone);
        let run_id = origin
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());

        Ok(Self {
            counts,
            stations,
            span,
            hours,
            agenda: context.agenda.as_ref(),
            run_id,
            run_dir: None,
            time_zone: zone,
        })
    }

    fn write(
        &self,
        out_dir: &Path,
        statuses: &[crate::source::gbfs::Status],
        absent: &[&str],
        ledger: Ledger,
    ) -> Result<Summary, AggregateError> {
        let grid = Grid {
            stations: &self.stations,
            hours: &self.hours,
            agenda: self.agenda,
        };
        let rows = grid.rows(&self.span, &self.counts.departures);
        if rows > MOST_ROWS {
            let most = MOST_ROWS;
            return Err(AggregateError::TooLarge { rows, most });
        }
        let dataset = grid.station_hours(&self.span, &self.counts.departures);
        let conditions = grid.conditions(&self.span, &self.counts.departures);

        let mut output = Output::new(out_dir)?;
        output.station_hours(&dataset)?;
        output.conditions(&conditions)?;
        output.json("stations.json", &self.stations.stations)?;
        output.json("station_status.json", &statuses)?;

        let summary = Summary {
            station_hours: dataset.len() as u64,
            conditions: conditions.len() as u64,
            departures: dataset
                .departures
                .iter()
                .map(|&count| u64::from(count))
                .sum(),
            run_id: self.run_id.clone(),
            cross_checks: self.cross_checks(&dataset)?,
            absent: absent.iter().map(ToString::to_string).collect(),
            sources: ledger.close()?,
            ..self.summary()
        };

        check(&summary)?;
        output.rejects(
            ledger
                .rejects()
                .map_err(AggregateError::engine("rejects"))?,
        )?;
        output.publish(out_dir, summary)
    }

    fn cross_checks(&self, dataset: &Dataset) -> Result<CrossChecks, AggregateError> {
        let of_run = self
            .run_dir
            .map(|run_dir| CrossChecks::of(run_dir, dataset, self.time_zone));
        Ok(of_run.transpose()?.unwrap_or_default())
    }

    /// The part of the summary about the span and the stations.
    fn summary(&self) -> Summary {
        let after = |cells: &Vec<(Hour, u32)>| {
            let after = cells.iter().filter(|(hour, _)| *hour > self.span.last);
            after.map(|&(_, count)| u64::from(count)).sum::<u64>()
        };

        Summary {
            first_hour: Some(self.span.first),
            last_hour: Some(self.span.last),
            stations: self.stations.stations.len() as u64,
            stations_without_position: self.stations.without_position as u64,
            departures_after: self.counts.departures.values().map(after).sum(),
            hours_without_history: self.span.silent_hours().unsigned_abs(),
            events_elsewhere: self
                .agenda
                .map_or(0, |agenda| agenda.places_elsewhere as u64),
            ..Summary::default()
        }
    }
}

/// Every trip that was kept is counted once, in the data set or after it.
fn check(summary: &Summary) -> Result<(), AggregateError> {
    let (read, kept, rejected) = (
        summary.trips_kept(),
        summary.departures,
        summary.departures_after,
    );

    match kept + rejected == read {
        true => Ok(()),
        false => Err(AggregateError::Inconsistent {
            step: "departures".to_owned(),
            read,
            kept,
            rejected,
        }),
    }
}

/// The files of trips of a run, and the names of those that are absent.
pub(crate) fn trip_files(
    run_dir: &Path,
) -> Result<(Vec<TripFile>, Vec<&'static str>), AggregateError> {
    let file = |source: &'static str| TripFile {
        source,
        path: run_dir.join(source).join("trips.parquet"),
    };
    let (present, absent): (Vec<_>, Vec<_>) = ["lake", "file"]
        .map(file)
        .into_iter()
        .partition(|file| file.path.exists());

    if present.is_empty() {
        let reason = "neither lake/trips.parquet nor file/trips.parquet is there".to_owned();
        return Err(AggregateError::NoTrip {
            path: run_dir.to_owned(),
            reason,
        });
    }

    Ok((
        present,
        absent.into_iter().map(|file| file.source).collect(),
    ))
}

/// Reads, cleans and counts the trips, and completes the stations with the names and positions that
/// they give.
fn count_trips(
    files: &[TripFile],
    register: Register,
    origin: &Path,
    ledger: &mut Ledger,
) -> Result<(HourlyCounts, Stations), AggregateError> {
    let none = |reason: &str| AggregateError::NoTrip {
        path: origin.to_owned(),
        reason: reason.to_owned(),
    };

    if files.is_empty() {
        return Err(none("no file was given"));
    }

    let (known, aliases) = (register.known(), register.aliases());
    let stations = StationResolver::new(&known, &aliases);
    let counts = count_clean_trips(&Trips::open(files)?, stations, ledger)?;

    if ledger.kept(&SOURCES) == 0 {
        return Err(none("the rules keep no row"));
    }

    let stations = register.complete(&counts.descriptors);
    Ok((counts, stations))
}

/// The weather of every hour that the archive or the forecast knows; the archive is believed first.
fn read_weather(
    run_dir: &Path,
    ledger: &mut Ledger,
    absent: &mut Vec<&'static str>,
) -> Result<WeatherByHour, AggregateError> {
    let folder = run_dir.join("web_service");
    let archive = weather::read_archive(&folder)?;
    let forecast = weather::read_hours(&folder.join("weather_forecast.json"))?;
    absent.extend(archive.is_none().then_some(weather::ARCHIVE));
    absent.extend(forecast.is_none().then_some(weather::FORECAST));

    let mut weather = forecast.unwrap_or_default();
    ledger.read(weather::FORECAST, weather.len());
    ledger.keep(weather::FORECAST, weather.len());

    let mut hours = weather::archive_hours(&archive.unwrap_or_default(), &weather);
    ledger.read(weather::ARCHIVE, hours.len());
    judge_weather(&mut hours, ledger);
    ledger.keep(weather::ARCHIVE, hours.len());

    // The archive replaces the forecast: it was measured.
    weather.extend(hours.into_iter().map(|hour| (hour.hour, hour.values)));
    Ok(weather)
}

/// Applies the rules of the weather in order: each judges the hours as those before it left them.
fn judge_weather(hours: &mut [WeatherHour], ledger: &mut Ledger) {
    for rule in WEATHER_RULES {
        for (hour, detail) in rule.judge_weather(hours) {
            let finding = Finding::hour(rule, weather::ARCHIVE, hour, detail);
            ledger.find(weather::ARCHIVE, finding);
        }
    }
}
