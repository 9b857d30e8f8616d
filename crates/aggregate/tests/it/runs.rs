//! Runs written by hand, with sources that are absent, damaged, moved or read twice.

use std::fs::{self, File};

use filrouge_aggregate::{
    AggregateError, Options, TripOrigin, aggregate, aggregate_trips, lineage,
};
use filrouge_dataset::{read_conditions, read_dataset};
use polars::prelude::{DataFrame, IdxCa, NamedFrom, ParquetReader, ParquetWriter, SerReader};
use proptest::prelude::*;
use serde_json::json;

use crate::world::World;

const HEADER: &str = "ride_id,started_at,ended_at,start_station_name,start_station_id,end_station_name,end_station_id,\
                      start_lat,start_lng,end_lat,end_lng,member_casual\n";

/// A file of trips of 1 March 2026: identifier, start, end, station.
fn csv(trips: &[(&str, &str, &str, &str)]) -> String {
    let row = |(id, start, end, station): &(&str, &str, &str, &str)| {
        format!(
            "{id},2026-03-01 {start},2026-03-01 {end},Nom {station},{station},,,45.6,4.1,,,member\n"
        )
    };
    HEADER.to_owned() + &trips.iter().map(row).collect::<String>()
}

const TRIPS: [(&str, &str, &str, &str); 6] = [
    ("1", "08:00:00", "08:10:00", "A"),
    ("2", "08:30:00", "08:40:00", "A"),
    ("2", "08:30:00", "08:40:00", "A"),
    ("3", "09:10:00", "09:20:00", "B"),
    ("4", "10:30:00", "10:20:00", "B"),
    ("5", "10:05:00", "11:05:00", "A"),
];

/// A run with every source, in small.
fn whole() -> World {
    let world = World::new();
    world.write_trips("lake", &[("202603.csv", csv(&TRIPS[..4]))]);
    world.write_trips("file", &[("202603.csv", csv(&TRIPS))]);
    let station = |id: &str, name: &str| json!({"station_id": id, "name": name, "lat": 45.6, "lon": 4.1, "capacity": 20});
    let stations = json!({"data": {"stations": [station("A", "Gare"), station("B", "Parc")]}});
    world.write("web_service/station_information.json", stations.to_string());
    let status = json!({"station_id": "A", "num_vehicles_available": 4, "num_docks_available": 16, "is_renting": true,
                        "last_reported": "2026-03-01T11:06:00Z"});
    world.write(
        "web_service/station_status.json",
        json!({"data": {"stations": [status]}}).to_string(),
    );
    let hours = |first: u32, count: u32| {
        (first..first + count)
            .map(|hour| format!("2026-03-01T{hour:02}:00"))
            .collect::<Vec<_>>()
    };
    let archive = json!({"hourly": {"time": hours(8, 3), "temperature_2m": [284.15, 12.0, 13.0], "weather_code": [3, 3, 61]}});
    world.write("web_service/weather_archive.json", archive.to_string());
    let forecast = json!({"hourly": {"time": hours(10, 3), "temperature_2m": [99.0, 14.0, 15.0], "weather_code": [0, 1, 2]}});
    world.write("web_service/weather_forecast.json", forecast.to_string());
    let event = json!({"place": "Halle, Parc", "starts_at": "2026-03-01T09:30:00Z", "ends_at": "2026-03-01T12:00:00Z"});
    world.write_records("web_page/events.jsonl", [event].into_iter());
    world.write_records(
        "web_page/public_holidays.jsonl",
        [json!({"date": "2026-03-01", "name": "Fête"})].into_iter(),
    );
    let school = json!({"starts_on": "2026-02-07", "ends_on": "2026-02-22", "name": "Hiver"});
    let spring = json!({"starts_on": "2026-04-04", "ends_on": "2026-04-19", "name": "Printemps"});
    world.write_records(
        "web_page/school_holidays.jsonl",
        [school, spring].into_iter(),
    );
    world.write_records(
        "sql/stations.jsonl",
        [json!({"station_id": "B", "district": "Centre", "installed_on": "2026-01-01"})]
            .into_iter(),
    );
    world
}

