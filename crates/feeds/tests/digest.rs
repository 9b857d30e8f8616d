//! The digest of a week, from its articles and its note.
#![expect(clippy::unwrap_used, reason = "a test fails where it unwraps")]

use std::path::Path;

use filrouge_feeds::{Archive, Article, Digest, Note, Sources, Week, read_feed};

fn sources() -> Sources {
    Sources::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/feeds.toml")).unwrap()
}

/// A week with an article about each theme, and one that tries to break the page.
fn archive(sources: &Sources, week: Week) -> Archive {
    let articles = sources.themes.iter().flat_map(|theme| {
        let source = sources
            .followed()
            .find(|it| it.themes.contains(&theme.name))
            .unwrap();
        let titles = [
            format!("{} : ce qui change cette semaine", theme.words[0]),
            format!("</li><script>alert(\"{}\")</script>", theme.words[0]),
        ];
        titles.map(|title| Article {
            source: source.name.clone(),
            link: Some("https://exemple.fr/?a=1&b=\"'><b>".parse().unwrap()),
            title,
            published: Some(week.bounds().0),
            summary: String::new(),
        })
    });

    let mut archive = Archive::default();
    for (number, mut article) in articles.enumerate() {
        article.link.as_mut().unwrap().set_path(&number.to_string());
        archive.add([article], week.bounds().0);
    }
    archive
}

/// Preuve: C6.5 la synthèse répond à ses thèmes, et la rejouer donne les mêmes octets
#[test]
fn the_digest_of_a_replayed_week_is_byte_equal() {
    let (sources, week) = (sources(), "2026-W45".parse().unwrap());
    let address = "https://exemple.fr/veille/".parse().unwrap();

    let texts = || {
        let archive = archive(&sources, week);
        let digest = Digest::new(week, &sources, &archive, None);
        let atom = Digest::to_atom(std::slice::from_ref(&digest), &address);
        [digest.to_html(), digest.to_markdown(".."), atom]
    };

    assert_eq!(texts(), texts());
}

#[test]
fn what_publishers_write_stays_text() {
    let (sources, week) = (sources(), "2026-W45".parse().unwrap());
    let archive = archive(&sources, week);
    let digest = Digest::new(week, &sources, &archive, None);

    let html = digest.to_html();
    assert!(!html.contains("<script"), "{html}");
    assert!(!html.contains("\"'><b>"), "{html}");
    assert!(html.contains("&lt;script&gt;"), "{html}");
    assert!(digest.to_markdown("..").contains("\\<script\\>"));

    // Its own feed is one that others can read.
    let atom = Digest::to_atom(&[digest], &"https://exemple.fr/veille/".parse().unwrap());
    let entries = read_feed(atom.as_bytes(), "nous", None).unwrap();
    assert_eq!(entries.len(), 1);
    assert!(entries[0].title.contains("2026-W45"), "{entries:?}");
}

/// Preuve: C6.5 chaque synthèse publiée porte sur un thème du projet, avec des faits sourcés et datés [code : crates/feeds/src/note.rs#Note]
#[test]
fn every_note_has_sourced_facts_about_a_theme_and_a_recommendation() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let themes = sources().themes;
    let notes = Note::read_all(&root.join("docs/veille/notes")).unwrap();

    assert!(notes.len() >= 5);
    for note in &notes {
        let week = note.week;
        assert!(
            themes.iter().any(|theme| theme.name == note.theme),
            "{week}: {}",
            note.theme
        );
        assert!(note.facts.len() >= 3, "{week}");
        assert!(!note.consequences.is_empty(), "{week}");
        assert!(!note.recommendations.is_empty(), "{week}");

        for fact in &note.facts {
            assert!(fact.date <= note.written, "{week}: {}", fact.text);
        }
        for path in note
            .recommendations
            .iter()
            .filter_map(|it| it.followed_by.as_ref())
        {
            assert!(root.join(path).exists(), "{week}: `{path}` is not there");
        }
    }
}

/// Preuve: C6.1 chaque thème est un outil ou une réglementation dont le projet se sert, et dit où [code : data/feeds.toml]
#[test]
fn every_theme_says_where_the_project_uses_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");

    for theme in sources().themes {
        assert!(
            root.join(&theme.used_in).exists(),
            "{}: {}",
            theme.name,
            theme.used_in
        );
        assert!(theme.words.len() >= 3, "{}", theme.name);
    }
}
