//! Trees of source text, read through tree-sitter without recursion.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use tree_sitter::{Node, ParseOptions, Parser, Tree};

use crate::text::cut;

/// Greatest source that is parsed, in bytes: a longer one was generated.
pub(crate) const SOURCE_LIMIT: usize = 512 << 10;
/// Longest parse of one file: only hostile text takes more than a few milliseconds.
const PARSE_TIMEOUT: Duration = Duration::from_millis(500);
/// Deepest brackets that are parsed: no hand opens so many, and reading calls inside calls takes
/// their square.
const NESTING_LIMIT: usize = 2_000;
/// Greatest number of bytes of a text taken from a tree.
const TEXT_LIMIT: usize = 400;
/// Greatest number of bytes of a class or of parameters.
const LONG_TEXT_LIMIT: usize = 8 << 10;

/// A grammar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Grammar {
    Python,
    JavaScript,
    TypeScript,
    Rust,
    Yaml,
}

impl Grammar {
    fn language(self) -> tree_sitter::Language {
        match self {
            Self::Python => tree_sitter_python::LANGUAGE.into(),
            Self::JavaScript => tree_sitter_javascript::LANGUAGE.into(),
            Self::TypeScript => tree_sitter_typescript::LANGUAGE_TSX.into(),
            Self::Rust => tree_sitter_rust::LANGUAGE.into(),
            Self::Yaml => tree_sitter_yaml::LANGUAGE.into(),
        }
    }
}

thread_local! {
    static PARSERS: RefCell<HashMap<Grammar, Parser>> = RefCell::new(HashMap::new());
}

/// Parses a text; none when it is too long, too deep or takes too long.
pub(crate) fn parse(grammar: Grammar, text: &str) -> Option<Tree> {
    if text.len() > SOURCE_LIMIT || nesting(text) > NESTING_LIMIT {
        return None;
    }

    PARSERS.with_borrow_mut(|parsers| {
        let parser = parsers.entry(grammar).or_insert_with(Parser::new);
        parser.set_language(&grammar.language()).ok()?;

        let started = Instant::now();
        let mut give_up = |_: &tree_sitter::ParseState| match started.elapsed() > PARSE_TIMEOUT {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        };
        let options = ParseOptions::new().progress_callback(&mut give_up);
        let bytes = text.as_bytes();
        let tree = parser.parse_with_options(
            &mut |offset, _| bytes.get(offset..).unwrap_or(&[]),
            None,
            Some(options),
        );

        // A parser that gave up would resume where it stopped, on the next text.
        if tree.is_none() {
            parser.reset();
        }
        tree
    })
}

/// Depth of the brackets, those of texts and comments included.
fn nesting(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// The text of a node, cut where it gets long.
pub(crate) fn text<'text>(node: Node, source: &'text str) -> &'text str {
    start(node, source, TEXT_LIMIT)
}

/// The text of a node that decides the nature of a thing: a class, a list of parameters.
pub(crate) fn long_text<'text>(node: Node, source: &'text str) -> &'text str {
    start(node, source, LONG_TEXT_LIMIT)
}

fn start<'text>(node: Node, source: &'text str, limit: usize) -> &'text str {
    cut(source.get(node.byte_range()).unwrap_or(""), limit)
}

/// The text of the field of a node; empty without one.
pub(crate) fn field<'text>(node: Node, name: &str, source: &'text str) -> &'text str {
    node.child_by_field_name(name)
        .map_or("", |child| text(child, source))
}

/// The line of a node, from 1.
pub(crate) fn line(node: Node) -> usize {
    node.start_position().row + 1
}

/// The last line of a node, from 1.
pub(crate) fn end_line(node: Node) -> usize {
    node.end_position().row + 1
}

/// The functions that are open at a point of the text: the byte where each ends, and its index.
#[derive(Debug, Default)]
pub(crate) struct Scopes(Vec<(usize, usize)>);

impl Scopes {
    /// The function that a node stands in; those that end before it are closed.
    pub(crate) fn around(&mut self, node: Node) -> Option<usize> {
        while self
            .0
            .pop_if(|(end, _)| node.start_byte() >= *end)
            .is_some()
        {}
        self.0.last().map(|(_, function)| *function)
    }

    /// Opens the function that a node declares.
    pub(crate) fn open(&mut self, node: Node, function: usize) {
        self.0.push((node.end_byte(), function));
    }
}

/// Visits every named node in order of the text, with the one above it: a node asked for its parent
/// is looked for from the root. `enter` says whether to go inside.
pub(crate) fn visit<'tree>(
    root: Node<'tree>,
    mut enter: impl FnMut(Node<'tree>, Option<Node<'tree>>) -> bool,
) {
    let mut cursor = root.walk();
    let mut above: Vec<Node> = Vec::new();

    loop {
        let node = cursor.node();
        // Punctuation has no children, and is never asked about.
        let inside = !node.is_named() || enter(node, above.last().copied());
        if inside && cursor.goto_first_child() {
            above.push(node);
            continue;
        }

        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
            above.pop();
        }
    }
}

/// The content of a string literal without its quotes and prefix.
pub(crate) fn unquote(literal: &str) -> &str {
    let inner = literal.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
    for quote in ["\"\"\"", "'''", "\"", "'", "`"] {
        if let Some(inner) = inner.strip_prefix(quote) {
            return inner.strip_suffix(quote).unwrap_or(inner);
        }
    }
    literal
}
