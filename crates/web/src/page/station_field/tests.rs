use filrouge_types::Language;

use super::*;

fn list() -> Vec<StationItem> {
    crate::data_api::sample().stations.list.clone()
}

fn meant(typed: &str) -> String {
    match Meant::read(&list(), typed) {
        Meant::Nothing => "nothing".to_owned(),
        Meant::Unknown => "unknown".to_owned(),
        Meant::Station(station) => station.station_id.to_string(),
        Meant::Several(stations) => format!("{} stations", stations.len()),
    }
}

#[test]
fn a_station_is_known_by_its_identifier_its_name_or_a_part_of_it() {
    let table = [
        ("", "nothing"),
        ("  ", "nothing"),
        ("RIV-002", "RIV-002"),
        ("place de l'etoile", "RIV-002"),
        ("étoile", "RIV-002"),
        ("centre", "2 stations"),
        ("zzz", "unknown"),
        ("<script>", "unknown"),
    ];
    for (typed, expected) in table {
        assert_eq!(meant(typed), expected, "{typed}");
    }
}

#[test]
fn the_field_keeps_what_was_typed_and_says_what_to_do() {
    let t = Frame::sample(Language::French);
    let list = list();
    let field = |typed: &str, was_sent| {
        let meant = Meant::read(&list, typed);
        StationField::new(
            &t,
            ("depart", "Station".to_owned()),
            typed,
            &meant,
            was_sent,
        )
    };
    assert_eq!(field("", false).error, None);
    assert!(field("", true).error.is_some());
    assert_eq!(field("RIV-002", true).value, "Place de l’Étoile");

    let several = field("centre", true);
    assert_eq!(several.value, "centre");
    assert!(several.error.unwrap().contains("Place de l’Étoile"));
}

#[test]
fn a_station_without_a_letter_in_its_name_is_known_by_that_name_alone() {
    let mut list = list();
    list[0].name = "🚲".to_owned();
    let nameless = list[0].station_id.to_string();

    for (typed, expected) in [("🚲", Some(nameless)), ("???", None), ("", None)] {
        let found = Meant::read(&list, typed).station();
        let found = found.map(|station| station.station_id.to_string());
        assert_eq!(found, expected, "{typed:?}");
    }
}
