#![doc = include_str!("../README.md")]

pub mod compare;
pub mod grid;
pub mod index;
pub mod output;
pub mod proof;
pub mod referential;
pub mod replay;
pub mod report;
pub mod verify;
