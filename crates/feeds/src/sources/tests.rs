use super::*;

fn file(name: &str, theme: &str, author: u32, others: u32) -> String {
    let grade = |points| format!("{{ points = {points}, why = \"raison\" }}");
    let other = grade(others);
    format!(
        r#"
        [[theme]]
        name = "ia"
        title = "IA"
        used_in = "docs"
        words = ["IA"]
        [[source]]
        name = "cnil"
        publisher = "CNIL"
        address = "https://exemple.fr/rss"
        themes = ["ia"]
        reliability = {{ author = {other}, competence = {other}, content = {other}, structure = {other}, accessibility = {other}, confirmation = {other} }}
        [[source]]
        name = "{name}"
        publisher = "Autre"
        address = "https://exemple.org/rss"
        themes = ["{theme}"]
        reliability = {{ author = {}, competence = {other}, content = {other}, structure = {other}, accessibility = {other}, confirmation = {other} }}
        "#,
        grade(author)
    )
}

fn read(text: &str) -> Result<Sources, SourcesError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("feeds.toml");
    std::fs::write(&path, text).unwrap();
    Sources::read(&path)
}

#[test]
fn a_source_is_followed_for_its_points_and_its_named_author() {
    let cases = [
        (2, 2, true),
        (1, 2, true),
        (0, 2, false),
        (2, 1, true),
        (1, 1, false),
    ];

    for (author, others, expected) in cases {
        let sources = read(&file("autre", "ia", author, others)).unwrap();
        assert_eq!(sources.sources[1].points(), author + 5 * others);
        assert_eq!(
            sources.sources[1].is_followed(),
            expected,
            "{author}, {others}"
        );
    }
}

#[test]
fn a_file_that_contradicts_itself_is_refused() {
    let cases = [
        (
            file("cnil", "ia", 2, 2),
            "la source « cnil » y est deux fois",
        ),
        (
            file("autre", "rust", 2, 2),
            "nomme un thème inconnu, « rust »",
        ),
        (
            file("autre", "ia", 3, 2),
            "« autre », « Auteur identifié » : 3 point(s), sur 2",
        ),
        ("source = 3".to_owned(), "invalid type"),
    ];

    for (text, expected) in cases {
        let error = read(&text).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn the_sources_of_the_project_hold_together() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/feeds.toml");
    let sources = Sources::read(&path).unwrap();

    assert!(sources.followed().count() >= 8);
    for theme in &sources.themes {
        let is_read = sources
            .followed()
            .any(|source| source.themes.contains(&theme.name));
        assert!(is_read, "no source is followed for {}", theme.name);
    }
}
