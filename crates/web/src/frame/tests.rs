use super::*;

fn city() -> Arc<CityProfile> {
    Frame::sample(Language::French).city
}

fn frame(address: &str, accepted: &str) -> Frame {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT_LANGUAGE, accepted.parse().unwrap());
    Frame::new(&address.parse().unwrap(), &headers, city())
}

#[test]
fn the_address_chooses_then_the_browser_then_the_city() {
    for (address, accepted, language) in [
        ("/en/stations/A", "fr", Language::English),
        ("/fr?page=2", "en", Language::French),
        ("/", "en-GB,en;q=0.9,fr;q=0.8", Language::English),
        ("/", "de, fr;q=0.5, en;q=0.5", Language::French),
        ("/", "en;q=0.2, fr;q=0.9", Language::French),
        ("/", "en;q=0", Language::French),
        ("/", "de, *", Language::French),
        ("/english", "", Language::French),
    ] {
        assert_eq!(
            frame(address, accepted).language,
            language,
            "{address} {accepted}"
        );
    }
}

#[test]
fn links_keep_the_language_of_the_address() {
    let frame = frame("/en/monitoring", "");
    assert_eq!(frame.link("/"), "/en");
    assert_eq!(frame.link("/?page=2"), "/en?page=2");
    assert_eq!(frame.link("/stations/A"), "/en/stations/A");
    assert_eq!(
        Frame::sample(Language::English).link("/stations/A"),
        "/stations/A"
    );
}

#[test]
fn every_page_has_its_address_in_every_language() {
    for (address, editions) in [
        ("/", ["/fr", "/en"]),
        ("/en", ["/fr", "/en"]),
        (
            "/fr?recherche=gare&page=2",
            ["/fr?recherche=gare&page=2", "/en?recherche=gare&page=2"],
        ),
        (
            "/stations/A%2FB",
            ["/fr/stations/A%2FB", "/en/stations/A%2FB"],
        ),
        (
            "//elsewhere.example",
            ["/fr//elsewhere.example", "/en//elsewhere.example"],
        ),
    ] {
        let found = frame(address, "").editions();
        assert_eq!(
            found
                .iter()
                .map(|edition| &edition.address)
                .collect::<Vec<_>>(),
            editions
        );
    }
}

#[test]
fn the_name_of_a_city_is_no_element_in_a_text_that_may_hold_some() {
    let mut frame = Frame::sample(Language::French);
    frame.city = Arc::new(CityProfile {
        city: "Trou <b>&</b> Bosse".to_owned(),
        network: "Vélo \"<i>\" & Cie".to_owned(),
        ..CityProfile::clone(&frame.city)
    });

    let markup = frame.markup("footer-network", []).to_string();
    assert!(!markup.contains('<'), "{markup}");
    // Templates escape the others themselves.
    assert!(frame.say("footer-network").contains("<b>&</b>"));
}
