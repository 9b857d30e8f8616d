//! Commits of a submission.

/// One commit, as far as the reading needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Commit {
    pub(crate) id: String,
    /// Seconds since 1970.
    pub(crate) time: i64,
    pub(crate) is_merge: bool,
    /// Hash of the author's address: authors are counted, never named.
    pub(crate) author: u64,
    pub(crate) subject: String,
}

/// The history up to the commit that was read, latest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct History {
    pub(crate) commits: Vec<Commit>,
    pub(crate) branches: usize,
    pub(crate) has_remote: bool,
    /// The clone was cut: the commits before cannot be seen.
    pub(crate) is_shallow: bool,
}
