use filrouge_dataset::{FilePosition, Warning, read_conditions, read_dataset};

use crate::files::{Folder, csv_error, full_row, read_csv, row};

const FULL: &str = "\
station_id,hour,departures,temperature_c,apparent_temperature_c,relative_humidity_pct,wind_speed_kmh,precipitation_mm,weather_code,is_public_holiday,is_school_holiday,event_count
B,2026-03-01T08:00:00Z,3,-3.5,-7,81,12.25,0.1,71,true,false,2
A,2026-03-01T08:00:00Z,5,-3.5,-7,81,12.25,0.1,71,true,false,2
";

#[test]
fn rows_come_back_sorted_by_station_and_hour() {
    let reading = read_csv(FULL).unwrap();
    let rows: Vec<_> = reading.table.iter().collect();
    assert_eq!(
        rows,
        [
            full_row("A", "2026-03-01T08:00:00Z", 5),
            full_row("B", "2026-03-01T08:00:00Z", 3)
        ]
    );
    assert_eq!(reading.warnings, []);
}

#[test]
fn optional_columns_may_be_absent_and_values_null() {
    let rows = read_csv(
        "hour,departures,station_id,temperature_c\n2026-03-01 08:00,0,7,\n2026-03-01 09:00,1,7,NaN\n",
    );
    let rows: Vec<_> = rows.unwrap().table.iter().collect();
    assert_eq!(
        rows,
        [
            row("7", "2026-03-01T08:00:00Z", 0),
            row("7", "2026-03-01T09:00:00Z", 1)
        ]
    );
}

#[test]
fn the_writings_of_usual_tools_are_understood() {
    let text = "station_id,hour,departures,is_public_holiday,is_school_holiday,weather_code\n\
                A,2026-03-01 10:00:00+02:00,4.0,1,0.0,71.0\n";
    let expected = {
        let mut row = row("A", "2026-03-01T08:00:00Z", 4);
        row.conditions.is_public_holiday = Some(true);
        row.conditions.is_school_holiday = Some(false);
        row.conditions.weather.weather_code = Some(71);
        row
    };
    assert_eq!(
        read_csv(text).unwrap().table.iter().collect::<Vec<_>>(),
        [expected]
    );
}

#[test]
fn a_gzip_file_and_a_byte_order_mark_change_nothing() {
    let folder = Folder::new();
    let plain = read_dataset(&folder.text("a.csv", FULL))
        .unwrap()
        .table
        .content_sha256();

    for path in [
        folder.gzip("b.csv.gz", FULL),
        folder.text("c", &format!("\u{feff}{FULL}")),
    ] {
        assert_eq!(
            read_dataset(&path).unwrap().table.content_sha256(),
            plain,
            "{}",
            path.display()
        );
    }
}

#[test]
fn unknown_columns_and_impossible_values_are_warnings() {
    let text = "station_id,hour,departures,relative_humidity_pct,moon\n\
                A,2026-03-01T08:00:00Z,1,120,full\nA,2026-03-01T09:00:00Z,1,inf,new\n";
    let reading = read_csv(text).unwrap();
    assert_eq!(
        reading.warnings,
        [
            Warning::UnknownColumns(vec!["moon".to_owned()]),
            Warning::ImpossibleValues {
                column: "relative_humidity_pct",
                count: 2,
                first: FilePosition::Line(2)
            },
        ]
    );
    assert!(
        reading
            .table
            .conditions
            .relative_humidity_pct
            .iter()
            .all(|value| value.is_nan())
    );
}

#[test]
fn what_cannot_be_repaired_is_an_error_that_names_the_column_and_the_line() {
    for (fields, message) in [
        (
            "A,2026-03-01T08:00:00Z,-1",
            "column `departures`, line 3: `-1` is not a whole number of departures, 0 or more",
        ),
        (
            "A,2026-03-01T08:00:00Z,1.5",
            "column `departures`, line 3: `1.5` is not a whole number of departures, 0 or more",
        ),
        (
            "A,2026-03-01T08:00:00Z,inf",
            "column `departures`, line 3: `inf` is not a whole number of departures, 0 or more",
        ),
        (
            "A,2026-03-01T08:00:00Z,",
            "column `departures`, line 3: a value is missing",
        ),
        (
            "A,2026-03-01T08:00:00Z,many",
            "column `departures`, line 3: `many` is not a number",
        ),
        (
            "A,2026-03-01T08:10:00Z,1",
            "column `hour`, line 3: `2026-03-01T08:10:00Z` is not the start of an hour",
        ),
        (
            "A,yesterday,1",
            "column `hour`, line 3: `yesterday` is not an instant such as 2026-03-01T08:00:00Z",
        ),
        (
            ",2026-03-01T08:00:00Z,1",
            "column `station_id`, line 3: a missing value is not a station identifier",
        ),
        (
            "A,2026-03-01T07:00:00Z,1",
            "station `A` has two rows for 2026-03-01T07:00:00Z: data rows 1 and 2",
        ),
    ] {
        let text = format!("station_id,hour,departures\nA,2026-03-01T07:00:00Z,1\n{fields}\n");
        assert_eq!(csv_error(&text), format!("hours.csv: {message}"));
    }
}

#[test]
fn lines_are_counted_as_an_editor_counts_them() {
    let windows =
        "station_id,hour,departures\r\nA,2026-03-01T07:00:00Z,1\r\nA,2026-03-01T08:00:00Z,x\r\n";
    let quoted = "station_id,hour,departures,note\nA,2026-03-01T07:00:00Z,1,\"two\nlines\"\nA,2026-03-01T08:00:00Z,x,\n";
    let blank =
        "station_id,hour,departures\nA,2026-03-01T07:00:00Z,1\n\nA,2026-03-01T08:00:00Z,x\n";

    assert!(
        csv_error(windows).contains("line 3"),
        "{}",
        csv_error(windows)
    );
    assert!(
        csv_error(quoted).contains("line 4"),
        "{}",
        csv_error(quoted)
    );

    assert!(csv_error(blank).contains("line 4"), "{}", csv_error(blank));
}

#[test]
fn a_file_that_is_not_a_data_set_says_what_it_has_instead() {
    assert_eq!(
        csv_error("a,b\n1,2\n"),
        "hours.csv: column `station_id` is missing; the file has `a`, `b`"
    );
    assert!(csv_error("").contains("column `station_id` is missing"));
    assert!(
        csv_error("station_id,hour,departures\nA,2026-03-01T07:00:00Z\n")
            .contains("line 2 has 2 fields, the header has 3")
    );
}

#[test]
fn the_input_of_a_forecast_needs_no_target() {
    let folder = Folder::new();
    let path = folder.text("input.csv", "station_id,hour\nA,2026-03-01T07:00:00Z\n");
    assert_eq!(read_conditions(&path).unwrap().table.len(), 1);
    assert!(
        read_dataset(&path)
            .unwrap_err()
            .to_string()
            .contains("column `departures` is missing")
    );
}

#[test]
fn a_cut_gzip_file_and_an_absent_one_are_named() {
    let folder = Folder::new();
    let path = folder.gzip("hours.csv.gz", FULL);
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() - 20]).unwrap();

    assert!(
        read_dataset(&path)
            .unwrap_err()
            .to_string()
            .contains("hours.csv.gz: cannot be read")
    );

    assert!(
        read_dataset(&folder.path("none.csv"))
            .unwrap_err()
            .to_string()
            .contains("none.csv: cannot be read")
    );
}
