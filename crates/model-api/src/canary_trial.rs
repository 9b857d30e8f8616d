//! A canary under judgement, and the file that keeps its evidence from one start to the next.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use filrouge_model::HORIZON_HOURS;
use filrouge_model::canary::{
    CanaryBounds, CanaryDecision, CanaryEvidence, CanaryVerdict, PairedHour, PairedTimes,
};
use filrouge_storage::replace_file;
use filrouge_types::Hour;
use serde::{Deserialize, Serialize};

use crate::monitor::Monitor;

/// The folder of the trials, beside the versions.
const FOLDER: &str = "canaries";

/// The draws of a verdict come from one seed: the file gives the same verdict again.
const SEED: u64 = 1;

/// A canary beside the champion: the evidence, and the outcome.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct CanaryTrial {
    pub(crate) version: String,
    pub(crate) champion: String,
    /// First hour compared.
    pub(crate) from: Hour,
    pub(crate) outcome: CanaryOutcome,
    pub(crate) verdict: Option<CanaryVerdict>,
    /// Those of the start: a change of `gates.toml` judges the next one.
    pub(crate) bounds: CanaryBounds,
    pub(crate) times: PairedTimes,
    pub(crate) hours: Vec<PairedHour>,
}

/// The outcome of a canary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CanaryOutcome {
    /// Il est en cours.
    Running,
    /// La version est devenue la championne.
    Promoted,
    /// La championne répond de nouveau à tous.
    RolledBack,
    /// Arrêté avant tout verdict : une personne l’a demandé, ou la championne a changé.
    Stopped,
}

/// A trial under way, and the journal of the canary's forecasts.
#[derive(Debug)]
pub(crate) struct RunningTrial {
    pub(crate) monitor: Monitor,
    trial: Mutex<CanaryTrial>,
}

impl CanaryTrial {
    /// A trial that begins when `last_counted` is known.
    pub(crate) fn starting(
        version: &str,
        champion: &str,
        bounds: &CanaryBounds,
        last_counted: Hour,
    ) -> Self {
        Self {
            version: version.to_owned(),
            champion: champion.to_owned(),
            // The champion forecast the next day already, without knowing what is known now: the
            // comparison begins with the hours that both forecast from the same knowledge.
            from: last_counted + HORIZON_HOURS + 1,
            outcome: CanaryOutcome::Running,
            verdict: None,
            bounds: bounds.clone(),
            times: PairedTimes::default(),
            hours: Vec::new(),
        }
    }

    pub(crate) fn is_running(&self) -> bool {
        self.outcome == CanaryOutcome::Running
    }

    /// Writes the trial in the folder of the versions, whole or not at all.
    pub(crate) fn write(&self, models: &Path) -> io::Result<()> {
        replace_file(&self.path(models), serde_json::to_vec_pretty(self)?)
    }

    /// The trial that runs, else the last one that began.
    pub(crate) fn last(models: &Path) -> Option<Self> {
        let entries = fs::read_dir(models.join(FOLDER)).ok()?;
        let trials = entries.filter_map(|entry| read(&entry.ok()?.path()));
        trials.max_by_key(|trial| (trial.is_running(), trial.from))
    }

    /// The file of the canary's forecasts, while it runs.
    pub(crate) fn journal(&self, models: &Path) -> PathBuf {
        self.path(models).with_extension("journal")
    }

    fn path(&self, models: &Path) -> PathBuf {
        // A version may be tried twice: each trial keeps its evidence.
        let began = self.from.start().format("%Y%m%dT%H");
        let name = format!("{}.{began}.json", self.version);
        models.join(FOLDER).join(name)
    }
}

impl RunningTrial {
    /// Goes on with the journal that the trial left, if any.
    pub(crate) fn resume(trial: CanaryTrial, models: &Path) -> Self {
        Self {
            monitor: Monitor::kept_in(Some(trial.journal(models))),
            trial: Mutex::new(trial),
        }
    }

    /// The trial as it is now.
    pub(crate) fn trial(&self) -> CanaryTrial {
        self.lock().clone()
    }

    /// Adds one reading of the data: the times that both took for the next day, and the hours that
    /// came. Gives the trial with its verdict.
    pub(crate) fn judge(
        &self,
        champion: (&Monitor, Duration),
        canary_time: Duration,
        last_counted: Hour,
    ) -> CanaryTrial {
        let mut trial = self.lock();
        let (monitor, champion_time) = champion;

        trial.times.pairs += 1;
        let most = champion_time.mul_f64(trial.bounds.most_slowdown);
        trial.times.too_slow += u64::from(canary_time > most);

        trial.hours = self.monitor.paired_with(monitor, trial.from);
        let evidence = CanaryEvidence {
            from: trial.from,
            last_counted,
            hours: &trial.hours,
            times: trial.times,
        };
        let verdict = trial.bounds.judge(&evidence, SEED);

        trial.verdict = Some(verdict);
        trial.outcome = match verdict.decision {
            CanaryDecision::Wait => CanaryOutcome::Running,
            CanaryDecision::Promote => CanaryOutcome::Promoted,
            CanaryDecision::RollBack => CanaryOutcome::RolledBack,
        };
        trial.clone()
    }

    fn lock(&self) -> MutexGuard<'_, CanaryTrial> {
        self.trial.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A trial that can be read; another file tells nothing.
fn read(path: &Path) -> Option<CanaryTrial> {
    let is_trial = path
        .extension()
        .is_some_and(|extension| extension == "json");
    let text = is_trial.then(|| fs::read(path).ok())??;

    serde_json::from_slice(&text)
        .inspect_err(|error| tracing::warn!(%error, path = %path.display(), "not a canary's trial"))
        .ok()
}
