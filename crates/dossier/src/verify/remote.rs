//! The remote of the clone: a file is published when one of its branches holds the commit that
//! changed it last. The network is not asked: the last `git fetch` or `git push` says it.

use std::path::Path;

use super::{Finding, git};

/// The finding on a file that has to be in a repository that others reach.
pub(super) fn look(root: &Path, file: &str) -> Finding {
    let commit = git(root, &["log", "-1", "--format=%H", "--", file]).unwrap_or_default();
    if commit.is_empty() {
        return Finding::DoesNotHold(format!("aucun commit ne porte {file}"));
    }

    if remotes(root).is_empty() {
        let branch = git(root, &["branch", "--show-current"]).unwrap_or_default();
        return Finding::NotPlayed(format!(
            "ce clone n'a pas de dépôt distant ; git remote add origin ADRESSE && git push -u origin {}",
            if branch.is_empty() { "HEAD" } else { &branch }
        ));
    }

    if published(root, &commit) {
        Finding::Holds
    } else {
        Finding::NotPlayed(format!(
            "aucune branche distante connue de ce clone ne porte le commit {commit:.12} ; git push, ou git fetch"
        ))
    }
}

fn remotes(root: &Path) -> Vec<String> {
    let names = git(root, &["remote"]).unwrap_or_default();
    names.lines().map(str::to_owned).collect()
}

fn published(root: &Path, commit: &str) -> bool {
    let holding = ["for-each-ref", "--contains", commit, "refs/remotes"];
    git(root, &holding).is_ok_and(|branches| !branches.is_empty())
}

/// The remote in French: the one of the current branch, else the first; its address; the last tag.
pub(super) fn described(root: &Path) -> Option<String> {
    let upstream = git(root, &["rev-parse", "--abbrev-ref", "@{upstream}"]).ok();
    let remotes = remotes(root);
    let is_upstream = |name: &&String| {
        let branch = upstream
            .as_deref()
            .and_then(|branch| branch.strip_prefix(name.as_str()));
        branch.is_some_and(|rest| rest.starts_with('/'))
    };
    let name = remotes.iter().find(is_upstream).or(remotes.first())?;

    let address = git(root, &["remote", "get-url", name]).unwrap_or_default();
    let tag = git(root, &["describe", "--tags", "--abbrev=0"]).map_or_else(
        |_| "aucune étiquette".to_owned(),
        |tag| format!("étiquette {tag}"),
    );
    let place = upstream.as_ref().unwrap_or(name);
    Some(format!("{place}, {}, {tag}", without_user(&address)))
}

/// The address without the name and the secret that it may hold.
fn without_user(address: &str) -> String {
    match address.split_once("://") {
        Some((scheme, rest)) => {
            let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
            let host = host.rsplit('@').next().unwrap_or(host);
            format!("{scheme}://{host}/{path}")
        }
        None => address.to_owned(),
    }
}

#[cfg(test)]
mod tests;
