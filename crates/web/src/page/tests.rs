//! Requirements of every page, read in its markup, on a sample of each.

mod rgaa;

use scraper::{ElementRef, Html, Selector};

use filrouge_accounts::{Role, SignedIn};
use filrouge_types::Language;

use super::{
    accessibility, account, audit_log, breach, comparison, error, home, log_in, monitoring,
    operations, personal_data, quality, recovery, report, reports, sign_up, site_map, state,
    station, trip,
};
use crate::frame::Frame;

/// The samples of a page, in the language and for the reader of a frame.
type Samples = fn(&Frame) -> Vec<(&'static str, String)>;

/// The samples of every page and who reads them: nobody in particular, or somebody of that role.
const SAMPLES: [(Option<Role>, Samples); 21] = [
    (None, home::samples),
    (None, station::samples),
    (Some(Role::Rider), station::samples_signed_in),
    (None, trip::samples),
    (None, comparison::samples),
    (None, monitoring::samples),
    (Some(Role::Operator), state::samples),
    (None, accessibility::samples),
    (None, log_in::samples),
    (None, sign_up::samples),
    (None, recovery::samples),
    (Some(Role::Rider), account::samples),
    (None, report::samples),
    (Some(Role::Operator), operations::samples),
    (Some(Role::Operator), reports::samples),
    (Some(Role::Operator), quality::samples),
    (Some(Role::Officer), personal_data::samples),
    (Some(Role::Officer), audit_log::samples),
    (Some(Role::Officer), breach::samples),
    (None, site_map::samples),
    (None, error::samples),
];

/// The samples of every page, in every language.
fn pages() -> Vec<(Language, &'static str, String)> {
    let in_language = |language| {
        SAMPLES.into_iter().flat_map(move |(role, samples)| {
            let pages = samples(&Frame::sample(language).read_by(role.map(reader)));
            pages
                .into_iter()
                .map(move |(name, text)| (language, name, text))
        })
    };
    Language::ALL.into_iter().flat_map(in_language).collect()
}

/// Somebody of that role, whose session is open.
fn reader(role: Role) -> SignedIn {
    SignedIn {
        account_id: "0123456789abcdef0123456789abcdef".parse().unwrap(),
        email: "camille@exemple.fr".parse().unwrap(),
        role,
        session_id: "a".repeat(32).parse().unwrap(),
    }
}

fn select<'a>(document: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    document
        .select(&Selector::parse(selector).unwrap())
        .collect()
}

fn count(document: &Html, selector: &str) -> usize {
    select(document, selector).len()
}

/// Runs `check` on every page, naming the page that fails.
fn every_page(check: impl Fn(&Html, &str)) {
    for (language, name, text) in pages() {
        println!("page {name} ({language})");
        check(&Html::parse_document(&text), &text);
    }
}

#[test]
fn pages_are_written_as_before() {
    for (language, name, text) in pages() {
        let text = text
            .replace(&crate::assets::style(), "[style]")
            .replace(&crate::assets::icon(), "[icon]");
        insta::assert_snapshot!(format!("{language}_{name}"), text);
    }
}

#[test]
fn pages_are_in_their_language_and_each_has_its_title() {
    let mut titles = std::collections::HashSet::new();
    for (language, name, text) in pages() {
        let document = Html::parse_document(&text);
        let html = format!("html[lang={language}]");
        assert_eq!(count(&document, &html), 1, "{name}");
        let title: String = select(&document, "title")[0].text().collect();
        assert!(title.ends_with(" – Vélorive"), "{name}");
        assert!(
            name.contains("_without_")
                || name.contains("_unknown_")
                || name.starts_with("error_")
                || name.ends_with("_signed_in")
                || titles.insert((language, title)),
            "{name}"
        );
    }
}

#[test]
fn pages_have_one_h1_and_skip_no_level_of_heading() {
    every_page(|document, _| {
        assert_eq!(count(document, "h1"), 1);
        let levels: Vec<u32> = select(document, "h1, h2, h3, h4")
            .iter()
            .map(|heading| heading.value().name()[1..].parse().unwrap())
            .collect();
        assert_eq!(levels[0], 1);
        assert!(
            levels.windows(2).all(|pair| pair[1] <= pair[0] + 1),
            "{levels:?}"
        );
    });
}

#[test]
fn pages_have_their_landmarks_and_a_first_link_to_the_content() {
    every_page(|document, _| {
        for landmark in ["header", "main", "footer", "header nav[aria-label]"] {
            assert_eq!(count(document, landmark), 1, "{landmark}");
        }
        let first = select(document, "a")[0];
        let target = first.attr("href").unwrap();
        assert_eq!(count(document, &format!("main{target}")), 1);
    });
}

#[test]
fn fields_have_labels_and_regions_have_names() {
    every_page(|document, _| {
        for field in select(document, "input, select, textarea") {
            // A radio button stands inside its label.
            if field.attr("type") == Some("radio") {
                assert!(
                    ElementRef::wrap(field.parent().unwrap())
                        .unwrap()
                        .value()
                        .name()
                        == "label"
                );
                continue;
            }
            assert_eq!(
                count(
                    document,
                    &format!("label[for='{}']", field.attr("id").unwrap())
                ),
                1
            );
        }

        for region in select(document, "[aria-labelledby]") {
            for id in region.attr("aria-labelledby").unwrap().split(' ') {
                assert_eq!(count(document, &format!("#{id}")), 1, "{id}");
            }
        }
    });
}

#[test]
fn tables_have_a_caption_and_headers_with_a_scope() {
    every_page(|document, _| {
        assert_eq!(count(document, "table"), count(document, "table > caption"));
        assert_eq!(
            count(document, "th"),
            count(document, "thead th[scope=col], tbody th[scope=row]")
        );
    });
}

#[test]
fn pictures_are_either_named_or_hidden_from_screen_readers() {
    every_page(|document, _| {
        for picture in select(document, "svg") {
            assert!(
                picture.attr("aria-hidden") == Some("true") || picture.attr("role") == Some("img")
            );
        }
    });
}

#[test]
fn pages_hold_no_script_no_inline_style_and_nothing_from_elsewhere() {
    every_page(|document, text| {
        assert_eq!(
            count(
                document,
                "script, style, [style], [onclick], iframe, object"
            ),
            0
        );

        for link in select(document, "[href], [src]") {
            let address = link.attr("href").or(link.attr("src")).unwrap();
            assert!(
                address.starts_with('/') || address.starts_with('#'),
                "{address}"
            );
        }

        assert!(text.len() < 30_000, "{} bytes", text.len());
    });
}

#[test]
fn identifiers_are_unique() {
    every_page(|document, _| {
        let mut seen = std::collections::HashSet::new();
        for element in select(document, "[id]") {
            assert!(seen.insert(element.attr("id").unwrap()));
        }
    });
}

#[test]
fn every_page_links_to_itself_in_every_language() {
    every_page(|document, _| {
        for language in Language::ALL {
            let link = format!("link[rel=alternate][hreflang={language}][href^='/{language}']");
            assert_eq!(count(document, &link), 1, "{link}");
        }
        let other = select(document, "header a[hreflang]");
        assert_eq!(other.len(), Language::ALL.len() - 1);
        assert_eq!(other[0].attr("lang"), other[0].attr("hreflang"));
    });
}
