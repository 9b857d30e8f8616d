//! Notebooks, cell by cell: code goes to the reader of its language, prose to the reader of
//! documents.

#[cfg(test)]
mod tests;

use serde::Deserialize;

/// A cell and the line of the file where its text begins.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) is_code: bool,
    pub(super) line: usize,
    pub(super) text: String,
}

#[derive(Deserialize)]
struct Notebook {
    #[serde(default)]
    cells: Vec<RawCell>,
}

#[derive(Deserialize)]
struct RawCell {
    #[serde(default)]
    cell_type: String,
    #[serde(default)]
    source: Source,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Source {
    Lines(Vec<String>),
    Whole(String),
}

impl Default for Source {
    fn default() -> Self {
        Self::Lines(Vec::new())
    }
}

/// The cells of a notebook; none when the text is not one.
pub(super) fn cells(text: &str) -> Vec<Cell> {
    let Ok(notebook) = serde_json::from_str::<Notebook>(text) else {
        return Vec::new();
    };
    let mut finder = Finder {
        text,
        at: 0,
        line: 1,
    };

    notebook
        .cells
        .into_iter()
        .map(|cell| {
            let (first, text) = match cell.source {
                Source::Lines(lines) => {
                    (lines.first().cloned().unwrap_or_default(), lines.concat())
                }
                Source::Whole(text) => (text.clone(), text),
            };

            let code = text
                .lines()
                .filter(|line| !line.trim_start().starts_with(['%', '!']))
                .collect::<Vec<_>>();
            let text = if cell.cell_type == "code" && code.len() < text.lines().count() {
                keep_lines(&text)
            } else {
                text
            };

            Cell {
                is_code: cell.cell_type == "code",
                line: finder.line_of(&first),
                text,
            }
        })
        .collect()
}

/// Blanks the commands of IPython, so that lines keep their place.
fn keep_lines(text: &str) -> String {
    let blank = |line: &str| {
        if line.trim_start().starts_with(['%', '!']) {
            String::new()
        } else {
            line.to_owned()
        }
    };
    text.lines().map(blank).collect::<Vec<_>>().join("\n")
}

/// Finds where the strings of a JSON text stand, in order.
struct Finder<'text> {
    text: &'text str,
    at: usize,
    line: usize,
}

impl Finder<'_> {
    fn line_of(&mut self, string: &str) -> usize {
        let Ok(written) = serde_json::to_string(string) else {
            return self.line;
        };
        let rest = self.text.get(self.at..).unwrap_or("");
        if string.is_empty() {
            return self.line;
        }
        if let Some(found) = rest.find(&written) {
            self.line += rest[..found].matches('\n').count();
            self.at += found;
        }
        self.line
    }
}
