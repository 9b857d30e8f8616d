//! Training beside LightGBM's, its search of hyperparameters and scikit-learn's, then production
//! replayed month by month: on the simulated city, and on the bicycle counters of Paris where they
//! are at hand. A year of Capital Bikeshare, where it is at hand too, is replayed only.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use clap::ValueEnum;
use serde::Deserialize;

use super::process::printed;
use super::service::Service;
use super::{Measurements, report};

/// Real data, which the repository does not hold.
const REAL_DATA: &str = "../shared/data";

/// Far from the default ports and from those of the other measurements.
const PORT_BASE: u16 = 28_280;

/// Amount of work.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Extent {
    /// Forecast origins, each four weeks before the last.
    pub(crate) folds: u32,
    /// Trials of LightGBM's search, on the last fold; none leaves it out.
    pub(crate) trials: u32,
    pub(crate) months: u32,
}

impl Extent {
    /// The promise of the project: an hour or so, most of it for the searches.
    pub(crate) const WHOLE: Self = Self {
        folds: 4,
        trials: 50,
        months: 12,
    };
    /// Enough to see that everything runs.
    pub(crate) const TRY: Self = Self {
        folds: 1,
        trials: 2,
        months: 1,
    };
}

/// Output of `tests/bench/training/run.py`.
#[derive(Debug, Deserialize)]
struct Comparison {
    folds: Vec<Fold>,
}

#[derive(Debug, Deserialize)]
struct Fold {
    rows: f64,
    filrouge: Trained,
    lightgbm: Trained,
    scikit_learn: Trained,
    search: Option<Trained>,
}

/// The error of one model on the weeks that it had not seen, and the time of its training.
#[derive(Debug, Clone, Copy, Deserialize)]
struct Trained {
    mae: f64,
    seconds: f64,
}

/// Output of `tests/bench/training/replay.py`.
#[derive(Debug, Deserialize)]
struct Replay {
    skill: f64,
    worst_month: f64,
}

/// Origin of a data set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Source {
    /// The simulated city
    City,
    /// The bicycle counters of Paris, where they are at hand
    Paris,
    /// A year of Capital Bikeshare, where the package that holds it is installed; played again only
    Capital,
}

/// A data set to learn from, and its time zone.
struct DataSet {
    name: &'static str,
    path: PathBuf,
    time_zone: &'static str,
}

/// Measures these data sets, all of them when none is named; one that is not at hand is left out,
/// and that is said.
pub(crate) fn measure(
    scripts: &Scripts<'_>,
    sources: &[Source],
    extent: Extent,
    measurements: &mut Measurements,
) -> Result<()> {
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;

    for source in Source::value_variants() {
        if sources.is_empty() || sources.contains(source) {
            match source.data_set(scripts, folder.path())? {
                Ok(data_set) => source.measure(&data_set, scripts, extent, measurements)?,
                Err(reason) => report(&format!("{source:?} is left out: {reason}")),
            }
        }
    }

    Ok(())
}

/// A data set, or why it is not at hand.
type AtHand = std::result::Result<DataSet, String>;

impl Source {
    fn data_set(self, scripts: &Scripts<'_>, folder: &Path) -> Result<AtHand> {
        match self {
            Self::City => city(scripts, folder).map(Ok),
            Self::Paris => paris(scripts, folder),
            Self::Capital => capital(scripts, folder),
        }
    }

    fn measure(
        self,
        data_set: &DataSet,
        scripts: &Scripts<'_>,
        extent: Extent,
        measurements: &mut Measurements,
    ) -> Result<()> {
        if self != Self::Capital {
            let printed = scripts.run(
                "run.py",
                data_set,
                &[("--folds", extent.folds), ("--trials", extent.trials)],
            )?;
            record_comparison(data_set.name, &printed, measurements)?;
        }

        let printed = scripts.run("replay.py", data_set, &[("--months", extent.months)])?;
        record_replay(data_set.name, &printed, measurements)
    }
}

/// The data set that a case makes of the simulated city.
fn city(scripts: &Scripts<'_>, folder: &Path) -> Result<DataSet> {
    let state = folder.join("state");
    let mut command = Command::new(scripts.program);

    command
        .args(["up", "--port-base", &PORT_BASE.to_string(), "--state"])
        .arg(&state)
        .current_dir(scripts.root);
    command.stderr(Stdio::null());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("no runtime")?;

    runtime
        .block_on(Service::start(&mut command, PORT_BASE + 2, "/health/ready"))?
        .process
        .stop()?;

    Ok(DataSet {
        name: "city",
        path: state.join("clean/station_hours.parquet"),
        time_zone: "Europe/Paris",
    })
}

