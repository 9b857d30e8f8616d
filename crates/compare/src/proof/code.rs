//! The code that does the thing, as a proof names it.

use std::fmt;

use super::comments::CommentSyntax;

/// A place in the code: `[code : crates/http/src/token.rs#Verifier]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeRef {
    /// Path from the root of the repository, with `/`.
    pub path: String,
    /// The item of the file: a function, a type, a table, a key. The whole file, without one.
    pub item: Option<String>,
}

impl CodeRef {
    pub(super) fn read(place: &str) -> Self {
        let (path, item) = match place.split_once('#') {
            Some((path, item)) => (path, Some(item.to_owned())),
            None => (place, None),
        };

        Self {
            path: path.to_owned(),
            item,
        }
    }

    /// True when the text of its file holds its item: defines it, in Rust; names it, elsewhere.
    pub fn is_in(&self, text: &str) -> bool {
        let Some(item) = &self.item else {
            return true;
        };
        let rust = CommentSyntax::Rust;
        let defines = |line: &str| {
            rust.comment(line).is_none() && rust.name(line.trim()).as_ref() == Some(item)
        };

        if CommentSyntax::of(&self.path) == Some(rust) {
            text.lines().any(defines)
        } else {
            names(text, item)
        }
    }
}

impl fmt::Display for CodeRef {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.item {
            Some(item) => write!(formatter, "{}#{item}", self.path),
            None => formatter.write_str(&self.path),
        }
    }
}

/// True when the text holds the name as a whole word.
fn names(text: &str, name: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    text.match_indices(name).any(|(at, _)| {
        !text[..at].ends_with(is_part) && !text[at + name.len()..].starts_with(is_part)
    })
}
