//! The jury's door as its users see it.

mod archive;
mod expectation;
mod planted;
