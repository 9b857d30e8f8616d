use std::path::{Path, PathBuf};

use filrouge_prerequisites as prerequisites;
use proptest::prelude::*;

use super::*;
use crate::fuzz::fuzz;
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

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/samples/html")
}

#[test]
fn an_agenda_is_read_with_the_selectors_of_the_profile() {
    events_of(
        &samples().join("agenda.html"),
        "Stade de Rivemont",
        ["prod_1001", "prod_1002"],
    );
}

#[test]
fn the_real_events_page_is_read_with_the_selectors_of_the_profile() {
    if let Some(page) = prerequisites::real_data("html/stade-de-france_events.html") {
        let ids = ["prod_10229562035639", "prod_10229549968364"];
        events_of(&page, "Stade de France", ids);
    }
}

/// Reads two events at that place: the first one on 27 June 2026, the other on 29 May.
fn events_of(page: &Path, place: &str, ids: [&str; 2]) {
    let text = std::fs::read_to_string(page).unwrap();
    let profile: toml::Table = include_str!("../../../../../../data/profiles/paris.toml")
        .parse()
        .unwrap();
    let agenda: List<EventFields> = profile["web_page"]["events"].clone().try_into().unwrap();
    let page = read(&text, &agenda.address, &agenda).unwrap();
    let (events, notes) = agenda.fields.records(&page.items, chrono_tz::Europe::Paris);

    assert_eq!(notes, [""; 0]);

    let json = serde_json::to_value(events).unwrap();
    let found: Vec<_> = json
        .as_array()
        .unwrap()
        .iter()
        .map(|event| ["event_id", "starts_at", "place"].map(|key| event[key].as_str().unwrap()))
        .collect();

    assert_eq!(
        found,
        [
            [ids[0], "2026-06-27T19:05:00Z", place],
            [ids[1], "2026-05-29T16:30:00Z", place],
        ]
    );
}

#[test]
fn pages_of_another_kind_are_read_without_items() {
    links_and_no_item(&["agenda.html", "headings.html"].map(|name| samples().join(name)));
}

#[test]
fn real_pages_of_another_kind_are_read_without_items() {
    let Some(folder) = prerequisites::real_data("html") else {
        return;
    };
    let entries = std::fs::read_dir(folder).unwrap();
    let mut pages: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    pages.retain(|path| path.extension().is_some_and(|end| end == "html"));

    links_and_no_item(&pages);
}

fn links_and_no_item(pages: &[PathBuf]) {
    for path in pages {
        assert!(!read_links(path).items.is_empty(), "{}", path.display());
        assert!(read(&text(path), &url(), &agenda()).is_err());
    }
}

fn read_links(path: &Path) -> WebPage {
    let links: List<PublicHolidayFields> = list(
        "address = \"http://x/\"\nitem = \"a[href]\"\n[fields]\ndate = \"@title\"\nname = \"@href\"",
    );

    read(&text(path), &url(), &links).unwrap()
}

fn text(path: &Path) -> String {
    let received = Received {
        body: std::fs::read(path).unwrap(),
        content_type: None,
    };

    decode(&received).into_owned()
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(body in prop::collection::vec(any::<u8>(), 0..300), content_type in "\\PC{0,30}") {
        let received = Received { body, content_type: Some(content_type) };
        let _ = read(&decode(&received), &url(), &agenda());
    }
}

#[test]
fn fuzz_pages() {
    fuzz("web-page", |body| {
        let received = Received {
            body: body.to_owned(),
            content_type: None,
        };
        if let Ok(page) = read(&decode(&received), &url(), &agenda()) {
            agenda()
                .fields
                .records(&page.items, chrono_tz::Europe::Paris);
        }
    });
}
