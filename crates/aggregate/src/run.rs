use std::path::{Path, PathBuf};

use chrono_tz::Tz;
use filrouge_types::Hour;

use crate::clean::clean;
use crate::hours::Hours;
use crate::ledger::Ledger;
use crate::output::Output;
use crate::passage::count_clean_trips;
use crate::rules::WEATHER_RULES;
use crate::source::calendar::Calendar;
use crate::source::events::Agenda;
use crate::source::weather::{self, WeatherByHour};
use crate::station_hours::{Context, HOURS_AHEAD, Span};
use crate::stations::{Register, Stations, read_statuses};
use crate::tally::Tally;
use crate::trips::{SOURCES, TripFile, Trips};
use crate::{AggregateError, Summary};

/// How an aggregation is made.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Zone whose days the holidays are, and in which the operator dates the opening of stations.
    pub time_zone: Tz,
    /// The last hour of the data set, included. Without it, the last complete hour of the trips.
    pub until: Option<Hour>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            time_zone: Tz::Europe__Paris,
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
    let (tally, stations) = tally(&files, register, run_dir, &mut ledger)?;
    let weather = read_weather(run_dir, &mut ledger, &mut absent)?;
    let calendar = Calendar::read(run_dir, &mut ledger, &mut absent)?;
    let agenda = Agenda::read(&run_dir.join("web_page"), &stations.stations, &mut ledger)?;
    absent.extend(agenda.is_none().then_some("events"));
    let statuses = read_statuses(run_dir, &stations.stations, &mut ledger)?;

    absent.extend(statuses.is_none().then_some("station_status"));
    let around = Around {
        weather,
        calendar,
        agenda,
    };
    let clean = Clean::new(run_dir, &tally, stations, &around, options)?;

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
    let mut ledger = Ledger::default();
    let mut files: Vec<_> = trips
        .iter()
        .map(|path| TripFile {
            source: "trips",
            path: path.clone(),
        })
        .collect();

    files.sort_by(|one, other| one.path.cmp(&other.path));
    let place = trips.first().cloned().unwrap_or_default();
    let (tally, stations) = tally(&files, Register::default(), &place, &mut ledger)?;
    let around = Around::default();
    let clean = Clean::new(&place, &tally, stations, &around, options)?;
    clean.write(out_dir, &[], &[], ledger)
}

/// What is known besides trips and stations.
#[derive(Default)]
struct Around {
    weather: WeatherByHour,
    calendar: Calendar,
    agenda: Option<Agenda>,
}

/// The clean data before they are written.
struct Clean<'a> {
    tally: &'a Tally,
    stations: Stations,
    span: Span,
    hours: Hours,
    agenda: Option<&'a Agenda>,
    /// Name of the run's folder, or of the first file.
    run_id: Option<String>,
}

impl<'a> Clean<'a> {
    fn new(
        place: &Path,
        tally: &'a Tally,
        stations: Stations,
        around: &'a Around,
        options: &Options,
    ) -> Result<Self, AggregateError> {
        let span = Span::of(tally, options.until).ok_or_else(|| AggregateError::NoTrip {
            path: place.to_owned(),
            reason: "no complete hour has a trip that the rules keep".to_owned(),
        })?;
        let (last, zone) = (span.last + HOURS_AHEAD, options.time_zone);
        let hours = Hours::new(span.first, last, &around.weather, &around.calendar, zone);
        let run_id = place
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());

        Ok(Self {
            tally,
            stations,
            span,
            hours,
            agenda: around.agenda.as_ref(),
            run_id,
        })
    }

    fn write(
        &self,
        out_dir: &Path,
        statuses: &[crate::source::gbfs::Status],
        absent: &[&str],
        ledger: Ledger,
    ) -> Result<Summary, AggregateError> {
        let context = Context {
            stations: &self.stations,
            hours: &self.hours,
            agenda: self.agenda,
        };
        let dataset = context.station_hours(&self.span, &self.tally.departures);
        let conditions = context.conditions(&self.span, &self.tally.departures);

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
        output.json("summary.json", &summary)?;

        output.publish(out_dir)?;
        Ok(summary)
    }

    /// What the summary says of the span and the stations.
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
            departures_after: self.tally.departures.values().map(after).sum(),
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

/// Reads, cleans and counts the trips, and completes the stations with what they say.
fn tally(
    files: &[TripFile],
    register: Register,
    place: &Path,
    ledger: &mut Ledger,
) -> Result<(Tally, Stations), AggregateError> {
    let none = |reason: &str| AggregateError::NoTrip {
        path: place.to_owned(),
        reason: reason.to_owned(),
    };

    if files.is_empty() {
        return Err(none("no file was given"));
    }

    let trips = Trips::open(files)?;
    let tallies = count_clean_trips(&trips, &register.known(), &register.aliases(), ledger)?;

    if ledger.kept(&SOURCES) == 0 {
        return Err(none("the rules keep no row"));
    }

    let tally = tallies.finish();
    let stations = register.complete(&tally.usages);
    Ok((tally, stations))
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
    absent.extend(archive.is_none().then_some("weather_archive"));
    absent.extend(forecast.is_none().then_some("weather_forecast"));
    let mut weather = forecast.unwrap_or_default();
    ledger.read("weather_forecast", weather.len());
    ledger.keep("weather_forecast", weather.len());
    let engine = AggregateError::engine("weather");
    let frame = weather::archive_frame(&archive.unwrap_or_default(), &weather).map_err(&engine)?;
    ledger.read(weather::ARCHIVE, frame.height());
    let clean = clean(
        frame,
        &WEATHER_RULES,
        &crate::rules::Known::default(),
        ledger,
    )?;
    weather.extend(weather::from_frame(&clean).map_err(&engine)?);
    Ok(weather)
}
