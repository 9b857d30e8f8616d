//! What stands before the code: specifications, user stories, mock-ups and architecture, declared in
//! `data/framing` and laid beside what the repository holds.

mod architecture;
mod budget;
pub(super) mod canvas;
mod dependencies;
mod diagram;
mod inventory;
mod mockups;
mod proof_of_concept;
mod rgaa;
mod specifications;
mod stories;

use std::path::Path;

use anyhow::{Context, Result};
use serde::de::DeserializeOwned;

use super::Document;
use crate::files;

/// The pages and the drawings, as the declarations give them.
pub(crate) fn documents(root: &Path) -> Result<Vec<Document>> {
    let mut documents = mockups::documents(root)?;
    documents.extend(stories::documents(root)?);
    documents.push(budget::document(root)?);
    documents.push(proof_of_concept::document(root)?);
    documents.push(specifications::document(root)?);
    documents.push(stories::backlog(root)?);
    documents.extend(architecture::documents(root)?);
    Ok(documents)
}

/// One sentence for each thing that no specification asks for, each specification that nothing
/// answers, each number that is no criterion, each drawing that cannot be read.
pub(crate) fn faults(root: &Path) -> Result<Vec<String>> {
    let mut faults = specifications::faults(root)?;
    faults.extend(budget::faults(root)?);
    faults.extend(stories::faults(root)?);
    faults.extend(mockups::faults(root)?);
    faults.extend(architecture::faults(root)?);
    Ok(faults)
}

/// A declaration of `data/framing`.
fn declared<T: DeserializeOwned>(root: &Path, path: &str) -> Result<T> {
    toml::from_str(&files::read(root, path)?).with_context(|| format!("in `{path}`"))
}

#[cfg(test)]
mod tests {
    // Preuve: C14.3 chaque spécification est répondue ou dite ouverte, et rien n’est fait que personne n’ait demandé
    #[test]
    fn the_declarations_and_the_repository_agree() {
        assert_eq!(super::faults(&crate::root()).unwrap(), [""; 0]);
    }
}
