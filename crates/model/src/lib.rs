#![doc = include_str!("../README.md")]

pub mod champion;
mod description;
pub mod evaluation;
mod explain;
mod features;
mod history;
mod law;
mod predictor;
mod record;
pub mod watch;

pub use description::{Description, FeatureReference, TrainingWindow};
pub use explain::{Explanation, Walks};
pub use features::{
    FEATURE_COUNT, FEATURE_NAMES, Features, HORIZON_HOURS, LEVEL, REACH_HOURS, RECORD, SCALE,
    features,
};
pub use history::{History, HistoryError, HistoryRow, Known};
pub use law::{Expected, TERMS, Terms, TotalExcess, TotalLaw};
pub use predictor::{Prediction, Predictor, PredictorError};
pub use record::{Judged, RECORD_HOURS, TrackRecord};
