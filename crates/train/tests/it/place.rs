use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use filrouge_dataset::Dataset;
use filrouge_onnx_runtime::{Runtime, default_runtime_dir, ensure_runtime};
use filrouge_train::{TrainContext, TrainOptions, TrainReport, train};
use filrouge_types::{Conditions, FixedClock, Hour, StationHour, StationId, Weather};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tempfile::TempDir;

/// The first hour of every city: Monday 5 January 2026.
pub(crate) fn start() -> Hour {
    "2026-01-05T00:00:00Z".parse().unwrap()
}

pub(crate) fn runtime() -> Runtime {
    ensure_runtime(&default_runtime_dir()).unwrap()
}

/// A city of `stations` stations over `days` days, busier at 8 and 18 on working days, a little
/// busier each week.
pub(crate) fn city(stations: usize, days: i64) -> Dataset {
    let mut generator = ChaCha8Rng::seed_from_u64(42);
    let rows = (0..stations).flat_map(|station| (0..days * 24).map(move |index| (station, index)));

    let rows: Vec<StationHour> = rows
        .map(|(station, index)| {
            let conditions = conditions(&format!("S{station:02}"), start() + index);
            let mean = mean_demand(station, index, &conditions.weather);
            StationHour {
                conditions,
                departures: poisson(&mut generator, mean),
            }
        })
        .collect();

    Dataset::from_rows(rows).unwrap()
}

pub(crate) fn conditions(station: &str, hour: Hour) -> Conditions {
    let index = hour - start();
    let wet = index / 7 % 11 == 0;

    Conditions {
        station_id: station.parse::<StationId>().unwrap(),
        hour,
        weather: Weather {
            temperature_c: Some(10.0 + 8.0 * (index as f32 / 700.0).sin()),
            precipitation_mm: Some(if wet { 2.0 } else { 0.0 }),
            ..Weather::default()
        },
        is_public_holiday: Some(false),
        is_school_holiday: None,
        event_count: None,
    }
}

pub(crate) fn options(models: &Path) -> TrainOptions {
    TrainOptions {
        models: models.to_owned(),
        budget: 6_000,
        ..TrainOptions::default()
    }
}

pub(crate) fn train_in(models: &Path, dataset: &Dataset) -> anyhow::Result<TrainReport> {
    let clock = FixedClock::at(start().start());
    train(
        dataset,
        &options(models),
        &TrainContext {
            runtime: &runtime(),
            clock: &clock,
            progress: &|_| {},
        },
    )
}

/// One version for the tests that only read it, trained on [`city`] of two stations over forty
/// days.
pub(crate) fn shared_version() -> &'static (TempDir, TrainReport) {
    static SHARED: OnceLock<(TempDir, TrainReport)> = OnceLock::new();
    SHARED.get_or_init(|| {
        let models = TempDir::new().unwrap();
        let report = train_in(models.path(), &city(2, 40)).unwrap();
        (models, report)
    })
}

/// A version that knows a hundred days of a city of four stations, and the twenty days after them.
pub(crate) struct Later {
    pub(crate) models: TempDir,
    pub(crate) folder: PathBuf,
    pub(crate) past: Dataset,
    pub(crate) future: Dataset,
}

/// One for the tests that only judge it.
pub(crate) fn later() -> &'static Later {
    static LATER: OnceLock<Later> = OnceLock::new();

    LATER.get_or_init(|| {
        let models = TempDir::new().unwrap();
        let split = start() + 100 * 24;
        let (past, future): (Vec<_>, Vec<_>) = city(4, 120)
            .iter()
            .partition(|row| row.conditions.hour < split);
        let past = Dataset::from_rows(past).unwrap();
        let folder = train_in(models.path(), &past).unwrap().folder;

        Later {
            models,
            folder,
            past,
            future: Dataset::from_rows(future).unwrap(),
        }
    })
}

fn mean_demand(station: usize, index: i64, weather: &Weather) -> f64 {
    let (hour, day) = (index % 24, index / 24 % 7);
    let peak = |at: i64| (-((hour - at) as f64).powi(2) / 6.0).exp();
    let daily = if day < 5 {
        peak(8) + 1.2 * peak(18)
    } else {
        0.7 * peak(15)
    };

    let rain = if weather.precipitation_mm > Some(0.0) {
        0.5
    } else {
        1.0
    };
    let growth = 1.0 + index as f64 / 8000.0;

    (0.2 + 8.0 * daily) * rain * growth * (1.0 + station as f64 / 4.0)
}

fn poisson(generator: &mut ChaCha8Rng, mean: f64) -> u32 {
    let limit = (-mean).exp();
    let mut product = generator.random::<f64>();
    let mut count = 0;
    while product > limit {
        product *= generator.random::<f64>();
        count += 1;
    }
    count
}
