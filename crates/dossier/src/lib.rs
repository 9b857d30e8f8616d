#![doc = include_str!("../README.md")]

pub mod bounded;
mod cargo;
pub mod execution;
mod git;
pub mod grid;
pub mod index;
pub mod output;
mod package;
pub mod referential;
pub mod replay;
pub mod report;
pub mod sandbox;
mod source;
pub mod verify;
