//! The readers tried on hostile text, and on planted submissions with pieces cut out and pieces put
//! in.

use proptest::prelude::*;

use super::super::*;
use crate::fuzz::FuzzBudget;

fn try_readers(family: &str, paths: &'static [&'static str], tokens: &'static str) {
    let budget = FuzzBudget::new(family);
    let rules = rules::Rules::load().unwrap();
    let texts: Vec<_> = paths
        .iter()
        .map(|path| (Just(*path), text(path, tokens)).boxed())
        .collect();
    let cases = prop::sample::select(texts).prop_flat_map(|texts| texts);

    budget.run(48, &cases, |(path, text)| {
        let file = reading::understand(path, &text, &rules);
        let mut corpus = corpus::Corpus {
            paths: vec![path.to_owned()],
            ..corpus::Corpus::default()
        };
        corpus.merge(file);
        whole_tree_facts::add(&mut corpus, None);
        red_flags::of_corpus(&corpus);
    });
}

/// Any characters, the words of a language in any order, or a planted file of the language once it
/// was damaged.
fn text(path: &str, tokens: &'static str) -> impl Strategy<Value = String> + use<> {
    let words: Vec<String> = tokens.split(' ').map(str::to_owned).collect();
    let word = prop::sample::select(words);
    let gap = prop::sample::select(vec!["", " ", "\n", "\n    ", "é", "\u{0}", "😀"]);

    let soup = prop::collection::vec((word.clone(), gap), 0..60).prop_map(|parts| {
        parts
            .into_iter()
            .map(|(word, gap)| format!("{word}{gap}"))
            .collect::<String>()
    });

    let cuts = prop::collection::vec((any::<prop::sample::Index>(), 0..40_usize, word), 1..6);
    let damaged = (prop::sample::select(planted(path)), cuts).prop_map(|(file, cuts)| {
        cuts.into_iter().fold(file, |file, (at, length, word)| {
            let letters: Vec<char> = file.chars().collect();
            let start = if letters.is_empty() {
                0
            } else {
                at.index(letters.len())
            };
            let end = (start + length).min(letters.len());

            letters[..start]
                .iter()
                .copied()
                .chain(word.chars())
                .chain(letters[end..].iter().copied())
                .collect()
        })
    });

    let bytes = any::<Vec<u8>>().prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    prop_oneof![soup, ".{0,200}".prop_map(String::from), bytes, damaged]
}

/// The planted files that end as `path` does.
fn planted(path: &str) -> Vec<String> {
    let ending = path.rsplit(['.', '/']).next().unwrap_or(path);
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/submissions");
    let archives = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| std::fs::read_to_string(entry.unwrap().path()));
    let mut found = vec![String::new()];

    for archive in archives.map(Result::unwrap) {
        let files = archive
            .split("\n-- ")
            .filter_map(|file| file.split_once(" --\n"));
        found.extend(
            files
                .filter(|(name, _)| name.ends_with(ending))
                .map(|(_, text)| text.to_owned()),
        );
    }

    found.sort();
    found
}

#[test]
fn no_python_makes_the_readers_panic() {
    let tokens = "def class import from as @app.get( '/x/{é' ) : ( [ { \"\"\" f'{ ' assert True == test_ Depends( async with patch( df[ .fit(X,y) SELECT FROM # \\ = y X casual+ , self . train_test_split(";
    try_readers(
        "python",
        &["app/main.py", "tests/test_x.py", "monitoring/drift.py"],
        tokens,
    );
}

#[test]
fn no_notebook_makes_the_readers_panic() {
    let tokens = "{\"cells\":[ {\"cell_type\":\"code\",\"source\":[ \"x\\n\" ]} , {\"cell_type\":\"markdown\",\"source\":\"#é\"} ]} \\u00 \" [ ] { }";
    try_readers("notebook", &["a.ipynb"], tokens);
}

#[test]
fn no_script_makes_the_readers_panic() {
    let tokens = "app.get( '/x' , => ) { } ` ${ <form> </form> it('é', test( expect( .toBe( fn #[test] assert_eq!( r#\" \" .route(\"/x\" use a::{ utoipa::path( import from require(";
    try_readers(
        "script",
        &["a.ts", "a.js", "a.vue", "src/a.rs", "tests/a.rs"],
        tokens,
    );
}

#[test]
fn no_configuration_makes_the_readers_panic() {
    let tokens = "on: push jobs: steps: - run: | pytest || true \" ' if: github.event_name == 'x' && groups: rules: alert: receivers: *a &a !! ? { [ ${X} $CI CREATE TABLE ; -- /* SELECT DELETE FROM { \"panels\" : FROM CMD [\"$X\" ]";

    try_readers(
        "configuration",
        &[
            ".github/workflows/a.yml",
            ".gitlab-ci.yml",
            "docker-compose.yml",
            "alertmanager.yml",
            "a.sql",
            "a.json",
            "Dockerfile",
            ".env",
            "a.csv",
            "Makefile",
        ],
        tokens,
    );
}

#[test]
fn no_page_makes_the_readers_panic() {
    let tokens = "# ## ``` | --- ]( ) ` `a/b.py` GET /x JWT f1 0,8 99,9 % seuil accuracy : veille incident é É ’ === FILE: a.py registre des traitements finalité make x";
    try_readers(
        "page",
        &["README.md", "docs/incident.rst", "a.txt", "index.html"],
        tokens,
    );
}
