//! The program as a whole: what its manifests promise, what its commands answer, what a kill leaves behind.

mod bad_input;
mod invariants;
mod killed;
mod program;
