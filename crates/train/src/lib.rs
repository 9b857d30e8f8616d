#![doc = include_str!("../README.md")]

mod backtest;
mod bias_correction;
mod boosting;
mod calibration;
mod canary_replay;
mod cholesky;
mod conformal;
pub mod data_tests;
mod ensemble;
mod evaluate;
mod examples;
mod export;
mod fidelity;
mod folds;
pub mod gates;
mod job;
mod model_card;
mod numpy;
mod onnx;
mod reference;
mod sample;
mod scores;
mod slices;
mod system_demand;
mod training;
mod version;

pub use canary_replay::{CanaryReplay, ReplayInputs, replay_canary};
pub use evaluate::{SlicedEvaluation, evaluate, predict};
pub use fidelity::Fidelity;
pub use job::{TrainContext, TrainOptions, TrainReport, TrainStep};
pub use numpy::write_features;
pub use slices::Slice;
pub use training::train;
