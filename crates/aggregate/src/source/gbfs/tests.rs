use serde_json::json;

use super::*;

#[test]
fn stations_are_read_in_every_version() {
    let description = Description {
        name: Some("Gare".to_owned()),
        latitude: Some(45.6),
        longitude: Some(4.1),
        capacity: Some(20),
        ..Description::default()
    };
    let languages =
        json!([{"text": "Station", "language": "en"}, {"text": "Gare", "language": "fr"}]);
    for item in [
        json!({"station_id": "A", "name": languages, "lat": 45.6, "lon": 4.1, "capacity": 20}),
        json!({"station_id": "A", "name": "Gare", "lat": 45.6, "lon": 4.1, "capacity": "20"}),
        json!({"station_id": "A", "name": "Gare", "lat": "45.6", "lon": "4.1", "capacity": 20, "rental_methods": []}),
    ] {
        assert_eq!(describe(&item), description, "{item}");
        assert_eq!(station_id(&item).unwrap().as_str(), "A");
    }
    assert_eq!(
        station_id(&json!({"station_id": 1042})).unwrap().as_str(),
        "1042"
    );
    assert_eq!(station_id(&json!({"station_id": ""})), None);
    assert_eq!(
        describe(&json!({"lat": 145.6, "lon": null})),
        Description::default()
    );
}

#[test]
fn statuses_are_read_in_every_version() {
    let of_3 = json!({
        "station_id": "A", "num_vehicles_available": 4, "num_docks_available": 16,
        "is_renting": true, "last_reported": "2026-03-01T09:00:00+01:00",
    });
    let of_2 = json!({
        "station_id": "A", "num_bikes_available": 4, "num_docks_available": 16,
        "is_renting": 1, "last_reported": 1_772_352_000,
    });

    let expected = Status {
        station_id: "A".parse().unwrap(),
        bikes_available: 4,
        docks_available: 16,
        is_renting: true,
        reported_at: "2026-03-01T08:00:00Z".to_owned(),
    };

    assert_eq!(
        (status(&of_3), status(&of_2)),
        (Some(expected.clone()), Some(expected))
    );
    assert_eq!(
        status(&json!({"station_id": "A", "num_bikes_available": 4})),
        None
    );
}

#[test]
fn fuzz_stations() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stations");
    crate::fuzz::fuzz("stations", |body| {
        std::fs::write(&path, body).unwrap();
        for item in read_stations(&path).ok().flatten().unwrap_or_default() {
            let _ = (station_id(&item), describe(&item), status(&item));
            aliases(&item).for_each(drop);
        }
        let _ = crate::source::operator::read_stations(&path, chrono_tz::Europe::Paris);
    });
}
