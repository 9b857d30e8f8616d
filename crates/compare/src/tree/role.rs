//! The role of a file in its tree, by its path.

use super::language::Language;
use crate::lexicon::FILES;
use crate::text::{file_name, folders};

/// The reason for which a file is in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Code of the candidate.
    Source,
    /// Tests of the candidate.
    Test,
    /// A page that a person reads.
    Document,
    /// Configuration, schema or data that the extractors know how to read.
    Configuration,
    /// Rows of data.
    Data,
    /// Installed or built by a tool: no evidence.
    Vendored,
    /// Food of the tests: it is read by them, never run, and shows nothing of the submission.
    Fixture,
    /// Not text.
    Binary,
}

impl Role {
    /// The role of the file at `path`, from the root, with `/`.
    pub(crate) fn of(path: &str) -> Self {
        let name = file_name(path).to_ascii_lowercase();
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);

        if is_vendored(path) || is_generated(&name) {
            Self::Vendored
        } else if FILES.endings.binary.has(extension) {
            Self::Binary
        } else if fixtures(path).is_some() {
            Self::Fixture
        } else {
            Self::of_language(Language::of(path), is_test(path, &name))
        }
    }

    fn of_language(language: Language, is_test: bool) -> Self {
        use Language as L;

        match language {
            L::Python | L::JavaScript | L::TypeScript | L::Rust if is_test => Self::Test,
            L::Python | L::JavaScript | L::TypeScript | L::Rust => Self::Source,
            L::Notebook | L::Sql | L::Shell => Self::Source,
            L::Markdown => Self::Document,
            L::Rows => Self::Data,
            _ => Self::Configuration,
        }
    }
}

fn is_vendored(path: &str) -> bool {
    folders(path).any(|folder| {
        FILES.folders.vendored.has(folder)
            || folder.ends_with(".egg-info")
            || folder.starts_with("venv")
            || folder.ends_with("venv")
    })
}

/// The folder of test data that a file stands in.
pub(super) fn fixtures(path: &str) -> Option<&str> {
    let words = &FILES.folders;
    let (folders, name) = path.rsplit_once('/')?;
    let is_code = FILES.endings.code.any_ends(name);
    let (mut below_tests, mut end) = (false, 0);

    for folder in folders.split('/') {
        end += folder.len();

        // Helpers are run, so code counts where only the name of the folder speaks for data.
        let is_always = words.fixtures.has(folder) && (below_tests || !is_code);
        let is_theirs = folder == "submissions" || (words.below_tests.has(folder) && !is_code);
        if is_always || (below_tests && is_theirs) {
            return path.get(..end);
        }

        below_tests |= words.tests.has(folder);
        end += 1;
    }

    None
}

fn is_generated(name: &str) -> bool {
    FILES.endings.generated.any_ends(name) || FILES.endings.generated_names.has(name)
}

/// A test by the habits of pytest, unittest, jest, vitest, Django and cargo.
fn is_test(path: &str, name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name);

    stem.starts_with("test_")
        || stem.ends_with("_test")
        || stem.ends_with("_tests")
        || ["tests", "conftest"].contains(&stem)
        || name.contains(".test.")
        || name.contains(".spec.")
        || folders(path).any(|folder| FILES.folders.tests.has(folder))
}
