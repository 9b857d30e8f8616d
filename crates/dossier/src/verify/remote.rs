//! The remote of the clone: a file is published when one of its branches holds the commit that
//! changed it last. The network is not asked: the last `git fetch` or `git push` says it.

use super::Finding;
use crate::git::Git;

/// The finding on files that have to be in a repository that others reach: that of the first one
/// which is not.
pub(super) fn look(git: &Git, files: &[&str]) -> Finding {
    let mut findings = files.iter().map(|file| look_at(git, file));
    findings
        .find(|finding| *finding != Finding::Holds)
        .unwrap_or(Finding::Holds)
}

fn look_at(git: &Git, file: &str) -> Finding {
    let commit = git.run(&["log", "-1", "--format=%H", "--", file]);
    let commit = commit.unwrap_or_default();
    if commit.is_empty() {
        return Finding::DoesNotHold(format!("aucun commit ne porte {file}"));
    }

    if addresses(git).is_empty() {
        let branch = branch(git).unwrap_or_else(|| "HEAD".to_owned());
        return Finding::NotPlayed(format!(
            "ce clone n'a pas de dépôt distant ; git remote add origin ADRESSE && git push -u origin {branch}"
        ));
    }

    if is_published(git, &commit) {
        Finding::Holds
    } else {
        Finding::NotPlayed(format!(
            "aucune branche distante connue de ce clone ne porte le commit {commit:.12} ; git push, ou git fetch"
        ))
    }
}

/// The remotes by name, with their address.
fn addresses(git: &Git) -> Vec<(String, String)> {
    let found = git.settings(r"^remote\..*\.url$").into_iter();
    let named = found.filter_map(|(key, address)| {
        let name = key.strip_prefix("remote.")?.strip_suffix(".url")?;
        Some((name.to_owned(), address))
    });
    named.collect()
}

/// The current branch; none on a commit that no branch stands on.
fn branch(git: &Git) -> Option<String> {
    let branch = git.run(&["branch", "--show-current"]).ok()?;
    Some(branch).filter(|branch| !branch.is_empty())
}

fn is_published(git: &Git, commit: &str) -> bool {
    let holding = ["for-each-ref", "--contains", commit, "refs/remotes"];
    git.run(&holding).is_ok_and(|branches| !branches.is_empty())
}

/// The remote in French: the one of the current branch, else the first; its address; the last tag.
pub(super) fn described(git: &Git) -> Option<String> {
    let remotes = addresses(git);
    let upstream = branch(git).and_then(|branch| upstream(git, &branch));
    let is_upstream = |(name, _): &&(String, String)| {
        let known = upstream.as_ref();
        known.is_some_and(|(remote, _)| remote == name)
    };
    let (name, address) = remotes.iter().find(is_upstream).or(remotes.first())?;

    let tag = git.run(&["describe", "--tags", "--abbrev=0"]).map_or_else(
        |_| "aucune étiquette".to_owned(),
        |tag| format!("étiquette {tag}"),
    );
    let place = upstream.map_or(name.clone(), |(remote, branch)| {
        format!("{remote}/{branch}")
    });
    Some(format!("{place}, {}, {tag}", without_user(address)))
}

/// The remote and its branch that a branch follows.
fn upstream(git: &Git, branch: &str) -> Option<(String, String)> {
    let settings = git.settings(r"^branch\..*\.(remote|merge)$");
    let of_branch = |end: &str| {
        let key = format!("branch.{branch}.{end}");
        let found = settings.iter().find(|(known, _)| *known == key);
        found.map(|(_, value)| value.clone())
    };

    let merged = of_branch("merge")?;
    let merged = merged.strip_prefix("refs/heads/").unwrap_or(&merged);
    Some((of_branch("remote")?, merged.to_owned()))
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