/// The rows of the data set as `station hour departures temperature events`, the hour being that of
/// the day.
fn rows(world: &World) -> Vec<String> {
    let dataset = read_dataset(&world.clean().join("station_hours.parquet")).unwrap();
    assert_eq!(dataset.warnings, []);

    let row = |row: filrouge_types::StationHour| {
        let conditions = row.conditions;
        let optional = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());

        let temperature = optional(
            conditions
                .weather
                .temperature_c
                .map(|value| value.to_string()),
        );

        let events = optional(conditions.event_count.map(|value| value.to_string()));
        let hour = conditions.hour.start().format("%H");

        format!(
            "{} {hour} {} {temperature} {events}",
            conditions.station_id, row.departures
        )
    };

    dataset.table.iter().map(row).collect()
}

// Preuve principale: C3.1 cinq sources entrent, un seul jeu de données normalisé sort [code : crates/aggregate/src/run.rs#aggregate]
#[test]
fn all_the_sources_of_a_run_become_one_data_set() {
    let world = whole();
    let summary = world.aggregate().unwrap();

    let expected = [
        "A 08 2 11 -",
        "A 09 0 12 0",
        "A 10 1 13 0",
        "B 08 0 11 -",
        "B 09 1 12 1",
        "B 10 0 13 1",
    ];

    assert_eq!(rows(&world), expected);
    assert_eq!(
        (
            summary.trips_read(),
            summary.trips_kept(),
            summary.trips_rejected()
        ),
        (6, 4, 2)
    );

    assert_eq!(
        (
            summary.station_hours,
            summary.departures,
            summary.absent.len()
        ),
        (6, 4, 0)
    );

    let lake = summary
        .sources
        .iter()
        .find(|source| source.source == "lake")
        .unwrap();

    assert_eq!(
        (lake.read, lake.repeated, lake.rejected["duplicate_trip"]),
        (4, 0, 1)
    );

    let file = summary
        .sources
        .iter()
        .find(|source| source.source == "file")
        .unwrap();

    assert_eq!(
        (file.read, file.repeated, file.rejected["negative_duration"]),
        (2, 4, 1)
    );
    assert_eq!(
        world.read_json("summary.json"),
        serde_json::to_value(&summary).unwrap()
    );

    assert!(
        summary
            .to_string()
            .contains("6 heures-stations, 2 stations, 4 départs"),
        "{summary}"
    );
}

// Preuve: C3.1 une station a un seul identifiant, quel que soit celui sous lequel chaque source la nomme [code : crates/aggregate/src/identity.rs#StationResolver]
#[test]
fn a_trip_that_bears_another_identifier_of_its_station_belongs_to_it() {
    let world = World::new();
    let codes = [
        ("1", "08:00:00", "08:10:00", "16107"),
        ("2", "08:30:00", "09:05:00", "213"),
        ("3", "09:10:00", "09:20:00", "999"),
    ];

    world.write_trips("lake", &[("202603.csv", csv(&codes))]);
    let station = json!({"station_id": 213, "stationCode": "16107", "name": "Gare", "lat": 45.6, "lon": 4.1, "capacity": 20});

    world.write(
        "web_service/station_information.json",
        json!({"data": {"stations": [station]}}).to_string(),
    );
    let summary = world.aggregate().unwrap();

    assert_eq!(rows(&world), ["213 08 2 - -"]);

    let lake = summary
        .sources
        .iter()
        .find(|source| source.source == "lake")
        .unwrap();
    assert_eq!((lake.identified, lake.rejected["unknown_station"]), (1, 1));
}

// Preuve: C21.2 un incident du journal, reproduit en développement par son test, rouge avant la correction [code : crates/aggregate/src/identity.rs#StationAliases]
/// Without identifiers, copies are rows whose fields are all equal.
#[test]
fn the_station_where_a_trip_ends_is_known_by_its_other_identifiers_too() {
    let world = World::new();
    let trip = |end: &str| {
        format!(",2026-03-01 08:00:00,2026-03-01 09:10:00,Gare,213,Parc,{end},45.6,4.1,,,member\n")
    };
    let trips = [HEADER.to_owned(), trip("214"), trip("16107"), trip("215")].concat();
    world.write_trips("lake", &[("202603.csv", trips)]);

    let stations = ["213", "214", "215"]
        .map(|id| json!({"station_id": id, "name": id, "lat": 45.6, "lon": 4.1, "capacity": 20}));
    let mut stations = json!({"data": {"stations": stations}});
    stations["data"]["stations"][1]["stationCode"] = json!("16107");
    world.write("web_service/station_information.json", stations.to_string());

    let summary = world.aggregate().unwrap();
    let lake = summary
        .sources
        .iter()
        .find(|source| source.source == "lake")
        .unwrap();
    assert_eq!(lake.rejected.get("duplicate_trip"), Some(&1));
    assert_eq!(lake.kept, 2);
}

