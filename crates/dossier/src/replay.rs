//! The jury's 90 minutes, in the order of the oral: the proofs to show within the minutes of each
//! épreuve, their commands, what should be seen, and the criteria that are not ready.

mod case;
mod plan;
mod stage;
#[cfg(test)]
mod tests;

pub use case::RunningCase;
pub use plan::{Part, Plan, Step};
pub use stage::{End, play};
