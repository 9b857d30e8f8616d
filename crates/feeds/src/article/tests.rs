use super::*;

const RSS: &str = r#"<rss version="2.0"><channel><title>Un flux</title>
    <item><title>Un &lt;b&gt;règlement&lt;/b&gt;</title>
      <link>https://exemple.fr/a?utm_source=rss&amp;page=2#haut</link>
      <pubDate>Thu, 01 Aug 2024 10:00:00 +0200</pubDate>
      <description>&lt;p&gt;Entré &lt;i&gt;en vigueur&lt;/i&gt;&lt;/p&gt;</description></item>
    <item><title></title><link>javascript:alert(1)</link></item>
    </channel></rss>"#;

#[test]
fn an_item_becomes_plain_text_with_its_page_and_its_instant() {
    let articles = read_feed(RSS.as_bytes(), "test", None).unwrap();

    assert_eq!(
        articles,
        [
            Article {
                source: "test".into(),
                title: "Un règlement".into(),
                link: Some("https://exemple.fr/a?page=2".parse().unwrap()),
                published: Some("2024-08-01T08:00:00Z".parse().unwrap()),
                summary: "Entré en vigueur".into(),
            },
            Article {
                source: "test".into(),
                title: "(sans titre)".into(),
                ..Article::default()
            },
        ]
    );
}

#[test]
fn a_version_that_is_not_said_is_the_last_one() {
    let feed = "<rss><channel><title>t</title><item><title>un</title></item></channel></rss>";

    assert_eq!(
        read_feed(feed.as_bytes(), "test", None).unwrap()[0].title,
        "un"
    );
}

#[test]
fn links_are_relative_to_the_feed() {
    let atom = r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><id>i</id>
        <updated>2026-11-02T08:00:00Z</updated>
        <entry><id>1</id><title>un</title><updated>2026-11-02T08:00:00Z</updated>
        <link href="/pages/1"/></entry></feed>"#;
    let base = "https://exemple.fr/flux/tous.xml".parse().unwrap();

    let articles = read_feed(atom.as_bytes(), "test", Some(&base)).unwrap();

    assert_eq!(
        articles[0].link.as_ref().unwrap().as_str(),
        "https://exemple.fr/pages/1"
    );
}

#[test]
fn what_is_no_feed_is_refused_with_the_reason() {
    let cases: [(&[u8], &str); 4] = [
        (b" \n", "le flux est vide"),
        (b"<html><body>404</body></html>", "ce n’est ni un flux RSS"),
        (
            b"{\"version\": \"https://jsonfeed.org/version/9\"}",
            "ce n’est ni un flux RSS",
        ),
        (b"\x00\x01\x02", "ce n’est ni un flux RSS"),
    ];

    for (bytes, expected) in cases {
        let error = read_feed(bytes, "test", None).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }
}