// Preuve: C3.1 chaque heure-station se remonte jusqu'aux lignes reçues, comptées ou écartées
#[test]
fn a_station_hour_leads_back_to_its_rows() {
    let world = whole();
    let summary = world.aggregate().unwrap();
    assert_eq!(summary.run_id.as_deref(), Some("20260301T080000Z"));

    let rows = |station: &str, hour: &str| {
        let hour = format!("2026-03-01T{hour}:00:00Z").parse().unwrap();
        let lineage = lineage(
            &world.run(),
            &station.parse().unwrap(),
            hour,
            &Options::new(chrono_tz::Europe::Paris),
        )
        .unwrap();

        let row = |trip: &TripOrigin| {
            format!(
                "{} {} {}",
                trip.source,
                trip.source_line,
                trip.rule.as_deref().unwrap_or("-")
            )
        };

        (
            lineage.departures(),
            lineage.trips.iter().map(row).collect::<Vec<_>>(),
        )
    };

    // Lines 2 to 4 are in the lake and in the file: each row is one row.
    assert_eq!(
        rows("A", "08"),
        (
            2,
            vec![
                "lake 2 -".to_owned(),
                "lake 3 -".to_owned(),
                "lake 4 R01".to_owned()
            ]
        )
    );

    assert_eq!(rows("B", "10"), (0, vec!["file 6 R02".to_owned()]));
    assert_eq!(rows("B", "11"), (0, Vec::new()));
}

#[test]
fn the_hours_to_come_have_the_forecast_the_holidays_and_the_events() {
    let world = whole();
    world.aggregate().unwrap();
    let conditions = read_conditions(&world.clean().join("conditions.parquet"))
        .unwrap()
        .table;
    assert_eq!(conditions.len(), 2 * 48);

    let row = conditions.row(48);

    assert_eq!(
        (row.station_id.as_str(), row.hour.to_string().as_str()),
        ("B", "2026-03-01T11:00:00Z")
    );

    assert_eq!(
        (
            row.weather.temperature_c,
            row.weather.weather_code,
            row.event_count
        ),
        (Some(14.0), Some(1), Some(1))
    );

    assert_eq!(
        (row.is_public_holiday, row.is_school_holiday),
        (Some(true), Some(false))
    );
    assert_eq!(conditions.row(51).weather.temperature_c, None);
}

#[test]
fn a_holiday_is_a_local_day() {
    let world = whole();
    world.aggregate().unwrap();
    let conditions = read_conditions(&world.clean().join("conditions.parquet"))
        .unwrap()
        .table;

    let holiday = |hour: &str| {
        conditions
            .iter()
            .find(|row| row.hour.to_string() == hour)
            .unwrap()
            .is_public_holiday
    };

    assert_eq!(holiday("2026-03-01T22:00:00Z"), Some(true));
    assert_eq!(holiday("2026-03-01T23:00:00Z"), Some(false));
}

#[test]
fn stations_and_their_status_are_written_as_the_database_reads_them() {
    let world = whole();
    world.aggregate().unwrap();
    let stations: Vec<filrouge_types::Station> =
        serde_json::from_value(world.read_json("stations.json")).unwrap();

    assert_eq!(
        stations
            .iter()
            .map(|station| station.name.as_str())
            .collect::<Vec<_>>(),
        ["Gare", "Parc"]
    );

    assert_eq!(
        (stations[1].district.as_deref(), stations[1].capacity),
        (Some("Centre"), 20)
    );

    let status = json!([{"station_id": "A", "bikes_available": 4, "docks_available": 16, "is_renting": true,
                         "reported_at": "2026-03-01T11:06:00Z"}]);
    assert_eq!(world.read_json("station_status.json"), status);
}

