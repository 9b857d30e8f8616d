use super::*;

fn article(title: &str, link: &str, published: &str) -> Article {
    Article {
        source: "test".into(),
        title: title.into(),
        link: link.parse().ok(),
        published: published.parse().ok(),
        summary: String::new(),
    }
}

#[test]
fn the_same_page_or_the_same_long_title_is_one_article() {
    let first = article("Le règlement sur l’IA", "https://www.exemple.fr/a/", "");
    let cases = [
        (article("Autre titre", "http://exemple.fr/a", ""), 0),
        (
            article("LE REGLEMENT SUR L'IA", "https://ailleurs.fr/b", ""),
            0,
        ),
        (article("Le règlement", "https://exemple.fr/b", ""), 1),
        (article("Autre titre", "https://exemple.fr/a?page=2", ""), 1),
        (article("Sans page", "", ""), 1),
    ];

    for (second, added) in cases {
        let mut archive = Archive::default();
        archive.add([first.clone()], DateTime::UNIX_EPOCH);
        assert_eq!(
            archive.add([second.clone()], DateTime::UNIX_EPOCH),
            added,
            "{second:?}"
        );
        assert_eq!(archive.add([second], DateTime::UNIX_EPOCH), 0);
    }
}

#[test]
fn the_next_letter_of_the_same_title_is_another_article() {
    let letter = |page: &str, published: &str| {
        article(
            "La lettre du centre de veille",
            &format!("https://exemple.fr/lettres/{page}"),
            published,
        )
    };
    let mut archive = Archive::default();
    archive.add([letter("42", "2026-11-02T08:00:00Z")], DateTime::UNIX_EPOCH);

    for (next, added) in [
        (letter("42", "2026-11-09T08:00:00Z"), 0),
        (letter("42-bis", "2026-11-03T08:00:00Z"), 0),
        (letter("43", "2026-11-09T08:00:00Z"), 1),
        (letter("44", "2026-11-16T08:00:00Z"), 1),
    ] {
        assert_eq!(
            archive.add([next.clone()], DateTime::UNIX_EPOCH),
            added,
            "{next:?}"
        );
    }
}

#[test]
fn a_week_has_what_was_published_in_it() {
    let now: DateTime<Utc> = "2026-11-06T08:00:00Z".parse().unwrap();
    let monday = "2026-11-02T00:00:00Z".parse().unwrap();
    let mut archive = Archive::default();
    let dates = [
        ("avant", "2026-11-01T23:59:59Z"),
        ("pendant", "2026-11-02T00:00:00Z"),
        ("sans date", ""),
        ("date à venir", "2099-01-01T00:00:00Z"),
    ];
    archive.add(dates.map(|(title, date)| article(title, "", date)), now);

    let titles: Vec<_> = archive
        .between(monday, monday + TimeDelta::days(7))
        .map(|article| article.title.as_str())
        .collect();

    assert_eq!(titles, ["pendant", "sans date", "date à venir"]);
}

#[test]
fn old_articles_are_forgotten() {
    let mut archive = Archive::default();
    archive.add([article("un", "", "")], DateTime::UNIX_EPOCH);

    assert_eq!(
        archive.add([article("deux", "", "")], DateTime::UNIX_EPOCH + KEPT),
        1
    );
    assert_eq!(archive.articles.len(), 1);
}
