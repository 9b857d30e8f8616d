//! One file a command: arguments in, the work of a library crate, a report in French out.

pub mod aggregate;
pub mod collect;
pub mod doctor;
pub mod evaluate;
pub mod import;
pub mod lake;
pub mod predict;
pub mod serve;
pub mod split;
pub mod train;
pub mod up;
