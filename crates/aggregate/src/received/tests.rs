use super::*;
use crate::identity::{KnownStations, StationAliases};
use crate::trips::tests::{trips, write};
use crate::trips::{Position, Trips};

#[test]
fn a_row_that_the_lake_and_the_file_hold_counts_once_and_a_changed_one_twice() {
    let folder = tempfile::tempdir().unwrap();
    let lake = trips("m.csv 2 1 08:00:00 08:10:00 A Gare\nm.csv 3 2 08:00:00 08:20:00 A Gare");
    let file = trips(
        "m.csv 2 1 08:00:00 08:10:00 A Gare
         m.csv 3 2 08:00:00 08:21:00 A Gare
         m.csv 4 3 09:00:00 09:10:00 A Gare",
    );

    let trips = Trips::open(&[
        write(&folder, "lake.parquet", &lake),
        write(&folder, "file.parquet", &file),
    ])
    .unwrap();
    let all = [(0, 0), (0, 1), (1, 0), (1, 1), (1, 2)].map(|(piece, row)| Position { piece, row });
    let mut ledger = Ledger::default();

    let rows = trips.rows(all.to_vec()).unwrap();
    let columns = ReceivedColumns::of(&rows).unwrap();
    let (known, aliases) = (KnownStations::default(), StationAliases::default());
    let mut stations = StationResolver::new(&known, &aliases);
    let received = receive(&columns, &mut stations, &mut ledger);

    let lines: Vec<u32> = received.iter().map(|trip| trip.source_line).collect();
    assert_eq!(lines, [2, 3, 3, 4]);

    ledger.keep("lake", 2);
    ledger.keep("file", 2);
    let [file, lake] = &ledger.close().unwrap()[..] else {
        panic!("two sources")
    };

    assert_eq!(
        (lake.read, lake.repeated, file.read, file.repeated),
        (2, 0, 2, 1)
    );
}
