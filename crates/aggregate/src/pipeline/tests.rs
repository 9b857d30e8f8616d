use std::collections::BTreeSet;

use polars::prelude::{AnyValue, DataFrame};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::*;
use crate::identity::{KnownStations, StationAliases};
use crate::trips::tests::write_groups;
use crate::trips::{PUBLISHED_COLUMNS, TripFile};

mod generated;

use generated::{GeneratedTrip, any_trip, frame_of};

/// All that comes out of the pipeline.
#[derive(Debug, PartialEq)]
struct Counted {
    departures: String,
    descriptors: Vec<String>,
    sources: Vec<crate::SourceSummary>,
    rejects: DataFrame,
}

impl Counted {
    fn of(counts: &HourlyCounts, ledger: Ledger) -> Self {
        let mut descriptors: Vec<String> = counts
            .descriptors
            .iter()
            .map(|(id, descriptors)| format!("{id} {:?}", descriptors.sorted()))
            .collect();
        descriptors.sort();

        Self {
            departures: format!("{:?} {:?}", counts.departures, counts.last_end),
            descriptors,
            sources: ledger.close().unwrap(),
            rejects: ledger.rejects().unwrap(),
        }
    }
}

/// As the program does.
fn by_fast_path_and_rules(files: &[TripFile], known: &KnownStations) -> Counted {
    let (mut ledger, aliases) = (Ledger::default(), aliases());
    let stations = StationResolver::new(known, &aliases);
    let counts = count_clean_trips(&Trips::open(files).unwrap(), stations, &mut ledger).unwrap();
    Counted::of(&counts, ledger)
}

/// The rules on all the rows together.
fn by_rules_alone(files: &[TripFile], known: &KnownStations) -> Counted {
    let (mut ledger, aliases) = (Ledger::default(), aliases());
    let trips = Trips::open(files).unwrap();
    let stations = StationResolver::new(known, &aliases);
    let mut pipeline = Pipeline::new(&trips, stations, &mut ledger);

    let list = trips.for_each_piece(&COLUMNS, |PieceRead { frame, first, .. }| {
        let rows = first.row..first.row + frame.height() as u32;
        pipeline
            .suspect
            .extend(rows.map(|row| Position { row, ..first }));
        Ok(())
    });
    list.unwrap();

    let counts = pipeline.finish().unwrap();
    Counted::of(&counts, ledger)
}

fn aliases() -> StationAliases {
    let mut aliases = StationAliases::default();
    aliases.add("code-of-A".to_owned(), &"A".parse().unwrap());
    aliases
}

/// Trips of which some are copies of others, on other lines.
fn any_trips(most: usize) -> impl Strategy<Value = Vec<(GeneratedTrip, u32)>> {
    let trips = proptest::collection::vec((any_trip(), 2..40_u32), 1..most);
    let copies = proptest::collection::vec((any::<prop::sample::Index>(), 2..40_u32), 0..6);

    (trips, copies).prop_map(|(mut trips, copies)| {
        for (index, line) in copies {
            let copied = index.get(&trips).0.clone();
            trips.push((copied, line));
        }
        trips
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    // Preuve: C3.1 le chemin rapide du nettoyage donne exactement ce que donnent les règles appliquées à toutes les lignes
    /// Some rows are in the lake and again in the file, in any order, in row groups of any size.
    #[test]
    fn the_fast_path_changes_nothing_to_what_the_rules_alone_would_say(
        rows in any_trips(40),
        more in any_trips(20),
        is_described in any::<bool>(),
        group in 1..20_usize,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let again = [&more[..], &rows[..rows.len() / 2]].concat();
        let files = [
            write_groups(&folder, "lake.parquet", &frame_of(&rows), group),
            write_groups(&folder, "file.parquet", &frame_of(&again), group),
        ];
        let known = match is_described {
            true => KnownStations::of(["A", "B"].into_iter()),
            false => KnownStations::default(),
        };

        prop_assert_eq!(by_fast_path_and_rules(&files, &known), by_rules_alone(&files, &known));
    }
}

/// The same thousand trips at each run.
fn a_thousand_trips() -> DataFrame {
    let mut runner = TestRunner::deterministic();
    let trips = (0..50).flat_map(|_| any_trips(40).new_tree(&mut runner).unwrap().current());
    frame_of(&trips.collect::<Vec<_>>())
}

#[test]
fn every_rule_finds_some_generated_trip() {
    let folder = tempfile::tempdir().unwrap();
    let file = write_groups(&folder, "file.parquet", &a_thousand_trips(), 100);
    let known = KnownStations::of(["A", "B"].into_iter());
    let counted = by_fast_path_and_rules(&[file], &known);
    let source = &counted.sources[0];

    for rule in TRIP_RULES {
        let found = source
            .rejected
            .get(rule.name)
            .or(source.repaired.get(rule.name));
        assert!(
            found.is_some(),
            "{} `{}` finds none of the generated trips: give `any_trip` (pipeline/tests/generated.rs) a value that it finds",
            rule.code,
            rule.name
        );
    }
}

#[test]
fn generated_trips_fill_every_published_column() {
    let frame = a_thousand_trips();

    for name in PUBLISHED_COLUMNS {
        let column = frame
            .column(name)
            .unwrap()
            .as_materialized_series()
            .rechunk();
        let values: BTreeSet<String> = column
            .iter()
            .filter(|value| *value != AnyValue::Null)
            .map(|value| value.to_string())
            .collect();

        assert!(
            values.len() > 1,
            "column `{name}` of the generated trips does not vary: a rule on it would not be tried"
        );
    }
}
