//! The proofs that the committed pages tell. A proof whose file was emptied declares nothing any
//! more: the page alone remembers that it was there.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::Path;

use super::page::FOLDER;
use crate::referential::Referential;
use crate::source;
use filrouge_compare::proof::Proof;

/// A proof as a page tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldProof {
    /// Such as `C5.4`.
    pub criterion: String,
    /// The claim, in French.
    pub claim: String,
    /// True for the one proof to show first.
    pub principal: bool,
    /// The file that declared it.
    pub file: String,
    /// The page, from the root.
    pub page: String,
    /// Line of the page, from 1.
    pub line: usize,
}

/// The proofs that the pages of a tree tell, and that their files do not declare. A claim that was
/// only reworded is not lost.
pub(super) fn lost(root: &Path, proofs: &[Proof], referential: &Referential) -> Vec<ToldProof> {
    // How many proofs of each criterion a file declares, and with which claims.
    let mut left: BTreeMap<(String, String), Vec<&str>> = BTreeMap::new();
    for proof in proofs {
        let key = (proof.criterion.clone(), proof.file.clone());
        let claims = left.entry(key).or_default();
        claims.push(&proof.claim);
    }

    let pages = referential.oral().flat_map(|epreuve| {
        let page = format!("{FOLDER}/{}.md", epreuve.id);
        let text = source::read(root, &page).unwrap_or_default();
        read(&page, &text)
    });
    let mut is_declared = |told: &ToldProof, same_claim: bool| {
        let Some(claims) = left.get_mut(&(told.criterion.clone(), told.file.clone())) else {
            return false;
        };
        let at = claims
            .iter()
            .position(|claim| !same_claim || *claim == told.claim);
        at.map(|at| claims.swap_remove(at)).is_some()
    };

    let mut lost: Vec<ToldProof> = pages.filter(|told| !is_declared(told, true)).collect();
    lost.retain(|told| !is_declared(told, false));
    lost
}

/// The proofs of one page, as `page` writes them.
fn read(page: &str, text: &str) -> Vec<ToldProof> {
    let mut criterion = "";
    let mut found = Vec::new();

    for (line, text) in (1..).zip(text.lines()) {
        if let Some(title) = text.strip_prefix("### ") {
            criterion = title.split(' ').next().unwrap_or_default();
        }

        let principal = text.strip_prefix("**Preuve principale** : ");
        let item = principal.or_else(|| text.strip_prefix("- "));
        // The table of contents stands before the first criterion.
        let item = item.filter(|_| !criterion.is_empty());

        if let Some((claim, file)) = item.and_then(claim_and_file) {
            found.push(ToldProof {
                criterion: criterion.to_owned(),
                claim,
                principal: principal.is_some(),
                file: file.to_owned(),
                page: page.to_owned(),
                line,
            });
        }
    }
    found
}

/// `claim : test `name`, [file](../../file#section)` → the claim and the file.
fn claim_and_file(item: &str) -> Option<(String, &str)> {
    let name = item
        .match_indices('`')
        .map(|(at, _)| at)
        // One that belongs to the claim is escaped.
        .find(|at| !item[..*at].ends_with('\\'))?;
    let (claim, _) = item[..name].rsplit_once(" : ")?;

    let (_, link) = item[name..].split_once("](../../")?;
    let file = link.split([')', '#']).next()?;
    Some((claim.replace('\\', ""), file))
}
