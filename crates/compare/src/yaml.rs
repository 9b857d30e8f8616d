//! YAML as a tree with lines: tolerant, aliases never expanded.

#[cfg(test)]
mod tests;

use super::syntax::{self, Grammar};

/// Deepest nesting that is read.
const DEPTH: usize = 64;

/// A value and the line where it stands, from 1.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Yaml {
    pub(super) line: usize,
    pub(super) value: Value,
}

/// A scalar, a list or a mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
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
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        self.entries()
            .find(|(name, _)| *name == key)
            .map(|(_, value)| value)
    }

    /// The keys and values of a mapping; nothing of another value.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&str, &Self)> {
        let entries = match &self.value {
            Value::Map(entries) => entries.as_slice(),
            _ => &[],
        };
        entries.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// The items of a list; a scalar alone is a list of one.
    pub(super) fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            Value::Scalar(text) if !text.is_empty() => std::slice::from_ref(self),
            _ => &[],
        }
    }

    /// The text of a scalar; empty for another value.
    pub(super) fn text(&self) -> &str {
        match &self.value {
            Value::Scalar(text) => text,
            _ => "",
        }
    }

    /// The text of a key's scalar; empty without one.
    pub(super) fn text_of(&self, key: &str) -> &str {
        self.get(key).map_or("", Self::text)
    }
}

/// The first document of a text.
pub(super) fn read(source: &str) -> Yaml {
    let Some(tree) = syntax::parse(Grammar::Yaml, source) else {
        return Yaml::default();
    };
    let mut cursor = tree.root_node().walk();
    let document = tree
        .root_node()
        .named_children(&mut cursor)
        .find(|node| node.kind() == "document");
    document
        .map(|node| convert(node, source, 0))
        .unwrap_or_default()
}

fn convert(node: tree_sitter::Node, source: &str, depth: usize) -> Yaml {
    let line = syntax::line(node);
    if depth > DEPTH {
        return Yaml {
            line,
            value: Value::default(),
        };
    }
    let mut cursor = node.walk();
    let children = || {
        let mut cursor = node.walk();
        node.named_children(&mut cursor).collect::<Vec<_>>()
    };
    let value = match node.kind() {
        "block_mapping" | "flow_mapping" => Value::Map(
            node.named_children(&mut cursor)
                .filter(|pair| pair.kind().ends_with("pair"))
                .map(|pair| {
                    let key = pair.child_by_field_name("key");
                    let name = key.map_or("", |key| source.get(key.byte_range()).unwrap_or(""));
                    let value = pair
                        .child_by_field_name("value")
                        .map(|value| convert(value, source, depth + 1));
                    let mut value = value.unwrap_or_default();
                    // The line of a mapping or a list is that of its key: it is where a person
                    // looks.
                    if !matches!(value.value, Value::Scalar(_)) || value.line == 0 {
                        value.line = syntax::line(pair);
                    }
                    (name.trim_matches(['"', '\'']).to_owned(), value)
                })
                .collect(),
        ),
        "block_sequence" | "flow_sequence" => Value::List(
            children()
                .into_iter()
                .map(|item| convert(item, source, depth + 1))
                .collect(),
        ),
        "block_scalar" => Value::Scalar(block(source.get(node.byte_range()).unwrap_or(""))),
        "plain_scalar" | "single_quote_scalar" | "double_quote_scalar" => Value::Scalar(
            source
                .get(node.byte_range())
                .unwrap_or("")
                .trim_matches(['"', '\''])
                .to_owned(),
        ),
        _ => {
            let inner = children()
                .into_iter()
                .find(|child| !["comment", "tag", "anchor", "ERROR"].contains(&child.kind()));
            return inner.map_or(
                Yaml {
                    line,
                    value: Value::default(),
                },
                |child| convert(child, source, depth + 1),
            );
        }
    };
    Yaml { line, value }
}

/// The text of a block scalar without its indicator, lines kept.
fn block(text: &str) -> String {
    text.split_once('\n')
        .map_or("", |(_, body)| body)
        .to_owned()
}
