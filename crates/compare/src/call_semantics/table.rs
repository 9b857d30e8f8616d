//! The table of `data/calls.toml`: which name, with which import, means something.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use serde::Deserialize;

use crate::fact::FactKind;
use crate::lexicon::{Words, parse};
use crate::module::{Call, Module};

/// Names that mean the same thing.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CallMeaning {
    names: Words,
    /// Packages of which the file must import one; any file will do without one.
    #[serde(default)]
    imports: Words,
    /// A list of packages that several meanings share.
    group: Option<String>,
    pub(super) kind: FactKind,
    /// A few words of French.
    pub(super) what: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CallTable {
    groups: BTreeMap<String, Words>,
    call: Vec<CallMeaning>,
}

static MEANINGS: LazyLock<Vec<CallMeaning>> = LazyLock::new(|| {
    let table: CallTable = parse("calls.toml", include_str!("../../data/calls.toml"));
    let with_group = |mut meaning: CallMeaning| {
        if let Some(group) = &meaning.group {
            meaning.imports = table.groups[group].clone();
        }
        meaning
    };
    table.call.into_iter().map(with_group).collect()
});

/// A name of the table, and its meaning.
struct Pattern {
    /// Exact (`requests.get`), a beginning (`duckdb.*`), or an end (`.fit`).
    name: &'static str,
    meaning: &'static CallMeaning,
}

impl Pattern {
    fn matches(&self, module: &Module, call: &Call) -> bool {
        let is_named = match (self.name.strip_prefix('.'), self.name.strip_suffix('*')) {
            (Some(last), _) => call.name.len() > last.len(),
            (_, Some(start)) => call.name.starts_with(start),
            _ => call.name == self.name,
        };
        let imports = &self.meaning.imports;
        is_named && (imports.is_empty() || module.imports_any(imports))
    }
}

type Index = HashMap<&'static str, Vec<Pattern>>;

/// The names by their last word, which chooses them for a call.
static BY_LAST: LazyLock<Index> = LazyLock::new(|| {
    index(|name| match name.ends_with('*') {
        true => None,
        false => name.rsplit(['.', ':']).next(),
    })
});

/// The beginnings by their first word.
static BY_FIRST: LazyLock<Index> =
    LazyLock::new(|| index(|name| name.strip_suffix('*')?.split(['.', ':']).next()));

fn index(key: impl Fn(&'static str) -> Option<&'static str>) -> Index {
    let mut index = Index::new();
    for meaning in MEANINGS.iter() {
        for name in meaning.names.iter() {
            if let Some(word) = key(name) {
                index
                    .entry(word)
                    .or_default()
                    .push(Pattern { name, meaning });
            }
        }
    }
    index
}

/// The meanings of a call.
pub(super) fn meanings<'all>(
    module: &'all Module,
    call: &'all Call,
) -> impl Iterator<Item = &'static CallMeaning> + 'all {
    let first = call.name.split(['.', ':']).next().unwrap_or("");
    // `langchain_core` is chosen by `langchain*`.
    let family = first.split('_').next().unwrap_or("");

    // One look-up by word, instead of hundreds of comparisons for each call.
    let by_last = BY_LAST.get(call.last());
    let by_first = BY_FIRST.get(first).or_else(|| BY_FIRST.get(family));
    by_last
        .into_iter()
        .chain(by_first)
        .flatten()
        .filter(|pattern| pattern.matches(module, call))
        .map(|pattern| pattern.meaning)
}
