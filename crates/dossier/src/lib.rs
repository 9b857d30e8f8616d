#![doc = include_str!("../README.md")]

mod cargo;
pub mod grid;
pub mod index;
pub mod output;
mod package;
pub mod referential;
pub mod replay;
pub mod report;
pub mod verify;
