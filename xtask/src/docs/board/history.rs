//! The history of the commits: how many criteria are proved, commits a day, time from red test to fix.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// Length of the slots whose last commit is looked at, in seconds.
const SLOT: u64 = 3 * 3600;

/// Where proofs are spoken of, and not declared.
const ELSEWHERE: [&str; 6] = [
    ":!docs/preuves",
    ":!crates/compare",
    ":!crates/dossier",
    ":!crates/*/tests/submissions",
    // Texts of tests.
    ":!xtask/src/*/tests.rs",
    ":!CHANGELOG.md",
];

/// The history up to a commit.
pub(super) struct CommitHistory {
    pub(super) until: String,
    /// Criteria of the certification.
    pub(super) criteria: usize,
    pub(super) samples: Vec<Sample>,
    pub(super) days: Vec<WorkDay>,
    pub(super) cycles: Vec<CycleTime>,
}

/// The repository at the last commit of a slot.
pub(super) struct Sample {
    /// Date and hour, UTC.
    pub(super) at: String,
    /// Seconds since 1970.
    pub(super) seconds: u64,
    pub(super) commit: String,
    /// Criteria that some comment says to be proved.
    pub(super) proved: usize,
    /// Commits up to this one.
    pub(super) commits: usize,
}

pub(super) struct WorkDay {
    pub(super) date: String,
    pub(super) commits: usize,
    /// Rows of the journal of that date.
    pub(super) incidents: usize,
}

/// A fault of the journal whose red test and fix are two commits.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct CycleTime {
    pub(super) date: String,
    pub(super) red: String,
    pub(super) fix: String,
    pub(super) minutes: u64,
}

/// A commit of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CommitRow {
    pub(super) hash: String,
    pub(super) seconds: u64,
    /// Date and hour, UTC: `2026-11-24 08:53`.
    pub(super) at: String,
}

impl CommitHistory {
    pub(super) fn read(root: &Path, until: &str) -> Result<Self> {
        let commits = commits(root, until)?;
        let journal = git(
            root,
            &["show", &format!("{until}:docs/incidents/journal.md")],
        )?;
        let referential = git(
            root,
            &["show", &format!("{until}:data/referential/rncp37827.toml")],
        )?;

        Ok(Self {
            until: until.to_owned(),
            criteria: criteria(&referential).len(),
            samples: samples(root, &commits, &criteria(&referential))?,
            days: days(&commits, &journal),
            cycles: cycle_times(&journal, &commits),
        })
    }
}

/// True when the whole history up to a commit is here.
pub(super) fn holds(root: &Path, commit: &str) -> Result<bool> {
    let shallow = git(root, &["rev-parse", "--is-shallow-repository"]);
    let is_whole = shallow.is_ok_and(|answer| answer.trim() == "false");
    let name = format!("{commit}^{{commit}}");
    Ok(is_whole && git(root, &["merge-base", "--is-ancestor", &name, "HEAD"]).is_ok())
}

pub(super) fn head(root: &Path) -> Result<String> {
    Ok(git(root, &["rev-parse", "HEAD"])?.trim().to_owned())
}

/// Commits up to `until`, the first one first.
fn commits(root: &Path, until: &str) -> Result<Vec<CommitRow>> {
    let format = "--format=%H %ct %cd";
    let date = "--date=format-local:%Y-%m-%d %H:%M";
    let listed = git(
        root,
        &["log", "--reverse", "--topo-order", format, date, until],
    )?;

    let mut commits: Vec<CommitRow> = listed.lines().filter_map(commit).collect();
    ensure!(!commits.is_empty(), "git lists no commit up to `{until}`");
    // A branch that was merged tells its commits after those that it was merged with.
    commits.sort_by_key(|commit| commit.seconds);
    Ok(commits)
}

fn commit(line: &str) -> Option<CommitRow> {
    let (hash, rest) = line.split_once(' ')?;
    let (seconds, at) = rest.split_once(' ')?;
    Some(CommitRow {
        hash: hash.to_owned(),
        seconds: seconds.parse().ok()?,
        at: at.to_owned(),
    })
}

