#![doc = include_str!("../README.md")]

pub mod index;
pub mod proof;
pub mod referential;
pub mod replay;
pub mod verify;
