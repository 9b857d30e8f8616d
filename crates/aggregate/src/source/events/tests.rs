use std::fs;

use super::*;

fn station(id: &str, name: &str, district: Option<&str>) -> Station {
    Station {
        station_id: id.parse().unwrap(),
        name: name.to_owned(),
        district: district.map(str::to_owned),
        latitude: 45.6,
        longitude: 4.1,
        capacity: 20,
    }
}

fn stations() -> Vec<Station> {
    vec![
        station("A", "Grande Halle", Some("La Confluence")),
        station("B", "Technopole Nord", Some("La Confluence")),
        station("C", "Place de l’Étoile", Some("Gare")),
        station("D", "Rue Neuve", None),
    ]
}

fn agenda(lines: &str) -> (Agenda, Ledger) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("events.jsonl"), lines).unwrap();
    let mut ledger = Ledger::default();
    (
        Agenda::read(folder.path(), &stations(), &mut ledger)
            .unwrap()
            .unwrap(),
        ledger,
    )
}

fn counts(agenda: &Agenda, station: usize, hours: [&str; 4]) -> [Option<u16>; 4] {
    hours.map(|hour| {
        agenda.count(
            station,
            format!("2026-03-01T{hour}:00:00Z").parse().unwrap(),
        )
    })
}

#[test]
fn an_event_is_near_the_stations_whose_name_or_district_its_place_gives() {
    for (place, expected) in [
        ("Grande Halle, La Confluence", vec![0, 1]),
        ("grande  halle", vec![0]),
        ("PLACE DE L'ÉTOILE", vec![2]),
        ("Stade de France", vec![]),
        ("", vec![]),
    ] {
        assert_eq!(near(place, &stations()), expected, "{place}");
    }
}

#[test]
fn an_event_counts_in_every_hour_that_it_touches() {
    let event = r#"{"place":"La Confluence","starts_at":"2026-03-01T19:30:00Z","ends_at":"2026-03-01T21:00:00Z"}"#;
    let (agenda, ledger) = agenda(&format!("{event}\n{event}\n"));
    assert_eq!(
        counts(&agenda, 0, ["18", "19", "20", "21"]),
        [None, Some(2), Some(2), Some(0)]
    );
    assert_eq!(
        counts(&agenda, 2, ["18", "19", "20", "21"]),
        [None, Some(0), Some(0), Some(0)]
    );
    assert_eq!(ledger.close().unwrap()[0].kept, 2);
}

#[test]
fn an_event_without_an_end_lasts_three_hours_and_one_that_never_ends_a_week() {
    let instant = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    let start = instant("2026-03-01T19:30:00Z");
    assert_eq!(hours(start, None).count(), 4);
    assert_eq!(hours(start, Some(start)).count(), 4);
    assert_eq!(
        hours(start, Some(instant("2030-01-01T00:00:00Z"))).count(),
        7 * 24 + 1
    );
}

#[test]
fn an_event_without_a_start_is_set_aside_with_its_line() {
    let (agenda, ledger) = agenda(
        "{\"place\":\"X\",\"starts_at\":\"2026-03-01T08:00:00Z\"}\n{\"place\":\"X\",\"starts_at\":null}\n",
    );
    assert_eq!(agenda.places_elsewhere, 1);
    assert_eq!(ledger.close().unwrap()[0].rejected["unreadable_instant"], 1);
    let rejects = ledger.rejects().unwrap();
    assert_eq!(
        rejects.column("source_line").unwrap().u32().unwrap().get(0),
        Some(2)
    );
}

#[test]
fn a_line_that_is_not_json_is_named() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("events.jsonl"), "{}\n{\"place\":\n").unwrap();
    let error = Agenda::read(folder.path(), &[], &mut Ledger::default())
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("events.jsonl: cannot be read: line 2: "),
        "{error}"
    );
}
