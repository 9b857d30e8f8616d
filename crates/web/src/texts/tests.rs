//! No text is missing, none is useless, and each is written as its language wants it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use filrouge_types::Language;

/// Texts of a language: key and source.
fn catalogue(language: Language) -> BTreeMap<String, String> {
    let folder = root().join("locales").join(language.tag());
    let mut texts = BTreeMap::new();

    for file in files_of(&folder) {
        let source = fs::read_to_string(&file).unwrap();
        let resource = fluent_syntax::parser::parse(source.as_str());
        let resource =
            resource.unwrap_or_else(|(_, errors)| panic!("{}: {errors:?}", file.display()));

        for entry in resource.body {
            if let fluent_syntax::ast::Entry::Message(message) = entry {
                let text = format!("{:?}", message.value);
                let former = texts.insert(message.id.name.to_owned(), text);
                assert!(former.is_none(), "`{}` is given twice", message.id.name);
            }
        }
    }

    texts
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files_of(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let mut files = Vec::new();
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            files.extend(files_of(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The quoted words of the code and of the templates, tests apart.
fn quoted() -> BTreeSet<String> {
    let files = files_of(&root().join("src"))
        .into_iter()
        .filter(|path| path.file_name().unwrap() != "tests.rs")
        .chain(files_of(&root().join("templates")));
    let words = files.flat_map(|path| {
        let source = fs::read_to_string(path).unwrap();
        source.split('"').map(str::to_owned).collect::<Vec<_>>()
    });
    words.collect()
}

#[test]
fn every_text_stands_in_every_language_with_the_same_variables() {
    let french = catalogue(Language::French);
    let english = catalogue(Language::English);
    let keys = |texts: &BTreeMap<String, String>| texts.keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&french), keys(&english));

    let variables = |text: &str| -> BTreeSet<String> {
        let parts = text
            .split("VariableReference { id: Identifier { name: \"")
            .skip(1);
        parts
            .map(|part| part.split('"').next().unwrap().to_owned())
            .collect()
    };
    for (key, text) in french {
        assert_eq!(variables(&text), variables(&english[&key]), "{key}");
    }
}

#[test]
fn every_text_is_used_and_every_text_asked_for_is_there() {
    let texts = catalogue(Language::French);
    let quoted = quoted();
    for key in texts.keys() {
        assert!(quoted.contains(key), "`{key}` is used nowhere");
    }

    let files = files_of(&root().join("templates")).into_iter();
    for path in files.chain(files_of(&root().join("src"))) {
        let source = fs::read_to_string(&path).unwrap();
        for call in [".say(\"", ".tell(\"", ".markup(\"", ".count(\""] {
            for rest in source.split(call).skip(1) {
                let key = rest.split('"').next().unwrap();
                assert!(texts.contains_key(key), "{}: `{key}`", path.display());
            }
        }
    }
}

#[test]
fn french_keeps_its_high_punctuation_on_the_line() {
    for path in files_of(&root().join("locales/fr")) {
        let source = fs::read_to_string(&path).unwrap();
        for (number, line) in (1..).zip(source.lines()) {
            let place = format!("{}:{number}: {line}", path.display());
            assert!(!line.contains('\''), "typographic apostrophe: {place}");

            let text = line.split_once(" = ").map_or("", |(_, text)| text);
            let without_markup = text.replace("<a href=\"", "");
            let characters: Vec<char> = without_markup.chars().collect();
            for pair in characters.windows(2) {
                let breaks = matches!(pair[1], ';' | ':' | '?' | '!' | '»') && pair[0] != '\u{a0}';
                assert!(!breaks && pair != ['«', ' '], "no-break space: {place}");
            }
        }
    }
}
