//! Trees of source text, read through tree-sitter without recursion.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use tree_sitter::{Node, ParseOptions, Parser, Tree};

/// Greatest source that is parsed, in bytes: what is longer was generated.
pub(super) const SOURCE_LIMIT: usize = 512 << 10;
/// Longest parse of one file: only hostile text takes more than a few milliseconds.
const PATIENCE: Duration = Duration::from_millis(500);
/// Deepest brackets that are parsed: no hand opens so many, and what reads calls inside calls would
/// take its square.
const NESTING_LIMIT: usize = 2_000;
/// Greatest number of bytes of a text taken from a tree.
const TEXT_LIMIT: usize = 400;

/// A grammar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Grammar {
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
pub(super) fn parse(grammar: Grammar, text: &str) -> Option<Tree> {
    if text.len() > SOURCE_LIMIT || nesting(text) > NESTING_LIMIT {
        return None;
    }

    PARSERS.with_borrow_mut(|parsers| {
        let parser = parsers.entry(grammar).or_insert_with(Parser::new);
        parser.set_language(&grammar.language()).ok()?;
        let started = Instant::now();
        let mut give_up = |_: &tree_sitter::ParseState| match started.elapsed() > PATIENCE {
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

        if tree.is_none() {
            parser.reset();
        }
        tree
    })
}

/// How deep brackets go, those of texts and comments included.
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
pub(super) fn text<'text>(node: Node, source: &'text str) -> &'text str {
    let whole = source.get(node.byte_range()).unwrap_or("");
    let mut end = whole.len().min(TEXT_LIMIT);
    while !whole.is_char_boundary(end) {
        end -= 1;
    }
    &whole[..end]
}

/// The text of the field of a node; empty without one.
pub(super) fn field<'text>(node: Node, name: &str, source: &'text str) -> &'text str {
    node.child_by_field_name(name)
        .map_or("", |child| text(child, source))
}

/// The line of a node, from 1.
pub(super) fn line(node: Node) -> usize {
    node.start_position().row + 1
}

/// Visits every named node in order of the text. `enter` says whether to go inside.
pub(super) fn visit<'tree>(root: Node<'tree>, mut enter: impl FnMut(Node<'tree>) -> bool) {
    let mut cursor = root.walk();

    loop {
        let node = cursor.node();
        let inside = !node.is_named() || enter(node);
        if inside && cursor.goto_first_child() {
            continue;
        }

        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
        }
    }
}

/// The content of a string literal without its quotes and prefix.
pub(super) fn unquote(literal: &str) -> &str {
    let inner = literal.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
    for quote in ["\"\"\"", "'''", "\"", "'", "`"] {
        if let Some(inner) = inner.strip_prefix(quote) {
            return inner.strip_suffix(quote).unwrap_or(inner);
        }
    }
    literal
}
