//! The git history: versions, a remote, a commit cadence, fixes that a page cites.

use std::collections::BTreeSet;

use crate::corpus::Corpus;
use crate::fact::{Fact, FactKind};
use crate::lexicon::CODE;
use crate::tree::{Commit, History};

/// Least number of days of work: fewer are a delivery in one go.
const DAYS: usize = 5;
const SECONDS_A_DAY: i64 = 86_400;

pub(super) fn facts(corpus: &Corpus, history: &History) -> Vec<Fact> {
    if history.commits.is_empty() {
        return Vec::new();
    }

    let remote = history
        .has_remote
        .then(|| fact(FactKind::Remote, "un dépôt distant est configuré"));
    let mut found = vec![versions(history)];
    found.extend(remote);
    found.extend(cadence(history));
    found.extend(fix(history));
    found.extend(cited_fixes(corpus, history));
    found
}

fn fact(kind: FactKind, what: impl Into<String>) -> Fact {
    Fact::new(kind, "", 0, "", what)
}

fn versions(history: &History) -> Fact {
    let cut = if history.is_shallow {
        " (historique coupé)"
    } else {
        ""
    };
    fact(
        FactKind::Versioned,
        format!("{} commits{cut}", history.commits.len()),
    )
}

fn cadence(history: &History) -> Option<Fact> {
    let commits = &history.commits;
    let days: BTreeSet<i64> = commits
        .iter()
        .map(|commit| commit.time.div_euclid(SECONDS_A_DAY))
        .collect();
    let authors: BTreeSet<u64> = commits.iter().map(|commit| commit.author).collect();
    let merges = commits.iter().filter(|commit| commit.is_merge).count();

    let what = format!(
        "travail réparti sur {} jours, {} branches, {merges} fusions, {} auteurs",
        days.len(),
        history.branches,
        authors.len()
    );
    (days.len() >= DAYS).then(|| fact(FactKind::CommitCadence, what))
}

fn fix(history: &History) -> Option<Fact> {
    let commit = history.commits.iter().find(|commit| is_fix(commit))?;
    let what = format!("correctif {:.8} : {}", commit.id, commit.subject);
    Some(fact(FactKind::FixCommit, what))
}

fn is_fix(commit: &Commit) -> bool {
    CODE.history.fixes.any_in(&commit.subject.to_lowercase())
}

/// Commits that the page of an incident cites.
fn cited_fixes(corpus: &Corpus, history: &History) -> Vec<Fact> {
    let mut found = Vec::new();
    let mut commits: Vec<&Commit> = history.commits.iter().collect();
    commits.sort_by(|left, right| left.id.cmp(&right.id));

    for page in corpus.pages.iter().filter(|page| page.is_incident) {
        for (hash, line) in &page.hashes {
            let at = commits.partition_point(|commit| commit.id < *hash);
            let commit = commits
                .get(at)
                .filter(|commit| commit.id.starts_with(hash.as_str()));
            if let Some(commit) = commit {
                let what = format!(
                    "la page cite le commit {:.8} : {}",
                    commit.id, commit.subject
                );
                let kind = FactKind::FixCommitCited;
                found.push(Fact::new(kind, &page.path, *line, "", what));
            }
        }
    }

    found
}
