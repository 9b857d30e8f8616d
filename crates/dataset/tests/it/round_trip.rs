use filrouge_dataset::{
    ConditionTable, Dataset, Format, Prediction, StationHourWriter, read_conditions, read_dataset,
    write_conditions, write_dataset, write_predictions,
};
use filrouge_types::{Conditions, Hour, StationHour, StationId, Weather};
use proptest::prelude::*;

use crate::files::{Folder, full_row, row};

fn rows() -> Vec<StationHour> {
    vec![
        full_row("Gare, quai \"B\"", "2026-03-01T08:00:00Z", 5),
        row("Gare, quai \"B\"", "2026-03-01T09:00:00Z", 0),
        row("été", "1969-12-31T23:00:00Z", 7),
    ]
}

#[test]
fn both_formats_give_back_what_was_written() {
    let folder = Folder::new();
    let dataset = Dataset::from_rows(rows()).unwrap();
    for name in ["hours.parquet", "hours.csv"] {
        write_dataset(&folder.path(name), &dataset).unwrap();
        let reading = read_dataset(&folder.path(name)).unwrap();
        assert_eq!(reading.table.iter().collect::<Vec<_>>(), rows(), "{name}");
        assert_eq!(reading.warnings, []);
        assert_eq!(reading.table.content_sha256(), dataset.content_sha256());
    }
}

#[test]
fn a_stream_of_batches_is_a_data_set_and_so_is_an_empty_one() {
    let folder = Folder::new();

    for (format, name) in [(Format::Parquet, "a.parquet"), (Format::Csv, "a.csv")] {
        for batches in [
            vec![],
            vec![vec![]],
            rows().into_iter().map(|row| vec![row]).collect::<Vec<_>>(),
        ] {
            let mut bytes = Vec::new();
            let mut writer = StationHourWriter::new(&mut bytes, format).unwrap();

            batches
                .iter()
                .for_each(|batch| writer.write(batch).unwrap());
            writer.finish().unwrap();
            std::fs::write(folder.path(name), &bytes).unwrap();
            let read: Vec<_> = read_dataset(&folder.path(name))
                .unwrap()
                .table
                .iter()
                .collect();

            assert_eq!(read, batches.concat(), "{name}");
        }
    }
}

#[test]
fn conditions_and_forecasts_have_their_own_columns() {
    let folder = Folder::new();
    let table = ConditionTable::from_rows(rows().into_iter().map(|row| row.conditions)).unwrap();
    write_conditions(&folder.path("conditions.parquet"), &table).unwrap();
    let read = read_conditions(&folder.path("conditions.parquet"))
        .unwrap()
        .table;

    assert_eq!(
        read.iter().collect::<Vec<_>>(),
        table.iter().collect::<Vec<_>>()
    );

    let hour: Hour = "2026-03-01T08:00:00Z".parse().unwrap();
    let station_id: StationId = "A".parse().unwrap();

    let prediction = Prediction {
        station_id,
        hour,
        demand: 4.5,
        demand_p10: 2.0,
        demand_p90: 7.25,
    };

    write_predictions(&folder.path("out.csv"), &[prediction]).unwrap();
    assert_eq!(
        std::fs::read_to_string(folder.path("out.csv")).unwrap(),
        "station_id,hour,demand,demand_p10,demand_p90\nA,2026-03-01T08:00:00Z,4.5,2.0,7.25\n"
    );
}

#[test]
fn each_station_has_its_own_range_of_rows() {
    let dataset = Dataset::from_rows(rows()).unwrap();
    let ranges: Vec<_> = dataset
        .conditions
        .by_station()
        .map(|(id, range)| (id.to_string(), range))
        .collect();

    assert_eq!(
        ranges,
        [
            ("Gare, quai \"B\"".to_owned(), 0..2),
            ("été".to_owned(), 2..3)
        ]
    );
}

#[test]
fn two_rows_for_one_hour_are_refused_in_memory_too() {
    let twice = [
        row("A", "2026-03-01T08:00:00Z", 1),
        row("A", "2026-03-01T08:00:00Z", 2),
    ];
    let error = Dataset::from_rows(twice).unwrap_err();
    assert_eq!(
        error.to_string(),
        "station `A` has two rows for 2026-03-01T08:00:00Z: data rows 1 and 2"
    );
}

#[test]
fn a_file_that_cannot_be_written_is_named() {
    let folder = Folder::new();
    let path = folder.text("a-file", "").join("hours.parquet");
    let error = write_dataset(&path, &Dataset::default())
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("hours.parquet: cannot be written"),
        "{error}"
    );
}

prop_compose! {
    fn any_row()(
        station in "[A-C]",
        hour in 0_i64..50,
        departures in any::<u32>(),
        temperature_c in proptest::option::of(-40.0_f32..50.0),
        weather_code in proptest::option::of(0_u8..=99),
        is_public_holiday in any::<Option<bool>>(),
        event_count in any::<Option<u16>>(),
    ) -> StationHour {
        let conditions = Conditions {
            station_id: station.parse().unwrap(),
            hour: Hour::from_hours_since_epoch(490_000 + hour),
            weather: Weather { temperature_c, weather_code, ..Weather::default() },
            is_public_holiday,
            is_school_holiday: None,
            event_count,
        };
        StationHour { conditions, departures }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_rows_survive_both_formats_and_any_order(mut rows in proptest::collection::vec(any_row(), 0..40)) {
        let key = |row: &StationHour| (row.conditions.station_id.clone(), row.conditions.hour);
        rows.sort_by_key(key);
        rows.dedup_by_key(|row| key(row));
        let dataset = Dataset::from_rows(rows.clone()).unwrap();
        let reversed = Dataset::from_rows(rows.iter().rev().cloned()).unwrap();
        prop_assert_eq!(dataset.content_sha256(), reversed.content_sha256());
        let folder = Folder::new();
        for name in ["a.parquet", "a.csv"] {
            write_dataset(&folder.path(name), &reversed).unwrap();
            let read: Vec<_> = read_dataset(&folder.path(name)).unwrap().table.iter().collect();
            prop_assert_eq!(&read, &rows);
        }
    }

    #[test]
    fn a_damaged_parquet_file_is_read_or_refused(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let folder = Folder::new();
        let path = folder.path("damaged.parquet");
        let rows = (0..60).map(|hour| {
            let mut row = full_row("A", "2026-03-01T08:00:00Z", 3);
            row.conditions.hour = Hour::from_hours_since_epoch(490_000 + hour);
            row
        });
        write_dataset(&path, &Dataset::from_rows(rows).unwrap()).unwrap();
        let mut bytes = std::fs::read(&path).unwrap();
        *at.get_mut(&mut bytes) = byte;
        std::fs::write(&path, &bytes).unwrap();
        let _ = read_dataset(&path);
    }

    #[test]
    fn any_bytes_are_a_data_set_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let folder = Folder::new();
        std::fs::write(folder.path("any"), &bytes).unwrap();
        let _ = read_dataset(&folder.path("any"));
        std::fs::write(folder.path("any"), [b"PAR1", &bytes[..]].concat()).unwrap();
        prop_assert!(read_dataset(&folder.path("any")).is_err());
    }
}
