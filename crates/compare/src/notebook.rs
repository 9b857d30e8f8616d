//! Notebooks, cell by cell: code goes to the reader of its language, prose to the reader of
//! documents.

#[cfg(test)]
mod tests;

use serde::Deserialize;

/// A cell and the line of the file where its text begins.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) is_code: bool,
    pub(crate) line: usize,
    pub(crate) text: String,
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
pub(crate) fn cells(text: &str) -> Vec<Cell> {
    let Ok(notebook) = serde_json::from_str::<Notebook>(text) else {
        return Vec::new();
    };
    let mut finder = Finder {
        text,
        at: 0,
        line: 1,
        left: 8 * text.len(),
    };

    notebook
        .cells
        .into_iter()
        .map(|cell| {
            let (first, text) = cell.source.parts();
            let is_code = cell.cell_type == "code";
            Cell {
                is_code,
                line: finder.line_of(&first),
                text: if is_code {
                    without_commands(&text)
                } else {
                    text
                },
            }
        })
        .collect()
}

impl Source {
    /// The first string of the source as the file has it, and the whole text.
    fn parts(self) -> (String, String) {
        match self {
            Self::Lines(lines) => (lines.first().cloned().unwrap_or_default(), lines.concat()),
            Self::Whole(text) => (text.clone(), text),
        }
    }
}

/// Blanks the commands of IPython, so that lines keep their place.
fn without_commands(text: &str) -> String {
    // `%matplotlib inline` and `!pip install` are no Python.
    let is_command = |line: &str| line.trim_start().starts_with(['%', '!']);
    if !text.lines().any(is_command) {
        return text.to_owned();
    }

    text.lines()
        .map(|line| if is_command(line) { "" } else { line })
        .collect::<Vec<_>>()
        .join("\n")
}

/// Finds where the strings of a JSON text stand, in order.
struct Finder<'text> {
    text: &'text str,
    at: usize,
    line: usize,
    /// Bytes that may still be looked at in vain: a text may be written in another way.
    left: usize,
}

impl Finder<'_> {
    fn line_of(&mut self, string: &str) -> usize {
        let Ok(written) = serde_json::to_string(string) else {
            return self.line;
        };
        let rest = self.text.get(self.at..).unwrap_or("");
        if string.is_empty() || self.left == 0 {
            return self.line;
        }

        // Strings are looked for in order, so that a line written twice is found twice.
        if let Some(found) = rest.find(&written) {
            self.line += rest[..found].matches('\n').count();
            self.at += found;
        } else {
            self.left = self.left.saturating_sub(rest.len());
        }
        self.line
    }
}
