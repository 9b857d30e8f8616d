use std::fs;
use std::path::PathBuf;

use filrouge_lake::{
    OutputFormat, QueryEngine, ReadOptions, explain, forget_before, ingest, print_query,
};
use proptest::prelude::*;

use crate::files::{Folder, LYFT, archive, gzip, tree};

const ALL: &str = "SELECT trip_id, started_at, start_station_id, end_station_name, source_file, source_line, year, month \
                   FROM trips ORDER BY source_line";

// Preuve: C1.4 chaque forme publiée d'un fichier de trajets est récupérée en entier
#[test]
fn every_wrapping_of_a_file_gives_the_same_trips() {
    let inner = archive(&[("t.csv", LYFT.as_bytes())]);

    for (name, source, content) in [
        ("t.csv", "t.csv", LYFT.as_bytes().to_vec()),
        ("t.csv.gz", "t.csv.gz", gzip(LYFT)),
        ("misnamed.csv", "misnamed.csv", gzip(LYFT)),
        (
            "any.zip",
            "t.csv",
            archive(&[
                ("__MACOSX/._t.csv", b"?"),
                ("folder/t.csv", LYFT.as_bytes()),
            ]),
        ),
        ("year.zip", "t.csv", archive(&[("month.zip", &inner)])),
        ("t.csv", "t.csv", format!("\u{feff}{LYFT}").into_bytes()),
        ("t.csv", "t.csv", LYFT.replace('\n', "\r\n").into_bytes()),
    ] {
        let folder = Folder::new();
        let report = folder.ingest(&[folder.file(name, content)]).unwrap();

        assert_eq!(
            (report.read(), report.kept(), report.rejected()),
            (3, 3, 0),
            "{name}"
        );
        assert_eq!(report.files[0].unreadable_starts, 1);

        assert_eq!(
            folder.query(ALL),
            [
                format!("A1,2021-02-28T23:50:00Z,7,Musée,{source},2,2021,2"),
                format!("A2,2021-03-01T08:05:00Z,7,,{source},3,2021,3"),
                format!("A3,,7,Musée,{source},4,0,0"),
            ],
            "{name}"
        );
    }
}

// Preuve: C4.9 les vieux trajets quittent le lac, et une nouvelle ingestion ne les ramène pas [code : crates/lake/src/forget.rs#forget_before]
#[test]
fn months_before_a_date_leave_the_lake_and_do_not_come_back() {
    let folder = Folder::new();
    let file = folder.file("t.csv", LYFT);
    folder.ingest(std::slice::from_ref(&file)).unwrap();

    let march = "2021-03-15".parse().unwrap();
    // February, and the trip whose start nobody can read.
    assert_eq!(forget_before(&folder.lake(), march).unwrap(), 2);
    let kept = ["A2,2021-03-01T08:05:00Z,7,,t.csv,3,2021,3"];
    assert_eq!(folder.query(ALL), kept);

    let again = folder.ingest(&[file]).unwrap();
    assert_eq!(again.already_ingested, ["t.csv"]);
    assert_eq!(folder.query(ALL), kept);
    assert_eq!(forget_before(&folder.lake(), march).unwrap(), 0);
}

