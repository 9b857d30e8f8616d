use std::fs;

use serde_json::json;

use super::*;

fn run(information: &serde_json::Value, operator: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();

    for (path, text) in [
        (
            "web_service/station_information.json",
            information.to_string(),
        ),
        ("sql/stations.jsonl", operator.to_owned()),
    ] {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    folder
}

#[test]
fn each_source_gives_what_those_before_it_do_not_say() {
    let information = json!({"data": {"stations": [
        {"station_id": "A", "name": "Gare\u{a0}", "lat": 45.6, "lon": 4.1},
        {"station_id": "", "name": "Personne"},
    ]}});
    let gare = json!({
        "station_id": "A", "name": "GARE", "district": "Centre", "latitude": 1.0, "longitude": 1.0, "capacity": 30,
        "installed_on": "2025-07-01",
    });

    let parc = json!({"station_id": "B", "name": "Parc", "latitude": 45.7, "longitude": 4.2});
    let folder = run(&information, &format!("{gare}\n{parc}\n"));
    let mut ledger = Ledger::default();
    let (register, absent) = Register::read(folder.path(), Tz::UTC, &mut ledger).unwrap();

    assert!(absent.is_empty());

    let stations = register.complete(&BTreeMap::new());
    let [gare, parc] = &stations.stations[..] else {
        panic!("two stations")
    };

    assert_eq!(
        (
            gare.name.as_str(),
            gare.district.as_deref(),
            gare.latitude,
            gare.capacity
        ),
        ("Gare", Some("Centre"), 45.6, 30)
    );

    assert_eq!(
        (parc.name.as_str(), parc.latitude, parc.capacity),
        ("Parc", 45.7, 0)
    );
    assert_eq!(stations.is_in_service, [true, false]);

    assert_eq!(
        stations
            .opened_at
            .iter()
            .map(|at| at.map(|at| at.to_rfc3339()))
            .collect::<Vec<_>>(),
        [Some("2025-07-01T00:00:00+00:00".to_owned()), None]
    );

    let summary = ledger.close().unwrap();
    let information = summary
        .iter()
        .find(|source| source.source == INFORMATION)
        .unwrap();

    assert_eq!(
        (
            information.read,
            information.kept,
            information.rejected["unknown_station"]
        ),
        (2, 1, 1)
    );
}

#[test]
fn without_any_source_the_trips_describe_the_stations() {
    let folder = tempfile::tempdir().unwrap();
    let (register, absent) =
        Register::read(folder.path(), Tz::UTC, &mut Ledger::default()).unwrap();

    assert_eq!(absent, [INFORMATION, OPERATOR]);
    assert!(register.known().contains("Z"));

    let stations =
        register.complete(&[("Z".parse().unwrap(), StationDescriptors::default())].into());

    assert_eq!(
        (
            stations.stations[0].name.as_str(),
            stations.without_position
        ),
        ("Z", 1)
    );
}

#[test]
fn the_status_of_a_station_that_no_source_describes_is_set_aside() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("web_service")).unwrap();
    let item = |id: &str| json!({"station_id": id, "num_bikes_available": 4, "last_reported": 1_772_352_000});
    let status = json!({"data": {"stations": [item("A"), item("Z"), {"station_id": "A"}]}});

    fs::write(
        folder.path().join("web_service/station_status.json"),
        status.to_string(),
    )
    .unwrap();
    let known = Description::default().station("A".parse().unwrap());
    let mut ledger = Ledger::default();

    let statuses = read_statuses(folder.path(), &[known], &mut ledger)
        .unwrap()
        .unwrap();
    assert_eq!(statuses.len(), 1);

    let summary = &ledger.close().unwrap()[0];

    assert_eq!(
        (
            summary.read,
            summary.kept,
            summary.rejected["unknown_station"]
        ),
        (3, 1, 2)
    );
}
