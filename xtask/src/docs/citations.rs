//! What documents cite in code: names of tests and of items, commands, files. Each one must be in
//! the tree, or a page goes on resting on a test that was renamed.

mod commands;
mod tree;

use std::path::Path;

use anyhow::Result;
use pulldown_cmark::{CodeBlockKind, Event, Tag, TagEnd};

use super::sources::{Source, parser};
use commands::Commands;
use tree::Tree;

/// Pages that quote the proofs, where a citation is that of the place which declares the proof, and
/// the changelog, which tells the names of before.
const NOT_READ: [&str; 2] = ["docs/preuves", "CHANGELOG.md"];

/// One sentence for each thing that a document cites and that the tree does not hold.
pub(crate) fn missing(root: &Path, sources: &[Source]) -> Result<Vec<String>> {
    let cited = Cited {
        commands: Commands::read(root)?,
        tree: Tree::read(root)?,
    };

    let own = |source: &&Source| !NOT_READ.iter().any(|path| source.path.starts_with(path));
    let faults = sources
        .iter()
        .filter(own)
        .flat_map(|source| cited.faults(source));
    Ok(faults.collect())
}

/// The things that a document may cite.
struct Cited {
    commands: Commands,
    tree: Tree,
}

impl Cited {
    fn faults(&self, source: &Source) -> Vec<String> {
        let path = source.path.display();
        citations(&source.text)
            .iter()
            .filter_map(|(line, citation)| Some((line, self.fault(&source.path, citation)?)))
            .map(|(line, what)| format!("`{path}`, line {line}: {what}"))
            .collect()
    }

    fn fault(&self, document: &Path, citation: &Citation) -> Option<String> {
        match citation {
            Citation::Command(line) => self.commands.fault(line, &self.tree),
            Citation::Span(text) => self
                .commands
                .fault(text, &self.tree)
                .or_else(|| self.tree.unknown_name(text))
                .or_else(|| self.tree.unknown_path(document, text)),
        }
    }
}

/// A piece of code in a document.
#[derive(Debug, PartialEq, Eq)]
enum Citation {
    /// Code inside a sentence.
    Span(String),
    /// A line of a block that a shell would run.
    Command(String),
}

/// The citations of a document, each with its line.
fn citations(text: &str) -> Vec<(usize, Citation)> {
    let (mut citations, mut shell) = (Vec::new(), None);

    for (event, place) in parser(text).into_offset_iter() {
        // Counted from the start each time: documents are short, and the parser gives bytes.
        let line = text[..place.start].matches('\n').count() + 1;
        match event {
            Event::Code(code) => citations.push((line, Citation::Span(code.trim().to_owned()))),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
                let is_shell = matches!(&*language, "sh" | "bash" | "shell" | "console");
                // The block begins below its fence.
                shell = is_shell.then(|| (line + 1, String::new()));
            }
            Event::Text(part) => shell
                .iter_mut()
                .for_each(|(_, block)| block.push_str(&part)),
            Event::End(TagEnd::CodeBlock) => {
                let block = shell.take();
                citations.extend(
                    block
                        .iter()
                        .flat_map(|(start, block)| commands(*start, block)),
                );
            }
            _ => {}
        }
    }

    citations
}

fn commands(start: usize, block: &str) -> impl Iterator<Item = (usize, Citation)> {
    lines(block)
        .into_iter()
        .map(move |(number, line)| (start + number, Citation::Command(line)))
}

/// The lines of a block, each with its number from 0; one that ends with `\` goes on below.
fn lines(block: &str) -> Vec<(usize, String)> {
    let mut whole: Vec<(usize, String)> = Vec::new();
    let mut goes_on = false;

    for (number, line) in block.lines().enumerate() {
        let (text, next) = match line.strip_suffix('\\') {
            Some(text) => (text, true),
            None => (line, false),
        };
        match whole.last_mut().filter(|_| goes_on) {
            Some((_, start)) => start.push_str(text),
            None => whole.push((number, text.to_owned())),
        }
        goes_on = next;
    }

    whole
}

#[cfg(test)]
mod tests;