#[test]
fn older_column_sets_are_read_and_personal_columns_are_left_at_the_door() {
    let folder = Folder::new();
    let citi_bike = folder.file(
        "citi.csv",
        "\"tripduration\",\"starttime\",\"stoptime\",\"start station id\",\"start station name\",\
         \"start station latitude\",\"start station longitude\",\"end station id\",\"end station name\",\
         \"end station latitude\",\"end station longitude\",\"bikeid\",\"usertype\",\"birth year\",\"gender\"\n\
         \"634\",\"7/1/2013 0:00\",\"7/1/2013 0:10\",\"164\",\"E 47 St\",\"40.7\",\"-73.9\",\"504\",\"1 Ave\",\"40.7\",\"-73.9\",\"16950\",\"Customer\",\"\\N\",\"0\"\n",
    );
    let capital = folder.file(
        "capital.csv",
        "Duration,Start date,End date,Start station number,Start station,End station number,End station,Bike number,Member type\n\
         1012,2011-01-01 00:01:29,2011-01-01 00:18:21,31620,5th & F St NW,31620,5th & F St NW,W00247,Member\n",
    );
    let report = folder.ingest(&[citi_bike, capital]).unwrap();
    assert_eq!(report.files[0].personal_columns, ["birth year", "gender"]);
    assert_eq!(report.files[0].ignored_columns, ["bikeid"]);
    assert_eq!(report.files[0].date_formats, ["M/D/YYYY"]);
    assert_eq!(
        folder.query("SELECT started_at, ended_at, start_station_id, start_station_name, start_latitude, duration_seconds, rider_type FROM trips ORDER BY started_at"),
        [
            "2011-01-01T00:01:29Z,2011-01-01T00:18:21Z,31620,5th & F St NW,,1012,Member",
            "2013-07-01T00:00:00Z,2013-07-01T00:10:00Z,164,E 47 St,40.7,634,Customer",
        ]
    );
}

#[test]
fn rows_that_are_not_csv_are_counted_and_told() {
    let folder = Folder::new();
    let text = format!("{LYFT}A4,too,short\nA5,\"never closed,2021\n");
    let report = folder.ingest(&[folder.file("t.csv", text)]).unwrap();
    assert_eq!((report.read(), report.kept(), report.rejected()), (5, 3, 2));

    let told: Vec<_> = report.files[0]
        .rejected_lines
        .iter()
        .map(|line| (line.source_line, line.reason.as_str()))
        .collect();

    assert_eq!(
        told,
        [
            (5, "3 fields, the header has 13"),
            (6, "a quote is never closed")
        ]
    );
}

#[test]
fn local_times_become_utc_in_the_zone_asked_for() {
    let folder = Folder::new();
    let options = ReadOptions {
        time_zone: chrono_tz::Europe::Paris,
    };
    let file = folder.file("t.csv", LYFT);
    ingest(&folder.lake(), std::slice::from_ref(&file), options).unwrap();

    assert_eq!(
        folder.query("SELECT started_at FROM trips WHERE trip_id = 'A2'"),
        ["2021-03-01T07:05:00Z"]
    );

    let error = folder.ingest(&[file]).unwrap_err().to_string();

    assert!(
        error.contains("already in the lake, read in the time zone Europe/Paris"),
        "{error}"
    );
}

#[test]
fn a_file_already_in_the_lake_is_passed_over_even_under_another_name() {
    let folder = Folder::new();
    folder.ingest(&[folder.file("t.csv", LYFT)]).unwrap();
    let before = tree(&folder.lake());
    let report = folder.ingest(&[folder.file("again.csv", LYFT)]).unwrap();
    assert_eq!(
        (report.already_ingested, report.files.len()),
        (vec!["again.csv".to_owned()], 0)
    );
    assert_eq!(tree(&folder.lake()), before);
}

#[test]
fn a_file_to_which_its_publisher_added_takes_the_place_of_the_earlier_one() {
    let folder = Folder::new();
    folder.ingest(&[folder.file("t.csv", LYFT)]).unwrap();
    let grown = format!(
        "{LYFT}A4,classic_bike,2021-03-02 08:05:00,2021-03-02 08:15:00,Gare,7,,,,,,,casual\n"
    );
    let report = folder.ingest(&[folder.file("t.csv", &grown)]).unwrap();

    assert_eq!(report.superseded, ["t.csv"]);
    assert_eq!(folder.query("SELECT COUNT(*) FROM trips"), ["4"]);

    let once = Folder::new();
    once.ingest(&[once.file("t.csv", &grown)]).unwrap();

    assert_eq!(
        tree(&folder.lake().join("trips")),
        tree(&once.lake().join("trips"))
    );
}

