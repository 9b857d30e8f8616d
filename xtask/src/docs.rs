//! Generated parts of the documents, written or checked by one command, which also reads them all:
//! links and obstacles.

mod accessible;
mod blocks;
mod command_line;
mod decisions;
mod descriptions;
mod figures;
mod links;
mod model_tests;
mod references;
mod sources;

use std::path::Path;

use anyhow::{Context, Result, ensure};

/// Writes every generated part, or with `check` compares it; then follows every link and reads what
/// would stop a listener.
pub(crate) fn run(root: &Path, check: bool) -> Result<()> {
    let mut stale = Vec::new();
    for document in [
        command_line::generate(root)?,
        figures::benchmarks_page(root)?,
        model_tests::document(root)?,
    ]
    .into_iter()
    .chain(figures::documents_with_figures(root)?)
    .chain(blocks::documents(root)?)
    .chain(references::documents(root)?)
    .chain([decisions::document(root)?])
    .chain(descriptions::documents())
    {
        let current = std::fs::read_to_string(root.join(&document.path)).unwrap_or_default();
        if current == document.text {
            continue;
        }
        if check {
            stale.push(format!(
                "`{}` is stale: run `cargo xtask docs`",
                document.path
            ));
        } else {
            let path = root.join(&document.path);
            std::fs::write(&path, &document.text)
                .with_context(|| format!("cannot write `{}`", path.display()))?;
            report(&format!("wrote {}", document.path));
        }
    }
    let sources = sources::of_the_repository(root)?;
    stale.extend(links::broken(root, &sources)?);
    stale.extend(accessible::obstacles(&sources));
    ensure!(stale.is_empty(), "{}", stale.join("\n"));
    report("documents are up to date, their links resolve and nothing in them stops a listener");
    Ok(())
}

/// A document as it should be.
pub(crate) struct Document {
    /// Path from the top folder.
    pub(crate) path: String,
    /// Its whole text.
    pub(crate) text: String,
}

#[expect(clippy::print_stdout, reason = "a command's report")]
fn report(line: &str) {
    println!("{line}");
}
