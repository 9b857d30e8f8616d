//! `filrouge availability`: the chances of finding a bike or a dock, learnt and measured.

mod city_history;
mod measures;
mod page;

use std::path::Path;

use anyhow::{Context, Result};
use chrono_tz::Europe::Paris;
use filrouge_model::Predictor;
use filrouge_model::availability::learn_availability;
use filrouge_onnx_runtime::PoolSize;
use filrouge_storage::replace_file;
use filrouge_types::Hour;

use crate::cli::AvailabilityCommand;
use crate::commands::evaluate;
use crate::progress::Progress;
use crate::{print, project};

use city_history::CityHistory;
use measures::Measures;

/// The first hour learnt from: Monday 5 January 2026, 00:00 UTC.
const FIRST_HOUR: i64 = 490_992;

/// Days learnt from: twelve weeks.
const LEARNT_DAYS: i64 = 12 * 7;

/// Days measured, after those: four weeks, in which clocks change and Easter Monday falls.
const MEASURED_DAYS: i64 = 4 * 7;

pub(crate) fn run(command: &AvailabilityCommand) -> Result<()> {
    match command {
        AvailabilityCommand::Learn { city, out } => learn(*city, out.as_deref()),
        AvailabilityCommand::Evaluate {
            cities,
            model,
            page,
        } => measure(cities, model.as_deref(), page.as_deref()),
    }
}

fn learn(seed: u64, out: Option<&Path>) -> Result<()> {
    let path = out.map_or_else(project::shipped_availability, Path::to_owned);
    let first = Hour::from_hours_since_epoch(FIRST_HOUR);
    let city = CityHistory::of(seed, first, first + 24 * LEARNT_DAYS);
    let profile = learn_availability(city.observed(), Paris);

    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("`{}` ne peut être fait", folder.display()))?;
    }
    replace_file(&path, profile.to_json()?)
        .with_context(|| format!("`{}` ne peut être écrit", path.display()))?;

    let stations = profile.stations().count();
    print::line(&format!("{stations} stations : {}", path.display()));
    Ok(())
}

fn measure(cities: &[u64], model: Option<&Path>, page: Option<&Path>) -> Result<()> {
    let model = model.map_or_else(project::shipped_models, Path::to_owned);
    let predictor = load(&evaluate::version(&model)?)?;
    let mut by_city = Vec::with_capacity(cities.len());

    for seed in cities {
        let step = Progress::default().step(&format!("Ville {seed}"));
        let measures = Measures::of_city(*seed, &predictor)?;
        step.done(&measures.summary());
        by_city.push((*seed, measures));
    }

    let text = page::write(&predictor.description().version, &by_city);
    if let Some(path) = page {
        replace_file(path, &text)
            .with_context(|| format!("`{}` ne peut être écrit", path.display()))?;
    }
    print::line(text.trim_end());
    Ok(())
}

fn load(folder: &Path) -> Result<Predictor> {
    let runtime = filrouge_onnx_runtime::ensure_runtime(&project::runtime_folder())?;
    Ok(Predictor::load(&runtime, folder, PoolSize::SINGLE)?)
}
