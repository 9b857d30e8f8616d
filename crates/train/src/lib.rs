#![doc = include_str!("../README.md")]

mod card;
pub mod checks;
mod ensemble;
mod evaluate;
mod examples;
mod export;
mod fidelity;
mod fit;
mod followed;
pub mod gates;
mod head;
mod linear;
mod onnx;
mod reference;
mod rolling;
mod sample;
mod score;
mod slices;
mod table;
mod total;
mod train;
mod version;

pub use evaluate::{Measured, evaluate, evaluate_in_slices, predict};
pub use fidelity::Fidelity;
pub use slices::Slice;
pub use table::write_features;
pub use train::{TrainContext, TrainOptions, TrainReport, TrainStep, train};
