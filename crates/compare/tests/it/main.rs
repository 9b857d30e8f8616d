//! Whole submissions, read as a jury reads them.

#![expect(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

mod archive;
mod expectation;
mod planted;