fn paris(scripts: &Scripts<'_>, folder: &Path) -> Result<AtHand> {
    let data = scripts.root.join(REAL_DATA);
    if !data.is_dir() {
        return Ok(Err(format!("there is no `{REAL_DATA}`")));
    }

    let path = folder.join("paris.parquet");
    let mut command = scripts.command("paris.py");
    command.args([
        &data.join("counters-paris"),
        &data.join("calendar-fr"),
        &path,
    ]);
    printed(&mut command)?;

    Ok(Ok(DataSet {
        name: "paris",
        path,
        time_zone: "Europe/Paris",
    }))
}

fn capital(scripts: &Scripts<'_>, folder: &Path) -> Result<AtHand> {
    let path = folder.join("capital.parquet");
    let reason = printed(scripts.command("capital.py").arg(&path))?;
    let data_set = DataSet {
        name: "capital",
        path,
        time_zone: "America/New_York",
    };

    Ok(if data_set.path.is_file() {
        Ok(data_set)
    } else {
        Err(reason.trim().to_owned())
    })
}

/// The scripts of `tests/bench/training`, and the program that they measure.
pub(crate) struct Scripts<'a> {
    pub(crate) root: &'a Path,
    /// A Python that has `tests/bench/training/requirements.txt`.
    pub(crate) python: &'a Path,
    pub(crate) program: &'a Path,
}

impl Scripts<'_> {
    fn command(&self, script: &str) -> Command {
        let mut command = Command::new(self.python);
        command
            .arg(self.root.join("tests/bench/training").join(script))
            .current_dir(self.root);
        command
    }

    /// Output of `script` for a data set.
    fn run(&self, script: &str, data_set: &DataSet, arguments: &[(&str, u32)]) -> Result<String> {
        let mut command = self.command(script);
        command
            .arg("--program")
            .arg(self.program)
            .arg("--dataset")
            .arg(&data_set.path);
        command.args(["--time-zone", data_set.time_zone]);

        for (name, value) in arguments {
            command.args([name, &*value.to_string()]);
        }

        // Each fold and each month is told as it ends.
        printed(command.stderr(Stdio::inherit()))
    }
}

fn record_comparison(name: &str, json: &str, measurements: &mut Measurements) -> Result<()> {
    let Comparison { folds } =
        serde_json::from_str(json).context("run.py did not print its comparison")?;
    let rows: f64 = folds.iter().map(|fold| fold.rows).sum();

    let mean = |of: fn(&Fold) -> Trained| {
        let error = folds
            .iter()
            .map(|fold| fold.rows * of(fold).mae)
            .sum::<f64>()
            / rows;

        (
            error,
            folds.iter().map(|fold| of(fold).seconds).sum::<f64>() / folds.len() as f64,
        )
    };

    let (ours, seconds) = mean(|fold| fold.filrouge);

    for (peer, (error, peer_seconds)) in [
        ("lightgbm", mean(|fold| fold.lightgbm)),
        ("scikit_learn", mean(|fold| fold.scikit_learn)),
    ] {
        report(&format!(
            "{name}: error {ours:.4} in {seconds:.1} s, {peer} {error:.4} in {peer_seconds:.1} s"
        ));
        measurements.record(&format!("train_{name}_error_of_{peer}"), ours / error);
    }

    measurements.record(&format!("train_{name}_mae"), ours);
    measurements.record(&format!("train_{name}_seconds"), seconds);

    if let Some((last, search)) = folds.first().and_then(|fold| Some((fold, fold.search?))) {
        let (error, time) = (
            last.filrouge.mae / search.mae,
            last.filrouge.seconds / search.seconds,
        );

        report(&format!(
            "{name}: {error:.3} × the error of the search in {time:.3} × its {:.0} s",
            search.seconds
        ));
        measurements.record(&format!("train_{name}_error_of_search"), error);
        measurements.record(&format!("train_{name}_time_of_search"), time);
    }

    Ok(())
}

fn record_replay(name: &str, json: &str, measurements: &mut Measurements) -> Result<()> {
    let Replay { skill, worst_month } =
        serde_json::from_str(json).context("replay.py did not print its months")?;

    report(&format!(
        "{name}: skill {:.1} %, worst month {:.1} %",
        100.0 * skill,
        100.0 * worst_month
    ));
    measurements.record(&format!("replay_{name}_skill_pct"), 100.0 * skill);
    measurements.record(
        &format!("replay_{name}_worst_month_pct"),
        100.0 * worst_month,
    );

    Ok(())
}

#[cfg(test)]
mod tests;
