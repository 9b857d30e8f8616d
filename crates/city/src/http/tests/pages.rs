use std::collections::BTreeSet;

use super::*;

/// What stands between two texts, each time.
fn between<'a>(text: &'a str, before: &'a str, after: &'a str) -> Vec<&'a str> {
    text.split(before)
        .skip(1)
        .filter_map(|rest| rest.split(after).next())
        .collect()
}

/// All pages of the agenda, by its links.
async fn agenda() -> Vec<String> {
    let mut pages = vec![get_text("/agenda").await];
    while let Some(next) = between(pages.last().unwrap(), "rel=\"next\" href=\"", "\"")
        .first()
        .copied()
    {
        let page = get_text(next).await;
        pages.push(page);
    }
    pages
}

#[tokio::test]
async fn following_the_next_links_gives_every_event_once() {
    let pages = agenda().await;
    let identifiers: Vec<&str> = pages
        .iter()
        .flat_map(|page| between(page, "<article class=\"event\" id=\"", "\""))
        .collect();

    assert_eq!(
        identifiers.iter().collect::<BTreeSet<_>>().len(),
        identifiers.len()
    );

    let first: chrono::NaiveDate = "2024-11-01".parse().unwrap();
    let city = City::new(1);

    let expected: BTreeSet<String> = first
        .iter_days()
        .take_while(|date| date.to_string().as_str() <= "2026-12-24")
        .flat_map(|date| city.events_on(date))
        .map(|event| event.event_id)
        .collect();

    assert_eq!(
        identifiers
            .into_iter()
            .map(str::to_owned)
            .collect::<BTreeSet<_>>(),
        expected
    );

    assert!(pages.len() > 5);
}

#[tokio::test]
async fn an_event_has_all_its_fields_in_elements_of_their_own() {
    let page = get_text("/agenda?page=2").await;
    let articles = between(&page, "<article", "</article>");
    assert_eq!(articles.len(), 60);

    for article in articles {
        for class in [
            "event-title",
            "event-start",
            "event-end",
            "event-place",
            "event-attendance",
        ] {
            assert_eq!(
                article.matches(&format!("class=\"{class}\"")).count(),
                1,
                "{class} in {article}"
            );
        }

        let instants = between(article, "datetime=\"", "\"");
        let [start, end] =
            [0, 1].map(|at| chrono::DateTime::parse_from_rfc3339(instants[at]).unwrap());

        assert!(start < end);
        assert!(between(article, "value=\"", "\"")[0].parse::<u32>().is_ok());
    }
}

#[tokio::test]
async fn the_last_page_has_no_next_link_and_the_first_no_previous_one() {
    let pages = agenda().await;
    assert!(!pages[0].contains("rel=\"prev\"") && pages[0].contains("rel=\"next\""));
    let last = pages.last().unwrap();
    assert!(last.contains("rel=\"prev\"") && !last.contains("rel=\"next\""));
}

#[tokio::test]
async fn a_page_that_does_not_exist_says_so_and_how_to_go_back() {
    for number in ["0", "9999"] {
        let (status, page) = get_from(City::new(1), &format!("/agenda?page={number}")).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        assert!(page.contains("<a href=\"/agenda\">"));
    }
    assert_eq!(
        get_from(City::new(1), "/agenda?page=deux").await.0,
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn pages_are_french_documents_with_one_title_each() {
    for address in ["/agenda", "/jours-feries", "/vacances-scolaires"] {
        let page = get_text(address).await;
        assert!(
            page.starts_with("<!DOCTYPE html>\n<html lang=\"fr\">"),
            "{address}"
        );
        assert_eq!(page.matches("<h1>").count(), 1, "{address}");
        assert_eq!(page.matches("<main>").count(), 1, "{address}");
    }
}

#[tokio::test]
async fn holidays_cover_the_published_past_and_the_next_year() {
    let page = get_text("/jours-feries").await;
    assert_eq!(page.matches("<tr class=\"holiday\">").count(), 4 * 11);
    assert!(page.contains("<time datetime=\"2026-05-14\">jeudi 14 mai 2026</time>"));
    let dates = between(&page, "datetime=\"", "\"");
    assert_eq!(
        (dates[0], dates[dates.len() - 1]),
        ("2024-01-01", "2027-12-25")
    );
}

#[tokio::test]
async fn school_holidays_are_spans_of_days_both_included() {
    let page = get_text("/vacances-scolaires").await;
    assert!(page.contains(
        "<td class=\"starts-on\"><time datetime=\"2025-12-20\">samedi 20 décembre 2025</time></td>"
    ));
    assert!(page.contains(
        "<td class=\"ends-on\"><time datetime=\"2026-01-04\">dimanche 4 janvier 2026</time></td>"
    ));
    assert_eq!(page.matches("<tr class=\"school-holiday\">").count(), 5 * 5);
}