/// As if a run had been killed between the partitions and the ledger: one part in place, one not.
fn kill_before_the_ledger(folder: &Folder) {
    let lake = folder.lake();
    let trips = tree(&lake.join("trips"));
    let (part, bytes) = trips
        .iter()
        .find(|(name, _)| name.contains("year=2021/month=02"))
        .unwrap();
    let key = part.rsplit('/').next().unwrap().split('-').next().unwrap();
    let staged = lake.join(".staging").join(key).join(part);
    fs::create_dir_all(staged.parent().unwrap()).unwrap();
    fs::write(staged, bytes).unwrap();
    fs::remove_file(lake.join("trips").join(part)).unwrap();
    fs::remove_file(lake.join("ingested.json")).unwrap();
}

// Preuve: C1.5 une ingestion interrompue puis relancée donne le même lac
#[test]
fn a_run_killed_before_the_ledger_and_started_again_gives_the_same_lake() {
    let folder = Folder::new();
    let file = folder.file("t.csv", LYFT);
    folder.ingest(std::slice::from_ref(&file)).unwrap();
    let whole = tree(&folder.lake());
    kill_before_the_ledger(&folder);
    folder.ingest(&[file]).unwrap();
    assert_eq!(tree(&folder.lake()), whole);
}

#[test]
fn what_a_killed_run_left_of_a_file_that_has_changed_since_is_taken_out() {
    let folder = Folder::new();
    folder.ingest(&[folder.file("t.csv", LYFT)]).unwrap();
    kill_before_the_ledger(&folder);
    let changed = LYFT.replace("A1", "B1");
    folder.ingest(&[folder.file("t.csv", &changed)]).unwrap();
    assert_eq!(
        folder.query("SELECT trip_id FROM trips ORDER BY trip_id"),
        ["A2", "A3", "B1"]
    );
}

#[test]
fn a_file_that_cannot_be_read_is_named_and_leaves_the_lake_as_it_was() {
    let folder = Folder::new();
    folder.ingest(&[folder.file("t.csv", LYFT)]).unwrap();
    let before = tree(&folder.lake());
    let cut = gzip(&LYFT.repeat(50));

    for (name, content, expected) in [
        (
            "cut.csv.gz",
            cut[..cut.len() - 30].to_vec(),
            "cut.csv.gz: cannot be read",
        ),
        (
            "empty.csv",
            Vec::new(),
            "empty.csv: cannot be read: the file is empty",
        ),
        (
            "none.zip",
            archive(&[("a.txt", b"a")]),
            "none.zip: cannot be read: the archive holds no .csv file",
        ),
        (
            "other.csv",
            b"a;b\n1;2\n".to_vec(),
            "other.csv: not a table of trips: it lacks the instant of the start, the start station",
        ),
    ] {
        let error = folder
            .ingest(&[folder.file(name, content)])
            .unwrap_err()
            .to_string();
        assert!(error.contains(expected), "{error}");
        assert_eq!(tree(&folder.lake()), before, "{name}");
    }

    let error = folder
        .ingest(&[folder.path("absent.csv")])
        .unwrap_err()
        .to_string();
    assert!(error.contains("absent.csv: cannot be read"), "{error}");
}

#[test]
fn text_that_is_not_utf_8_is_read_as_windows_1252() {
    let folder = Folder::new();
    let latin = LYFT.replace("Musée", "Mus\u{1}e").into_bytes();
    let latin: Vec<u8> = latin
        .into_iter()
        .map(|byte| if byte == 1 { 0xe9 } else { byte })
        .collect();
    folder.ingest(&[folder.file("t.csv", latin)]).unwrap();
    assert_eq!(
        folder.query("SELECT end_station_name FROM trips WHERE trip_id = 'A1'"),
        ["Musée"]
    );
}

#[test]
fn the_lake_does_not_depend_on_the_order_of_the_files() {
    let (forward, backward) = (Folder::new(), Folder::new());
    let files = |folder: &Folder| {
        [
            folder.file("a.csv", LYFT),
            folder.file("b.csv", LYFT.replace('7', "9")),
        ]
    };

    forward.ingest(&files(&forward)).unwrap();
    let [a, b] = files(&backward);

    backward.ingest(&[b]).unwrap();
    backward.ingest(&[a]).unwrap();

    assert_eq!(
        tree(&forward.lake().join("trips")),
        tree(&backward.lake().join("trips"))
    );
}

