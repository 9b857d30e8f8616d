use std::collections::BTreeSet;

use toml::de::{DeTable, DeValue};

use super::*;

const SOURCES: [(&str, &str); 7] = [
    ("calls.toml", include_str!("../../data/calls.toml")),
    ("code.toml", include_str!("../../data/code.toml")),
    ("criteria.toml", include_str!("../../data/criteria.toml")),
    ("files.toml", include_str!("../../data/files.toml")),
    ("pages.toml", include_str!("../../data/pages.toml")),
    ("pipelines.toml", include_str!("../../data/pipelines.toml")),
    ("red-flags.toml", include_str!("../../data/red-flags.toml")),
];

/// Lines of a file whose word is empty, or is already in its list.
fn mistakes(name: &str, source: &str) -> Vec<String> {
    let table = DeTable::parse(source).unwrap_or_else(|error| panic!("data/{name}: {error}"));
    let mut found = Vec::new();
    let mut pending: Vec<&DeValue> = table.get_ref().values().map(|one| one.get_ref()).collect();

    while let Some(value) = pending.pop() {
        match value {
            DeValue::Table(table) => pending.extend(table.values().map(|one| one.get_ref())),
            DeValue::Array(array) => {
                let mut known = BTreeSet::new();

                for item in array.iter() {
                    pending.push(item.get_ref());
                    let Some(word) = item.get_ref().as_str() else {
                        continue;
                    };
                    if word.trim().is_empty() || !known.insert(word) {
                        let line = source[..item.span().start].matches('\n').count() + 1;
                        found.push(format!("data/{name}:{line}: `{word}`"));
                    }
                }
            }
            _ => {}
        }
    }

    found
}

#[test]
fn every_word_stands_once_in_its_list() {
    for (name, source) in SOURCES {
        assert_eq!(mistakes(name, source), Vec::<String>::new());
    }
}

#[test]
fn a_word_that_stands_twice_is_told_by_its_line() {
    let source = "[a]\nwords = [\n    \"one\", \"two\",\n    \"one\",\n]\n";
    assert_eq!(mistakes("x.toml", source), ["data/x.toml:4: `one`"]);
}

#[test]
#[should_panic(expected = "data/files.toml: TOML parse error at line 2")]
fn a_list_that_is_no_list_is_told_by_its_line() {
    let _: files::Files = parse("files.toml", "[folders]\ntests = 3\n");
}

#[test]
fn every_file_is_read() {
    LazyLock::force(&CODE);
    LazyLock::force(&FILES);
    LazyLock::force(&PAGES);
    LazyLock::force(&PIPELINES);
    LazyLock::force(&RED_FLAGS);
}

#[test]
fn pages_are_folded_so_their_words_are_too() {
    let lists = [
        &PAGES.prose.promises,
        &PAGES.claims.made,
        &PAGES.copies.official,
    ];
    for word in lists.into_iter().flat_map(Words::iter) {
        assert_eq!(crate::text::fold(word), word);
    }
}
