#![doc = include_str!("../README.md")]

pub mod availability;
mod bias_correction;
pub mod canary;
pub mod champion;
mod description;
pub mod evaluation;
mod explain;
mod features;
mod hindcast;
mod history;
pub mod monitoring;
mod prediction;
mod predictor;
mod system_demand;

pub use bias_correction::{BiasCorrection, CORRECTION_HOURS, ForecastActual};
pub use description::{Description, FORMAT, FeatureReference, TrainingWindow};
pub use explain::{Explanation, ShapleyPermutations};
pub use features::{
    CORRECTION, FEATURE_COUNT, FEATURE_NAMES, Features, LEVEL, REACH_HOURS, SCALE, features,
};
pub use history::{ConditionValues, HORIZON_HOURS, History, HistoryError, HistoryRow};
pub use prediction::Prediction;
pub use predictor::{Predictor, PredictorError};
pub use system_demand::{DESIGN_COLUMNS, DesignRow, Expected, SystemDemandModel, SystemResidual};
