use std::path::PathBuf;

use chrono_tz::Tz;
use filrouge_model::TrainingWindow;
use filrouge_model::evaluation::Evaluation;
use filrouge_onnx_runtime::Runtime;
use filrouge_types::Clock;

use crate::data_tests::Finding;
use crate::fidelity::Fidelity;

/// Settings of one training.
#[derive(Debug, Clone)]
pub struct TrainOptions {
    /// Folder of the versions, such as `models/demand`. Made when it is not there.
    pub models: PathBuf,
    /// Same data and same seed give the same bytes of ONNX.
    pub seed: u64,
    /// Time zone of the city: it gives the hour of the day.
    pub time_zone: Tz,
    /// Rows that trees are grown on, at most; a larger data set is sampled.
    pub budget: usize,
    /// Commit of the program's source, when known.
    pub commit: Option<String>,
    /// Puts the version into service at once.
    pub promote: bool,
}

/// The outside world, as training sees it.
pub struct TrainContext<'a> {
    /// ONNX Runtime, to compare the exported graph with the trainer.
    pub runtime: &'a Runtime,
    /// Dates the version.
    pub clock: &'a dyn Clock,
    /// Told at the beginning of each step.
    pub progress: &'a (dyn Fn(TrainStep) + Sync),
}

/// A step of training, in the order in which they come; folds may come together, in any order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrainStep {
    /// The Poisson regression of the system's demand.
    SystemDemand,
    /// A model of the backtest learns the past of one origin and forecasts the hours after it.
    Fold {
        /// From 1.
        number: usize,
        /// Number of folds.
        of: usize,
    },
    /// The version's own trees learn from every hour.
    Boosting {
        /// Trees to grow.
        trees: usize,
    },
    /// The graph is written and compared with the trainer.
    Export,
}

/// Result of a training.
#[derive(Debug, Clone)]
pub struct TrainReport {
    /// Its name: last day of training, then a hash.
    pub version: String,
    /// The folder that it was written in.
    pub folder: PathBuf,
    /// The hours, rows and stations that it was trained on.
    pub training: TrainingWindow,
    /// Number of trees.
    pub trees: usize,
    /// Measures on the hours of the backtest.
    pub evaluation: Evaluation,
    /// Agreement of the graph and the trainer.
    pub fidelity: Fidelity,
    /// Warnings of the tests of the data set.
    pub findings: Vec<Finding>,
}

impl Default for TrainOptions {
    fn default() -> Self {
        Self {
            models: PathBuf::from("models/demand"),
            seed: 1,
            time_zone: chrono_tz::UTC,
            budget: 120_000,
            commit: None,
            promote: true,
        }
    }
}