#[test]
fn sources_that_are_absent_are_named_and_leave_their_columns_null() {
    let world = World::new();
    world.write_trips("lake", &[("202603.csv", csv(&TRIPS))]);
    let summary = world.aggregate().unwrap();
    assert_eq!(
        rows(&world),
        [
            "A 08 2 - -",
            "A 09 0 - -",
            "A 10 1 - -",
            "B 09 1 - -",
            "B 10 0 - -"
        ]
    );
    let absent = "file station_information operator_stations weather_archive weather_forecast public_holidays \
                  school_holidays events station_status";
    assert_eq!(
        summary.absent,
        absent.split_whitespace().collect::<Vec<_>>()
    );
    assert_eq!(world.read_json("station_status.json"), json!([]));
    assert_eq!(world.read_json("stations.json")[0]["name"], "Nom A");
}

#[test]
fn the_end_can_be_chosen_and_later_trips_wait_for_the_next_aggregation() {
    let world = whole();
    let until = Some("2026-03-01T09:00:00Z".parse().unwrap());

    let summary = aggregate(
        &world.run(),
        &world.clean(),
        &Options {
            until,
            ..Options::new(chrono_tz::Europe::Paris)
        },
    )
    .unwrap();

    assert_eq!(
        (
            summary.departures,
            summary.departures_after,
            summary.station_hours
        ),
        (3, 1, 4)
    );
}

#[test]
fn running_twice_gives_the_same_bytes() {
    let world = whole();
    world.aggregate().unwrap();
    let first = world.clean_files();
    world.aggregate().unwrap();
    assert_eq!(first.len(), 6);
    assert_eq!(world.clean_files(), first);
}

#[test]
fn a_damaged_source_is_named_and_the_previous_data_set_is_untouched() {
    for (path, content) in [
        ("web_service/weather_archive.json", "{\"hourly\":"),
        ("web_service/station_information.json", "<html>"),
        ("web_page/events.jsonl", "{}\nnot json\n"),
        ("web_page/public_holidays.jsonl", "{\"date\":\"demain\"}\n"),
        ("sql/stations.jsonl", "{}\n"),
        ("lake/trips.parquet", "PAR1 cut short"),
    ] {
        let world = whole();
        world.aggregate().unwrap();
        let before = world.clean_files();

        world.write(path, content);
        let error = world.aggregate().unwrap_err();
        let name = path.rsplit('/').next().unwrap();

        assert!(
            matches!(error, AggregateError::Unreadable { .. }) && error.to_string().contains(name),
            "{error}"
        );
        assert_eq!(world.clean_files(), before, "{path}");
    }
}

#[test]
fn a_run_without_trips_is_an_error_that_says_so() {
    let world = World::new();
    fs::create_dir_all(world.run()).unwrap();
    let error = world.aggregate().unwrap_err().to_string();

    assert!(
        error.ends_with(
            "no trip to aggregate: neither lake/trips.parquet nor file/trips.parquet is there"
        ),
        "{error}"
    );

    world.write_trips("file", &[("202603.csv", csv(&TRIPS[4..5]))]);
    let error = world.aggregate().unwrap_err().to_string();

    assert!(
        error.ends_with("no trip to aggregate: the rules keep no row"),
        "{error}"
    );
    assert!(world.clean_files().is_empty());
    assert!(aggregate_trips(&[], &world.clean(), &Options::new(chrono_tz::Europe::Paris)).is_err());
}

#[test]
fn what_a_killed_run_left_is_removed() {
    let world = whole();
    let left = world.clean().join(".unfinished-abc");
    fs::create_dir_all(&left).unwrap();
    fs::write(left.join("station_hours.parquet"), "half").unwrap();
    world.aggregate().unwrap();
    assert!(!left.exists());
    assert_eq!(world.clean_files().len(), 6);
}

/// Any trips over three days, defects included: an identifier may come again and an end precede its
/// start.
fn any_trips() -> impl Strategy<Value = Vec<(u8, i64, i64, u8)>> {
    proptest::collection::vec((0..12_u8, 0..4320_i64, -20..90_i64, 0..4_u8), 1..40)
}

