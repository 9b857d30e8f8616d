//! YAML as a tree with lines: tolerant, aliases never expanded.

#[cfg(test)]
mod tests;

use tree_sitter::Node;

use crate::syntax::{self, Grammar};

/// Deepest nesting that is read.
const DEPTH: usize = 64;

/// A value and the line where it stands, from 1.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Yaml {
    pub(crate) line: usize,
    pub(crate) value: Value,
}

/// A scalar, a list or a mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Scalar(String),
    List(Vec<Yaml>),
    /// Keys with the line of the key.
    Map(Vec<(String, Yaml)>),
}

impl Default for Value {
    fn default() -> Self {
        Self::Scalar(String::new())
    }
}

impl Yaml {
    /// The value of a key of a mapping.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        self.entries()
            .find(|(name, _)| *name == key)
            .map(|(_, value)| value)
    }

    /// The keys and values of a mapping; nothing of another value.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&str, &Self)> {
        let entries = match &self.value {
            Value::Map(entries) => entries.as_slice(),
            _ => &[],
        };
        entries.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// The items of a list; a scalar alone is a list of one.
    pub(crate) fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            Value::Scalar(text) if !text.is_empty() => std::slice::from_ref(self),
            _ => &[],
        }
    }

    /// The items of a key's list; none without one.
    pub(crate) fn items_of(&self, key: &str) -> &[Self] {
        self.get(key).map(Self::items).unwrap_or_default()
    }

    /// The text of a scalar; empty for another value.
    pub(crate) fn text(&self) -> &str {
        match &self.value {
            Value::Scalar(text) => text,
            _ => "",
        }
    }

    /// The text of a key's scalar; empty without one.
    pub(crate) fn text_of(&self, key: &str) -> &str {
        self.get(key).map_or("", Self::text)
    }

    /// True when the scalar of a key is `true`.
    pub(crate) fn is_true(&self, key: &str) -> bool {
        self.text_of(key) == "true"
    }
}

/// The first document of a text.
pub(crate) fn read(source: &str) -> Yaml {
    let Some(tree) = syntax::parse(Grammar::Yaml, source) else {
        return Yaml::default();
    };
    children(tree.root_node())
        .find(|node| node.kind() == "document")
        .map(|node| convert(node, source, 0))
        .unwrap_or_default()
}

fn convert(node: Node, source: &str, depth: usize) -> Yaml {
    let value = match node.kind() {
        // A document nested deeper is hostile, and the stack is not endless.
        _ if depth > DEPTH => Value::default(),
        "block_mapping" | "flow_mapping" => Value::Map(
            children(node)
                .filter(|pair| pair.kind().ends_with("pair"))
                .map(|pair| entry(pair, source, depth))
                .collect(),
        ),
        "block_sequence" | "flow_sequence" => Value::List(
            children(node)
                .map(|item| convert(item, source, depth + 1))
                .collect(),
        ),
        "block_scalar" => Value::Scalar(block(written(node, source))),
        "plain_scalar" | "single_quote_scalar" | "double_quote_scalar" => {
            Value::Scalar(plain(node, source))
        }
        _ => match children(node).find(is_content) {
            Some(child) => return convert(child, source, depth + 1),
            None => Value::default(),
        },
    };

    Yaml {
        line: syntax::line(node),
        value,
    }
}

fn children(node: Node) -> impl Iterator<Item = Node> {
    let mut cursor = node.walk();
    let children: Vec<Node> = node.named_children(&mut cursor).collect();
    children.into_iter()
}

/// True when a child of a node holds its value: tags, anchors and errors stand beside it.
fn is_content(child: &Node) -> bool {
    !["comment", "tag", "anchor", "ERROR"].contains(&child.kind())
}

/// A key of a mapping and its value.
fn entry(pair: Node, source: &str, depth: usize) -> (String, Yaml) {
    let key = pair
        .child_by_field_name("key")
        .map(|key| plain(key, source))
        .unwrap_or_default();
    let mut value = pair
        .child_by_field_name("value")
        .map(|value| convert(value, source, depth + 1))
        .unwrap_or_default();

    // The line of a mapping or a list is that of its key: it is where a person looks.
    if !matches!(value.value, Value::Scalar(_)) || value.line == 0 {
        value.line = syntax::line(pair);
    }
    (key, value)
}

fn written<'text>(node: Node, source: &'text str) -> &'text str {
    source.get(node.byte_range()).unwrap_or("")
}

/// The text of a node without its quotes.
fn plain(node: Node, source: &str) -> String {
    written(node, source).trim_matches(['"', '\'']).to_owned()
}

/// The text of a block scalar without its indicator, lines kept.
fn block(text: &str) -> String {
    text.split_once('\n')
        .map_or("", |(_, body)| body)
        .to_owned()
}
