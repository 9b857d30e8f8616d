use chrono::{DateTime, TimeDelta};
use proptest::prelude::*;

use super::*;
use crate::trips::tests::{trips, write};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Trips over six weeks, copies included, in batches of one week or all at once.
    #[test]
    fn the_count_does_not_depend_on_the_size_of_batches(
        rows in proptest::collection::vec((0..9_u8, 0..6_i64, 0..3_i64, -1..3_i64), 1..30),
    ) {
        let line = |(line, &(id, week, minute, duration)): (usize, &(u8, i64, i64, i64))| {
            let at = |minutes| (DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes)).format("%FT%TZ").to_string();
            let start = 30_000_000 + week * 7 * 1440 + minute;
            let id = if id < 3 { "-".to_owned() } else { id.to_string() };
            format!("a.csv {} {id} {} {} S{minute} Gare\n", line + 2, at(start), at(start + duration))
        };
        let frame = trips(&rows.iter().enumerate().map(line).collect::<String>());
        let folder = tempfile::tempdir().unwrap();
        let file = write(&folder, "file.parquet", &frame);
        let count = |batch_rows: usize| {
            let mut ledger = Ledger::default();
            let trips = Trips::open(std::slice::from_ref(&file)).unwrap().in_batches_of(batch_rows);
            let tally = tally_batches(&trips, &Register::default(), &mut ledger).unwrap().finish();
            (tally.departures, tally.usages, tally.last_end, ledger.close().unwrap(), ledger.rejects().unwrap())
        };
        prop_assert_eq!(count(1), count(1000));
    }
}