/// The CSV of any trips; station 3 is none.
fn any_csv(trips: &[(u8, i64, i64, u8)]) -> String {
    let start: chrono::DateTime<chrono::Utc> = "2026-03-01T00:00:00Z".parse().unwrap();
    let row = |&(id, minute, duration, station): &(u8, i64, i64, u8)| {
        let at = |minutes: i64| (start + chrono::TimeDelta::minutes(minutes)).format("%F %T");
        let id = if id < 4 {
            String::new()
        } else {
            id.to_string()
        };
        let station = ["A", "B", "C", ""][usize::from(station)];

        format!(
            "{id},{},{},Nom,{station},,,45.6,4.1,,,member\n",
            at(minute),
            at(minute + duration)
        )
    };

    HEADER.to_owned() + &trips.iter().map(row).collect::<String>()
}

fn take(frame: &DataFrame, rows: &[u32]) -> DataFrame {
    frame.take(&IdxCa::new("rows".into(), rows)).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever a source holds, the answer is a data set or an error that names the file.
    #[test]
    fn no_bytes_in_a_source_make_the_aggregation_panic(
        path in proptest::sample::select(vec![
            "web_service/station_information.json",
            "web_service/station_status.json",
            "web_service/weather_archive.json",
            "web_page/events.jsonl",
            "web_page/school_holidays.jsonl",
            "sql/stations.jsonl",
            "lake/trips.parquet",
        ]),
        start in proptest::sample::select(vec!["", "{\"data\":{\"stations\":[{\"station_id\":", "{\"hourly\":{\"time\":[\"2026-", "PAR1"]),
        bytes in proptest::collection::vec(any::<u8>(), 0..80),
    ) {
        let world = whole();
        world.write(path, [start.as_bytes(), &bytes].concat());
        if let Err(error) = world.aggregate() {
            prop_assert!(error.to_string().contains(path.rsplit('/').next().unwrap()), "{}", error);
        }
    }

    // Preuve: C3.1 le résultat ne dépend ni de l'ordre des lignes et des fichiers, ni du nombre de partitions
    /// The same rows in any order, in one partition or forty, the last of which repeats some of the
    /// first.
    #[test]
    fn the_result_does_not_depend_on_the_order_of_rows_and_files_nor_on_the_number_of_partitions(
        trips in any_trips(),
        order in Just((0..40_u32).collect::<Vec<_>>()).prop_shuffle(),
        size in 1..=40_usize,
    ) {
        let world = World::new();
        world.write_trips("file", &[("202603.csv", any_csv(&trips))]);
        let straight = world.aggregate().map_err(|error| error.to_string());
        let files = world.clean_files();
        let path = world.run().join("file/trips.parquet");
        let frame = ParquetReader::new(File::open(&path).unwrap()).finish().unwrap();
        let order: Vec<u32> = order.into_iter().filter(|&row| (row as usize) < frame.height()).collect();

        let part = |(number, rows): (usize, &[u32])| {
            let path = world.run().join(format!("{:02}.parquet", 90 - number));
            ParquetWriter::new(File::create(&path).unwrap()).finish(&mut take(&frame, rows)).unwrap();
            path
        };
        let again = &order[..order.len().min(size) / 2];
        let parts: Vec<_> = order.chunks(size).chain([again]).enumerate().map(part).collect();

        let moved = aggregate_trips(&parts, &world.clean(), &Options::new(chrono_tz::Europe::Paris)).map_err(|error| error.to_string());
        prop_assert_eq!(straight.is_ok(), moved.is_ok());

        if let (Ok(straight), Ok(moved)) = (straight, moved) {
            prop_assert_eq!(moved.sources[0].repeated, again.len() as u64);
            prop_assert_eq!(straight.trips_read(), moved.trips_read());
            prop_assert_eq!(straight.trips_kept(), moved.trips_kept());
            let same = |name: &str| world.clean_files()[name] == files[name];
            prop_assert!(same("station_hours.parquet") && same("stations.json") && same("conditions.parquet"));
        }
    }
}
