//! Limits that bound the work of a reading, whatever the submission. What grows as its files is not
//! limited here; what might grow as their square is.

/// Definitions of one name that a call may mean; beyond, the first ones.
pub(crate) const SAME_NAME: usize = 16;
/// Names that the import of a file is looked for under.
pub(crate) const IMPORTED: usize = 100;
/// Names of the body of one function that are looked up.
pub(crate) const NAMES: usize = 1_000;
/// Functions that one function calls, and that are followed.
pub(crate) const CALLED: usize = 100;
/// Functions reached from one test or one route, the nearest first.
pub(crate) const REACHED: usize = 1_000;
/// Functions reached from all tests and routes together, each counted once for each of them.
pub(crate) const REACHED_IN_ALL: usize = 1_000_000;
/// Routes that one request may mean.
pub(crate) const ASKED: usize = 16;
/// Comparisons of a request with a route, in all.
pub(crate) const COMPARED: usize = 2_000_000;
/// Bytes kept of the calls of a file, for each of its bytes.
pub(crate) const KEPT_OF_A_BYTE: usize = 32;
/// Bytes kept of the calls of any file, however small.
pub(crate) const KEPT_OF_A_FILE: usize = 4 << 10;
/// Letters of the name of a function, a job, a step.
pub(crate) const NAME: usize = 120;
/// Routes that one function answers, and guards that they name.
pub(crate) const ROUTES_OF_ONE: usize = 32;
/// Lines that stand before every job of GitLab, and jobs that are shown with them.
pub(crate) const SHARED_LINES: usize = 50;
pub(crate) const SHARING_JOBS: usize = 20;
/// Bytes of the path of a file.
pub(crate) const PATH: usize = 1_024;
/// Letters of the subject of a commit.
pub(crate) const SUBJECT: usize = 200;

/// Proofs that one file declares.
pub(crate) const PROOFS_OF_A_FILE: usize = 500;
/// Lines between the comment of a proof and the thing or the title that it is bound to.
pub(crate) const FAR: usize = 5_000;

/// Lines of the report about parts of files left unread.
pub(crate) const SKIPPED: usize = 100;
