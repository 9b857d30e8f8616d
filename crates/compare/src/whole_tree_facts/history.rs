//! What the git history shows: versions, a remote, a rhythm, fixes that a page tells.

use crate::corpus::Corpus;
use crate::fact::{Fact, FactKind};
use crate::tree::{Commit, History};

pub(super) fn facts(corpus: &Corpus, history: &History) -> Vec<Fact> {
    let commits = &history.commits;
    let fact = |kind, what: String| Fact::new(kind, "", 0, "", what);
    let mut found = Vec::new();

    if commits.is_empty() {
        return found;
    }

    found.push(fact(
        FactKind::Versioned,
        format!(
            "{} commits{}",
            commits.len(),
            if history.is_shallow {
                " (historique coupé)"
            } else {
                ""
            }
        ),
    ));

    if history.has_remote {
        found.push(fact(
            FactKind::Remote,
            "un dépôt distant est configuré".to_owned(),
        ));
    }

    let days: std::collections::BTreeSet<i64> = commits
        .iter()
        .map(|commit| commit.time.div_euclid(86_400))
        .collect();
    let merges = commits.iter().filter(|commit| commit.is_merge).count();
    let authors: std::collections::BTreeSet<u64> =
        commits.iter().map(|commit| commit.author).collect();

    if days.len() >= 5 {
        let what = format!(
            "travail réparti sur {} jours, {} branches, {merges} fusions, {} auteurs",
            days.len(),
            history.branches,
            authors.len()
        );
        found.push(fact(FactKind::Rhythm, what));
    }

    if let Some(fix) = commits.iter().find(|commit| is_fix(commit)) {
        found.push(fact(
            FactKind::FixCommit,
            format!("correctif {:.8} : {}", fix.id, fix.subject),
        ));
    }

    for page in corpus.pages.iter().filter(|page| page.is_incident) {
        for (hash, line) in &page.hashes {
            if let Some(commit) = commits
                .iter()
                .find(|commit| commit.id.starts_with(hash.as_str()))
            {
                let what = format!(
                    "la page cite le commit {:.8} : {}",
                    commit.id, commit.subject
                );
                found.push(Fact::new(
                    FactKind::FixCommitTold,
                    &page.path,
                    *line,
                    "",
                    what,
                ));
            }
        }
    }

    found
}

fn is_fix(commit: &Commit) -> bool {
    let subject = commit.subject.to_lowercase();
    ["fix", "corrig", "correct", "hotfix", "bug"]
        .iter()
        .any(|word| subject.contains(word))
}
