use proptest::prelude::*;

use super::*;
use crate::source::web_page::records::{EventFields, PublicHolidayFields};

fn list<S: for<'de> Deserialize<'de>>(text: &str) -> List<S> {
    toml::from_str(text).unwrap()
}

fn agenda() -> List<EventFields> {
    list(
        r#"
        address = "http://x/agenda"
        item = "article"
        next = "a[rel=next]"
        empty = ".aucun"
        [fields]
        event_id = "@id"
        title = "h2"
        starts_at = [".jour", ".heure"]
        attendance = "data@value"
        "#,
    )
}

fn url() -> Url {
    "http://x/agenda?page=1".parse().unwrap()
}

#[test]
fn fields_are_texts_attributes_or_several_joined() {
    let page = r#"<article id="e1"><h2> Fête
        <b>du</b> fleuve</h2><p class="jour">27 juin 2026</p><p class="heure">21h</p><data value="500">beaucoup</data>
        </article><article id="e2"><h2>Marché</h2></article><a rel="next" href="?page=2">Suite</a>"#;
    let page = read(page, &url(), &agenda()).unwrap();
    assert_eq!(page.next.unwrap().as_str(), "http://x/agenda?page=2");
    let texts = |item: &Item| {
        ["event_id", "title", "starts_at", "attendance"]
            .map(|name| item.field(name).map(str::to_owned))
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        texts(&page.items[0]),
        [
            some("e1"),
            some("Fête du fleuve"),
            some("27 juin 2026 21h"),
            some("500")
        ]
    );
    assert_eq!(
        texts(&page.items[1]),
        [some("e2"), some("Marché"), None, None]
    );
}

#[test]
fn an_item_selector_that_matches_nothing_names_itself_and_the_page() {
    let error = read("<p>Refonte du site</p>", &url(), &agenda()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the selector `article` matches nothing on http://x/agenda?page=1"
    );
    let page = read(r#"<p class="aucun">Aucun événement</p>"#, &url(), &agenda()).unwrap();
    assert!(page.items.is_empty() && page.next.is_none());
}

#[test]
fn a_selector_that_is_not_css_is_refused_with_the_profile() {
    let text = "address = \"http://x/\"\nitem = \"li[\"\n[fields]\ndate = \"time\"\nname = \"b\"";
    let error = toml::from_str::<List<PublicHolidayFields>>(text).unwrap_err();
    assert!(
        error.message().contains("`li[` is not a CSS selector"),
        "{error}"
    );
}

#[test]
fn the_charset_comes_from_the_header_then_from_the_page() {
    let decode = |content_type: Option<&str>, body: &[u8]| {
        decode(&Received {
            body: body.to_vec(),
            content_type: content_type.map(str::to_owned),
        })
        .into_owned()
    };

    assert_eq!(
        decode(Some("text/html; charset=ISO-8859-1"), b"\xe9t\xe9"),
        "été"
    );
    assert_eq!(
        decode(Some("text/html"), b"<meta charset=\"windows-1252\">\x80"),
        "<meta charset=\"windows-1252\">€"
    );

    assert_eq!(decode(None, "été".as_bytes()), "été");
}

#[test]
fn the_real_events_page_is_read_with_the_selectors_of_the_profile() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/data/html/stade-de-france_events.html"
    );
    let Ok(text) = std::fs::read_to_string(path) else {
        println!("skipped: {path} is absent");
        return;
    };

    let profile: toml::Table = include_str!("../../../../../../data/profiles/paris.toml")
        .parse()
        .unwrap();
    let agenda: List<EventFields> = profile["web_page"]["events"].clone().try_into().unwrap();
    let page = read(&text, &agenda.address, &agenda).unwrap();
    let (events, notes) = agenda.fields.records(&page.items, chrono_tz::Europe::Paris);

    println!("{} events", events.len());
    assert_eq!(notes, [""; 0]);

    let json = serde_json::to_value(events).unwrap();
    let found: Vec<_> = json
        .as_array()
        .unwrap()
        .iter()
        .map(|event| (&event["event_id"], &event["starts_at"]))
        .collect();

    let expected = [
        ("prod_10229562035639", "2026-06-27T19:05:00Z"),
        ("prod_10229549968364", "2026-05-29T16:30:00Z"),
    ];
    let expected =
        expected.map(|(id, start)| (serde_json::Value::from(id), serde_json::Value::from(start)));

    assert_eq!(found, expected.each_ref().map(|(id, start)| (id, start)));
    assert!(
        json.as_array()
            .unwrap()
            .iter()
            .all(|event| event["place"] == "Stade de France")
    );
}

#[test]
fn real_pages_of_another_kind_are_read_without_items() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/html");
    let Ok(entries) = std::fs::read_dir(folder) else {
        println!("skipped: {folder} is absent");
        return;
    };
    let pages = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "html"));

    let links: List<PublicHolidayFields> = list(
        "address = \"http://x/\"\nitem = \"a[href]\"\n[fields]\ndate = \"@title\"\nname = \"@href\"",
    );

    for path in pages {
        let body = std::fs::read(&path).unwrap();
        let received = Received {
            body,
            content_type: None,
        };
        let text = decode(&received);
        let count = read(&text, &url(), &links).unwrap().items.len();

        println!("{}: {count} links", path.display());
        assert!(count > 0 && read(&text, &url(), &agenda()).is_err());
    }
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(body in prop::collection::vec(any::<u8>(), 0..300), content_type in "\\PC{0,30}") {
        let received = Received { body, content_type: Some(content_type) };
        let _ = read(&decode(&received), &url(), &agenda());
    }
}