/// A French export of a spreadsheet: day first, semicolons, decimal commas, in an encoding of its
/// own.
const EXPORT: &str = "Start date;Start station number;Start station;Start latitude;End date\n\
                      01/02/2021 08:05;7;Musée;45,6;01/02/2021 08:15\n\
                      13/02/2021 08:05;7;Musée;45,6;13/02/2021 08:15\n";

// Preuve: C1.4 encodage, séparateur, décimale et ordre des dates sont décidés d'après le fichier, et dits
#[test]
fn the_encoding_the_separator_and_the_order_of_dates_are_decided_from_the_file() {
    let utf_16: Vec<u8> = std::iter::once(0xfeff)
        .chain(EXPORT.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let latin: Vec<u8> = EXPORT
        .chars()
        .map(|sign| u8::try_from(u32::from(sign)).unwrap())
        .collect();

    for (content, encoding, separator) in [
        (EXPORT.as_bytes().to_vec(), "UTF-8", ';'),
        (EXPORT.replace(';', "\t").into_bytes(), "UTF-8", '\t'),
        (latin, "Windows-1252", ';'),
        (utf_16, "UTF-16LE", ';'),
    ] {
        let folder = Folder::new();
        let report = folder.ingest(&[folder.file("t.csv", content)]).unwrap();
        let file = &report.files[0];

        assert_eq!(
            (file.encoding.as_str(), file.separator, file.kept),
            (encoding, separator, 2)
        );
        assert_eq!(
            (file.date_formats.join(","), file.unreadable_starts),
            ("D/M/YYYY".to_owned(), 0)
        );

        assert_eq!(
            folder.query("SELECT started_at, start_station_name, start_latitude FROM trips ORDER BY source_line"),
            ["2021-02-01T08:05:00Z,Musée,45.6", "2021-02-13T08:05:00Z,Musée,45.6"]
        );
    }
}

#[test]
fn dates_and_times_in_two_columns_and_stations_without_identifiers_are_read() {
    let folder = Folder::new();
    let mexico = "Genero_Usuario,Edad_Usuario,Bici,Ciclo_Estacion_Retiro,Fecha_Retiro,Hora_Retiro,\
                  Ciclo_EstacionArribo,Fecha_Arribo,Hora_Arribo\nM,33,1,64,31/01/2023,23:50:00,7,01/02/2023,00:05:00\n";
    let montreal = "STARTSTATIONNAME,STARTSTATIONLATITUDE,STARTTIMEMS,ENDTIMEMS\nParc,45.5,1651406417313,1651406900000\n";
    let report = folder
        .ingest(&[folder.file("a.csv", mexico), folder.file("b.csv", montreal)])
        .unwrap();
    assert_eq!(
        report.files[0].personal_columns,
        ["Genero_Usuario", "Edad_Usuario"]
    );
    assert_eq!(
        folder
            .query("SELECT started_at, ended_at, start_station_id, start_station_name FROM trips ORDER BY started_at"),
        ["2022-05-01T12:00:17Z,2022-05-01T12:08:20Z,Parc,Parc", "2023-01-31T23:50:00Z,2023-02-01T00:05:00Z,64,"]
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn any_bytes_are_trips_or_an_error_and_all_rows_are_counted(
        start in prop::sample::select(vec!["", "PK\u{3}\u{4}", "\u{1f}", LYFT]),
        bytes in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        let folder = Folder::new();
        let file = folder.file("any.csv", [start.as_bytes(), &bytes].concat());
        if let Ok(report) = folder.ingest(&[file]) {
            prop_assert_eq!(report.kept() + report.rejected(), report.read());
            prop_assert_eq!(folder.query("SELECT COUNT(*) FROM trips"), [report.kept().to_string()]);
        }
    }
}

/// One file a day of March 2021, one trip each, as some publishers do.
fn days(folder: &Folder, days: std::ops::RangeInclusive<u32>) -> Vec<PathBuf> {
    let day = |day: u32| {
        LYFT.replace("A", &format!("D{day}-"))
            .replace("2021-03-01 08", &format!("2021-03-{day:02} 08"))
    };
    days.map(|number| folder.file(&format!("{number:02}.csv"), day(number)))
        .collect()
}

fn parts_of_march(folder: &Folder) -> usize {
    tree(&folder.lake().join("trips"))
        .iter()
        .filter(|(name, _)| name.contains("month=03"))
        .count()
}

#[test]
fn the_small_files_of_a_month_are_joined_once_there_are_many() {
    let folder = Folder::new();
    folder.ingest(&days(&folder, 1..=7)).unwrap();

    assert_eq!(parts_of_march(&folder), 7);

    let before =
        folder.query("SELECT trip_id, source_file, source_line FROM trips ORDER BY trip_id");

    folder.ingest(&days(&folder, 8..=8)).unwrap();
    assert_eq!(parts_of_march(&folder), 1);

    let after =
        folder.query("SELECT trip_id, source_file, source_line FROM trips ORDER BY trip_id");
    assert_eq!(after.len(), before.len() + 3);
    assert!(before.iter().all(|row| after.contains(row)));

    let again = folder.ingest(&days(&folder, 1..=8)).unwrap();
    assert_eq!(again.already_ingested.len(), 8);
}

#[test]
fn a_file_that_changes_leaves_the_part_that_it_shares() {
    let folder = Folder::new();
    folder.ingest(&days(&folder, 1..=8)).unwrap();
    let third = folder.file("03.csv", LYFT.replace("A", "X"));
    assert_eq!(folder.ingest(&[third]).unwrap().superseded, ["03.csv"]);
    let trips = folder.query(
        "SELECT trip_id FROM trips WHERE trip_id LIKE 'D3-%' OR trip_id LIKE 'X%' ORDER BY trip_id",
    );
    assert_eq!(trips, ["X1", "X2", "X3"]);
    assert_eq!(folder.query("SELECT COUNT(*) FROM trips"), ["24"]);
}

#[test]
fn two_files_of_one_name_never_share_a_part() {
    let folder = Folder::new();
    let elsewhere = folder.path("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    fs::write(elsewhere.join("01.csv"), LYFT.replace("A", "Y")).unwrap();
    folder.ingest(&days(&folder, 1..=9)).unwrap();
    folder.ingest(&[elsewhere.join("01.csv")]).unwrap();
    folder.ingest(&days(&folder, 10..=18)).unwrap();

    fs::write(elsewhere.join("01.csv"), LYFT.replace("A", "Z")).unwrap();
    folder.ingest(&[elsewhere.join("01.csv")]).unwrap();
    let of_one = "SELECT trip_id FROM trips WHERE source_file = '01.csv' ORDER BY trip_id";

    assert_eq!(
        folder.query(of_one),
        ["D1-1", "D1-2", "D1-3", "Z1", "Z2", "Z3"]
    );
}

#[test]
fn what_a_run_killed_after_the_ledger_left_is_not_read_and_is_removed_by_the_next() {
    let folder = Folder::new();
    folder.ingest(&days(&folder, 1..=8)).unwrap();
    let trips = folder.lake().join("trips");
    let (part, bytes) = tree(&trips)
        .into_iter()
        .find(|(name, _)| name.contains("month=03"))
        .unwrap();

    let orphan = trips
        .join(part)
        .with_file_name("0123456789abcdef-000.parquet");
    fs::write(&orphan, bytes).unwrap();

    assert_eq!(folder.query("SELECT COUNT(*) FROM trips"), ["24"]);

    folder.ingest(&days(&folder, 1..=1)).unwrap();
    assert!(!orphan.exists());
}

#[test]
fn a_damaged_ledger_is_set_aside_and_the_one_before_serves() {
    let folder = Folder::new();
    let first = folder.file("one.csv", LYFT);
    let second = folder.file("two.csv", LYFT.replace("A1", "B1"));
    folder.ingest(&[first]).unwrap();
    folder.ingest(std::slice::from_ref(&second)).unwrap();
    fs::write(folder.lake().join("ingested.json"), "{\"half").unwrap();

    let report = folder.ingest(&[second]).unwrap();

    assert_eq!(
        report.kept(),
        3,
        "what the ledger of before lacked is ingested again"
    );
    assert_eq!(folder.query("SELECT COUNT(*) FROM trips"), ["6"]);
    let aside = fs::read_dir(folder.lake()).unwrap().filter(|entry| {
        let name = entry.as_ref().unwrap().file_name();
        name.to_string_lossy().starts_with("ingested.json.damaged-")
    });
    assert_eq!(aside.count(), 1);
}

#[test]
fn a_damaged_part_is_named_by_queries_and_its_file_is_ingested_again() {
    let damages: [fn(&mut Vec<u8>); 4] = [
        |bytes| bytes.clear(),
        |bytes| bytes.truncate(5),
        |bytes| bytes.truncate(bytes.len() / 2),
        |bytes| {
            let third = bytes.len() / 3;
            bytes[third..2 * third].fill(0);
        },
    ];

    for (number, damage) in damages.iter().enumerate() {
        let folder = Folder::new();
        let file = folder.file("one.csv", LYFT);
        folder.ingest(std::slice::from_ref(&file)).unwrap();
        let part = tree(&folder.lake().join("trips"))
            .into_iter()
            .find(|(name, _)| name.ends_with(".parquet"))
            .map(|(name, _)| folder.lake().join("trips").join(name))
            .unwrap();
        let mut bytes = fs::read(&part).unwrap();
        damage(&mut bytes);
        fs::write(&part, bytes).unwrap();

        let refusal = explain(&folder.lake(), "SELECT COUNT(*) FROM trips", true).unwrap_err();
        assert!(
            refusal.to_string().starts_with(part.to_str().unwrap()),
            "damage {number}: {refusal}"
        );

        let report = folder.ingest(&[file]).unwrap();

        assert_eq!(report.kept(), 3, "damage {number}");
        assert_eq!(folder.query("SELECT COUNT(*) FROM trips"), ["3"]);
    }
}

#[test]
fn a_ledger_that_names_its_parts_without_their_hashes_is_read() {
    let folder = Folder::new();
    let file = folder.file("one.csv", LYFT);
    folder.ingest(std::slice::from_ref(&file)).unwrap();
    let path = folder.lake().join("ingested.json");
    let mut ledger: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    for entry in ledger.as_object_mut().unwrap().values_mut() {
        let names: Vec<String> = entry["parts"]
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect();
        entry["parts"] = names.into();
    }
    fs::write(&path, ledger.to_string()).unwrap();

    let report = folder.ingest(&[file]).unwrap();

    assert_eq!(report.already_ingested, ["one.csv"]);
    assert_eq!(folder.query("SELECT COUNT(*) FROM trips"), ["3"]);
}

#[test]
fn a_lake_is_read_wherever_it_stands() {
    for name in ["vélos du %20 quai", "a#b?c=d", "[x]*{y}", "100%", "%2e%2e"] {
        let folder = Folder::new();
        let lake = folder.path(name).join("lake");
        let file = folder.file("t.csv", LYFT);
        ingest(&lake, &[file], ReadOptions::default()).unwrap();

        let mut answer = Vec::new();
        let query = "SELECT COUNT(*) AS n FROM trips";
        let (engine, format) = (QueryEngine::InProcess, OutputFormat::Csv);
        print_query(&lake, query, &engine, format, &mut answer)
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(String::from_utf8(answer).unwrap(), "n\n3\n", "{name}");
    }
}

#[test]
fn a_text_whose_lines_or_letters_cannot_be_told_is_refused_or_read_but_never_lost() {
    let little: Vec<u8> = LYFT.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = LYFT.encode_utf16().flat_map(u16::to_be_bytes).collect();
    // A program of Windows may write no mark of byte order.
    for bytes in [little, big] {
        let folder = Folder::new();
        let report = folder.ingest(&[folder.file("t.csv", bytes)]).unwrap();
        assert_eq!((report.kept(), report.files[0].unreadable_starts), (3, 1));
    }

    let folder = Folder::new();
    let returns = folder.file("t.csv", LYFT.replace('\n', "\r"));
    let error = folder.ingest(&[returns]).unwrap_err().to_string();
    assert!(error.contains("carriage return"), "{error}");
}
