#![doc = include_str!("../README.md")]

mod card;
pub mod checks;
mod ensemble;
mod evaluate;
mod examples;
mod export;
mod fidelity;
mod fit;
mod head;
mod onnx;
mod reference;
mod rolling;
mod sample;
mod score;
mod train;
mod version;

pub use evaluate::{evaluate, predict};
pub use fidelity::Fidelity;
pub use train::{TrainContext, TrainOptions, TrainReport, TrainStep, train};
