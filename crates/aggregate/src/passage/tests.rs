use polars::prelude::{Column, DataFrame};
use proptest::prelude::*;

use super::*;
use crate::tally::Tally;
use crate::trips::TripFile;
use crate::trips::tests::{trips, write_groups};

/// All that comes out of a passage.
#[derive(Debug, PartialEq)]
struct Outcome {
    departures: String,
    calls: Vec<String>,
    sources: Vec<crate::SourceSummary>,
    rejects: DataFrame,
}

impl Outcome {
    fn of(tally: &Tally, ledger: Ledger) -> Self {
        let mut calls: Vec<String> = tally
            .usages
            .iter()
            .map(|(id, usage)| format!("{id} {:?}", usage.sorted()))
            .collect();
        calls.sort();
        Self {
            departures: format!("{:?} {:?}", tally.departures, tally.last_end),
            calls,
            sources: ledger.close().unwrap(),
            rejects: ledger.rejects().unwrap(),
        }
    }
}

/// What the program does.
fn by_sieve_and_rules(files: &[TripFile], known: &Known, aliases: &Aliases) -> Outcome {
    let mut ledger = Ledger::default();
    let tallies =
        count_clean_trips(&Trips::open(files).unwrap(), known, aliases, &mut ledger).unwrap();
    Outcome::of(&tallies.finish(), ledger)
}

/// What the rules say of all the rows together.
fn by_rules_alone(files: &[TripFile], known: &Known, aliases: &Aliases) -> Outcome {
    let (mut ledger, mut tallies, mut all) = (Ledger::default(), Tallies::default(), Vec::new());
    let trips = Trips::open(files).unwrap();

    let list = trips.for_each_piece(&COLUMNS, |PieceRead { frame, first, .. }| {
        all.extend((0..frame.height() as u32).map(|step| Position {
            row: first.row + step,
            ..first
        }));
        Ok(())
    });

    list.unwrap();
    let rows = receive(trips.rows(all).unwrap(), aliases, &mut ledger).unwrap();

    tallies
        .add(&clean(rows, &TRIP_RULES, known, &mut ledger).unwrap())
        .unwrap();

    Outcome::of(&tallies.finish(), ledger)
}

/// One trip: identifier, start, minutes of it, published seconds, station, name, latitude.
type Row = (
    &'static str,
    (i64, i64),
    Option<i64>,
    Option<i64>,
    &'static str,
    &'static str,
    f64,
);

fn any_row() -> impl Strategy<Value = Row> {
    let select = |texts: &'static [&'static str]| proptest::sample::select(texts);

    (
        select(&["-", "-", "1", "2", "3", "4", "5", "6", "7", "8", "9"]),
        // Days around the change of clocks, now and then one of 1970; no start at all on day 9.
        (
            prop_oneof![8 => 20_386..20_389_i64, 1 => Just(0), 1 => Just(9)],
            0..3_i64,
        ),
        proptest::option::weighted(
            0.9,
            prop_oneof![8 => 0..2_i64, 1 => -2..0_i64, 1 => 1439..1442_i64],
        ),
        proptest::option::of(prop_oneof![8 => 0..2_i64, 1 => -2..0_i64, 1 => 86_399..86_402_i64]),
        select(&["A", "A", "B", "code-of-A", "unknown", "-"]),
        select(&["Gare", "Gare", "Parc", "RÃ©publique", "République", "-"]),
        prop_oneof![Just(45.6), Just(45.7)],
    )
}

fn frame_of(rows: &[(Row, u32)]) -> DataFrame {
    let instant = |minutes: i64| {
        (chrono::DateTime::UNIX_EPOCH + chrono::TimeDelta::minutes(minutes)).format("%FT%TZ")
    };

    let line = |((id, (day, minute), length, _, station, name, _), line): &(Row, u32)| {
        let start = day * 1440 + 1438 + minute;
        let written = |minutes: Option<i64>| {
            minutes.map_or("-".to_owned(), |minutes| instant(minutes).to_string())
        };
        let start = (*day != 9).then_some(start);
        let end = length.map(|length| start.unwrap_or(30_000_000) + length);

        format!(
            "a.csv {line} {id} {} {} {station} {name}\n",
            written(start),
            written(end)
        )
    };

    let mut frame = trips(&rows.iter().map(line).collect::<String>());
    let seconds: Vec<Option<i64>> = rows
        .iter()
        .map(|((_, _, _, seconds, ..), _)| *seconds)
        .collect();
    let latitudes: Vec<f64> = rows.iter().map(|((.., latitude), _)| *latitude).collect();

    frame
        .with_column(Column::new("duration_seconds".into(), seconds))
        .unwrap();
    frame
        .with_column(Column::new("start_latitude".into(), latitudes))
        .unwrap();

    frame
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    // Preuve: C3.1 le chemin rapide du nettoyage donne exactement ce que donnent les règles appliquées à toutes les lignes
    /// Some rows are in the lake and again in the file, in any order, in row groups of any size.
    #[test]
    fn the_sieve_changes_nothing_to_what_the_rules_alone_would_say(
        rows in proptest::collection::vec((any_row(), 2..40_u32), 0..40),
        more in proptest::collection::vec((any_row(), 2..40_u32), 1..20),
        is_described in any::<bool>(),
        group in 1..20_usize,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let again = [&more[..], &rows[..rows.len() / 2]].concat();
        let files = [
            write_groups(&folder, "lake.parquet", &frame_of(&rows), group),
            write_groups(&folder, "file.parquet", &frame_of(&again), group),
        ];
        let known = if is_described { Known::of_stations(["A", "B"].into_iter()) } else { Known::default() };
        let mut aliases = Aliases::default();
        aliases.add("code-of-A".to_owned(), &"A".parse().unwrap());
        prop_assert_eq!(by_sieve_and_rules(&files, &known, &aliases), by_rules_alone(&files, &known, &aliases));
    }
}
