use super::*;

fn finds(typed: &str, name: &str) -> bool {
    let json = serde_json::json!({
        "station_id": "RIV-007", "name": name, "district": "Les Îles", "latitude": 45.6, "longitude": 4.1,
        "capacity": 20, "bikes_available": 1, "docks_available": 19, "reported_at": null,
    });
    Search::new(typed).finds(&serde_json::from_value(json).unwrap())
}

#[test]
fn case_accents_and_punctuation_do_not_count() {
    for typed in [
        "",
        "  ",
        "place de l'étoile",
        "ETOILE",
        "letoile place",
        "iles",
        "riv-007",
        "e\u{301}toile",
        "œuvre",
    ] {
        let name = if typed == "œuvre" {
            "Rue de l’Oeuvre"
        } else {
            "Place de l’Étoile"
        };
        assert_eq!(finds(typed, name), typed != "letoile place", "{typed:?}");
    }
}

#[test]
fn every_word_must_be_found() {
    assert!(finds("etoile iles", "Place de l’Étoile"));
    assert!(!finds("etoile gare", "Place de l’Étoile"));
}

#[test]
fn punctuation_alone_finds_nothing() {
    assert!(!finds("???", "Place de l’Étoile"));
}

#[test]
fn a_long_search_is_cut_and_control_characters_are_dropped() {
    let search = Search::new(&format!("a\u{0}b{}", "x".repeat(500)));
    assert_eq!(search.text().chars().count(), LONGEST);
    assert!(search.text().starts_with("abx"));
}
