#![doc = include_str!("../README.md")]

pub mod compare;
#[cfg(test)]
mod fuzz;
pub mod grid;
pub mod index;
pub mod output;
mod package;
pub mod proof;
pub mod referential;
pub mod replay;
pub mod report;
pub mod verify;
