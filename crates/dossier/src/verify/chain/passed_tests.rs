//! The tests that passed in a `cargo test`, by its log.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::Path;

use crate::verify::libtest;

/// What the test binaries printed. The name of each ends with a hash of its package, its target and
/// its features: no other binary of a commit has it.
#[derive(Debug, Default)]
pub(crate) struct PassedTests {
    printed: BTreeMap<OsString, String>,
}

impl PassedTests {
    /// Adds the log of a `cargo test`.
    pub(super) fn add(&mut self, log: &str) {
        let mut binary = None;

        for line in log.lines() {
            match started(line) {
                Some(Started::Binary(name)) => binary = Some(name),
                Some(Started::Other) => binary = None,
                None => {
                    if let Some(name) = &binary {
                        let printed = self.printed.entry(name.clone()).or_default();
                        printed.push_str(line);
                        printed.push('\n');
                    }
                }
            }
        }
    }

    /// Those of these tests that passed in a binary.
    pub(crate) fn of<'all>(
        &self,
        executable: &Path,
        names: &BTreeSet<&'all str>,
    ) -> BTreeSet<&'all str> {
        let name = executable.file_name().unwrap_or_default();
        let printed = self.printed.get(name);
        printed.map_or_else(BTreeSet::new, |printed| libtest::passed(printed, names))
    }
}

/// What a line of the log says to start.
enum Started {
    /// The name of a test binary.
    Binary(OsString),
    /// The tests of documents, or another step of the chain.
    Other,
}

/// Reads `     Running unittests src/lib.rs (target/debug/deps/a-0123)`.
fn started(line: &str) -> Option<Started> {
    if line.starts_with("   Doc-tests ") || line.starts_with("$ ") {
        return Some(Started::Other);
    }

    let (_, path) = line.strip_prefix("     Running ")?.rsplit_once(" (")?;
    let name = Path::new(path.strip_suffix(')')?).file_name()?;
    Some(Started::Binary(name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "$ cargo test
    Finished `test` profile [unoptimized] target(s) in 0.51s
     Running unittests src/lib.rs (/cache/target/debug/deps/small-01)

running 4 tests
test tests::later ... ignored, it lasts
test tests::passes ... ok
test tests::of_another_package ... ok
test tests::fails ... FAILED

test result: FAILED. 2 passed; 1 failed; 1 ignored
     Running tests/it/main.rs (target/debug/deps/it-02)

running 2 tests
test told::slowly ... what it prints
ok
words without an end of line: test told::hidden ... ok
   Doc-tests small

running 1 test
test told::hidden ... ok
";

    #[test]
    fn a_test_passed_when_the_log_says_so_of_its_own_binary() {
        let mut passed = PassedTests::default();
        passed.add(LOG);
        let of = |executable: &str, names: &[&'static str]| {
            let names = names.iter().copied().collect();
            let found = passed.of(Path::new(executable), &names);
            found.into_iter().collect::<Vec<_>>()
        };

        let unit = [
            "tests::passes",
            "tests::later",
            "tests::fails",
            "tests::absent",
        ];
        assert_eq!(of("target/debug/deps/small-01", &unit), ["tests::passes"]);
        assert_eq!(
            of("/c/deps/it-02", &["told::slowly", "told::hidden"]),
            ["told::slowly"]
        );
        // The same name with other features.
        assert_eq!(of("target/debug/deps/small-03", &unit), [""; 0]);
    }
}