/// Numbers of the criteria, as the referential lists them.
fn criteria(referential: &str) -> BTreeSet<String> {
    let numbers = referential.split('"').filter(|text| is_criterion(text));
    numbers.map(str::to_owned).collect()
}

/// `C14.3`.
fn is_criterion(text: &str) -> bool {
    let parts = text.strip_prefix('C').and_then(|rest| rest.split_once('.'));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    parts.is_some_and(|(competency, criterion)| is_number(competency) && is_number(criterion))
}

fn samples(root: &Path, commits: &[CommitRow], known: &BTreeSet<String>) -> Result<Vec<Sample>> {
    let numbered: Vec<_> = (1..).zip(commits).collect();
    // The last commit of a slot is the one whose next is in another slot.
    let is_last = |place: usize| {
        let slot = |place: usize| commits.get(place).map(|commit| commit.seconds / SLOT);
        slot(place) != slot(place + 1)
    };

    let kept = numbered
        .iter()
        .enumerate()
        .filter(|(place, _)| is_last(*place));
    kept.map(|(_, (count, commit))| {
        Ok(Sample {
            at: commit.at.clone(),
            seconds: commit.seconds,
            commit: commit.hash.clone(),
            proved: proved(root, &commit.hash)?.intersection(known).count(),
            commits: *count,
        })
    })
    .collect()
}

/// Criteria that the files of a commit say to be proved.
fn proved(root: &Path, commit: &str) -> Result<BTreeSet<String>> {
    let pattern = "Preuve( principale)?: C[0-9]+\\.[0-9]+";
    let mut arguments = vec!["grep", "-hoE", pattern, commit, "--"];
    arguments.extend(ELSEWHERE);
    // No match is an answer: the first commits declare nothing.
    let found = git_output(root, &arguments)?.unwrap_or_default();

    let numbers = found.lines().filter_map(|line| line.rsplit(' ').next());
    Ok(numbers.map(str::to_owned).collect())
}

fn days(commits: &[CommitRow], journal: &str) -> Vec<WorkDay> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for commit in commits {
        let date = commit.at.split(' ').next().unwrap_or_default();
        *counts.entry(date).or_default() += 1;
    }

    let day = |(date, commits): (&str, usize)| WorkDay {
        date: date.to_owned(),
        commits,
        incidents: journal
            .lines()
            .filter(|line| line.starts_with(&format!("| {date} |")))
            .count(),
    };
    counts.into_iter().map(day).collect()
}

/// Cycle times of the rows of the journal that name two commits.
pub(super) fn cycle_times(journal: &str, commits: &[CommitRow]) -> Vec<CycleTime> {
    let found = |short: &str| commits.iter().find(|commit| commit.hash.starts_with(short));
    let of_row = |row: &str| {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [date, .., red, fix] = cells[..] else {
            return None;
        };
        let (red, fix) = (first_hash(red)?, first_hash(fix)?);
        let seconds = found(fix)?.seconds.checked_sub(found(red)?.seconds)?;
        (red != fix).then(|| CycleTime {
            date: date.to_owned(),
            red: red.to_owned(),
            fix: fix.to_owned(),
            minutes: seconds / 60,
        })
    };

    let rows = journal.lines().filter(|line| line.starts_with("| 20"));
    rows.filter_map(of_row).collect()
}

/// The first short hash among the code of a cell.
fn first_hash(cell: &str) -> Option<&str> {
    let is_hash = |text: &&str| text.len() == 7 && u32::from_str_radix(text, 16).is_ok();
    cell.split('`').find(is_hash)
}

fn git(root: &Path, arguments: &[&str]) -> Result<String> {
    git_output(root, arguments)?.with_context(|| format!("git {} failed", arguments.join(" ")))
}

/// The output of git; none where it ends with an error.
fn git_output(root: &Path, arguments: &[&str]) -> Result<Option<String>> {
    let mut git = Command::new("git");
    // Dates are those of UTC on every machine.
    git.args(arguments).current_dir(root).env("TZ", "UTC");
    let output = git.output().context("cannot run git")?;

    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(output.status.success().then_some(text))
}
