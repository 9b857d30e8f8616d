//! Readers tried on hostile text: for a blink with every test, for ten minutes each on demand.

use std::cell::Cell;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::test_runner::{TestError, TestRunner};

const TIME_IS_UP: &str = "time is up";

/// The time given to one family of readers.
pub(crate) struct FuzzBudget {
    family: String,
    limit: Option<Duration>,
}

impl FuzzBudget {
    /// As long as `FILROUGE_FUZZ_SECONDS` says.
    pub(crate) fn new(family: &str) -> Self {
        let seconds = std::env::var("FILROUGE_FUZZ_SECONDS")
            .ok()
            .and_then(|seconds| seconds.parse().ok());
        Self {
            family: family.to_owned(),
            limit: seconds.map(Duration::from_secs),
        }
    }

    /// Tries `cases` texts, or as many as the time allows; a panic is shrunk and told.
    pub(crate) fn run<S: Strategy>(&self, cases: u32, texts: &S, read: impl Fn(S::Value)) {
        let cases = if self.limit.is_some() {
            u32::MAX
        } else {
            cases
        };
        let config = ProptestConfig {
            cases,
            failure_persistence: None,
            ..ProptestConfig::default()
        };

        let (started, tried) = (Instant::now(), Cell::new(0_u64));
        let outcome = TestRunner::new(config).run(texts, |text| {
            if self.limit.is_some_and(|limit| started.elapsed() > limit) {
                return Err(TestCaseError::fail(TIME_IS_UP));
            }
            tried.set(tried.get() + 1);
            read(text);
            Ok(())
        });

        println!(
            "{}: {} cases in {:.0?}",
            self.family,
            tried.get(),
            started.elapsed()
        );

        match outcome {
            Err(TestError::Fail(reason, _)) if reason.message().contains(TIME_IS_UP) => {}
            other => assert!(
                other.is_ok(),
                "{}",
                other.map_or_else(|error| error.to_string(), |()| String::new())
            ),
        }
    }
}
