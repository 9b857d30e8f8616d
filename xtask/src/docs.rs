//! The generated documents, and the reading of all documents: links, obstacles, heads of decisions.

mod accessible;
mod blocks;
mod board;
mod chains;
pub(crate) mod changelog;
mod citations;
mod command_line;
mod decisions;
mod descriptions;
mod figures;
mod framing;
mod glossary;
pub(crate) mod html;
mod incidents;
mod links;
mod model_tests;
mod references;
mod sources;

use std::path::Path;

use anyhow::Result;

/// Every generated document, as the programs write it now.
pub(crate) fn documents(root: &Path) -> Result<Vec<Document>> {
    let mut documents = vec![
        command_line::generate(root)?,
        figures::benchmarks_page(root)?,
        model_tests::document(root)?,
        decisions::document(root)?,
        changelog::document(root)?,
        glossary::document(root)?,
    ];

    documents.extend(figures::documents_with_figures(root)?);
    documents.extend(blocks::documents(root)?);
    documents.extend(chains::documents(root)?);
    documents.extend(references::documents(root)?);
    documents.extend(descriptions::documents()?);
    documents.extend(framing_documents(root)?);
    Ok(documents)
}

/// The pages of the framing, of the steering and of the incidents, which need no program but this
/// one.
pub(crate) fn framing_documents(root: &Path) -> Result<Vec<Document>> {
    let mut documents = framing::documents(root)?;
    documents.extend(board::documents(root)?);
    documents.extend(incidents::documents(root)?);
    Ok(documents)
}

/// The steering up to the present commit.
pub(crate) fn board_now(root: &Path) -> Result<Vec<Document>> {
    board::now(root)
}

/// One sentence for each specification, story, drawing or incident that a person must mend.
pub(crate) fn framing_faults(root: &Path) -> Result<Vec<String>> {
    let mut faults = framing::faults(root)?;
    faults.extend(incidents::faults(root)?);
    Ok(faults)
}

/// One sentence for each fault that a person must mend: a broken link, a test, a command or a file
/// that is cited and does not exist, an obstacle for who listens, a decision that is long or whose
/// relations one side alone tells, a term that leads to no glossary, a specification that nothing
/// answers.
pub(crate) fn faults(root: &Path) -> Result<Vec<String>> {
    let sources = sources::of_the_repository(root)?;
    let mut faults = links::broken(root, &sources)?;
    faults.extend(citations::missing(root, &sources)?);
    faults.extend(accessible::obstacles(&sources));
    faults.extend(decisions::faults(root)?);
    faults.extend(glossary::unlinked(root, &sources)?);
    faults.extend(framing_faults(root)?);
    Ok(faults)
}

/// A document as it should be.
pub(crate) struct Document {
    /// Path from the top folder.
    pub(crate) path: String,
    /// Its whole text.
    pub(crate) text: String,
}
