use super::*;
use crate::stations::Register;

/// 1 March 2026, 00:00, and so many hours.
fn hour(step: i64) -> Hour {
    "2026-03-01T00:00:00Z".parse::<Hour>().unwrap() + step
}

/// Departures of stations, by hours after [`hour`]`(0)`; the last trip ends in the hour `last_end`.
fn counts(cells: &[(&str, &[(i64, u32)])], last_end: i64) -> HourlyCounts {
    let cells = cells.iter().map(|(id, cells)| {
        (
            id.parse().unwrap(),
            cells
                .iter()
                .map(|&(step, count)| (hour(step), count))
                .collect(),
        )
    });

    HourlyCounts {
        departures: cells.collect(),
        last_end: Some(hour(last_end)),
        ..HourlyCounts::default()
    }
}

fn stations(counts: &HourlyCounts) -> Stations {
    let descriptors = counts
        .departures
        .keys()
        .map(|id| (id.clone(), Default::default()))
        .collect();
    Register::default().complete(&descriptors)
}

/// The rows as `station hour departures`.
fn rows(dataset: &Dataset) -> Vec<(String, i64, u32)> {
    let row = |row: filrouge_types::StationHour| {
        (
            row.conditions.station_id.to_string(),
            row.conditions.hour - hour(0),
            row.departures,
        )
    };
    dataset.iter().map(row).collect()
}

fn build(
    counts: &HourlyCounts,
    stations: &Stations,
    until: Option<Hour>,
) -> (Span, Vec<(String, i64, u32)>, usize) {
    let span = Span::of(counts, until).unwrap();
    let grid = Grid {
        stations,
        hours: &Hours::default(),
        agenda: None,
    };
    let dataset = grid.station_hours(&span, &counts.departures);
    // Known before a row is made.
    assert!(grid.rows(&span, &counts.departures) >= dataset.len() as u64);
    let ahead = grid.conditions(&span, &counts.departures).len();
    (span, rows(&dataset), ahead)
}

fn expected(rows: &[(&str, i64, u32)]) -> Vec<(String, i64, u32)> {
    rows.iter()
        .map(|&(id, step, count)| (id.to_owned(), step, count))
        .collect()
}

// Preuve: C3.1 zéro départ là où la station était ouverte, aucune ligne là où elle ne l'était pas
#[test]
fn an_open_station_has_a_row_every_hour_and_zero_where_nobody_left() {
    let counts = counts(&[("A", &[(0, 2), (3, 1)]), ("B", &[(2, 5)])], 4);
    let (_, rows, ahead) = build(&counts, &stations(&counts), None);
    let a = [("A", 0, 2), ("A", 1, 0), ("A", 2, 0), ("A", 3, 1)];
    assert_eq!(
        rows,
        expected(&[&a[..], &[("B", 2, 5), ("B", 3, 0)]].concat())
    );
    assert_eq!(ahead, 2 * 48);
}

#[test]
fn the_last_hour_is_complete_only_when_a_trip_ended_after_it() {
    let cells: &[(&str, &[(i64, u32)])] = &[("A", &[(0, 1), (3, 1)])];

    for (last_end, until, last) in [
        (3, None, 2),
        (4, None, 3),
        (9, None, 3),
        (4, Some(1), 1),
        (4, Some(5), 5),
    ] {
        let span = Span::of(&counts(cells, last_end), until.map(hour)).unwrap();
        assert_eq!(span.last, hour(last), "{last_end} {until:?}");
    }

    assert_eq!(Span::of(&counts(&[("A", &[(0, 1)])], 0), None), None);
    assert_eq!(Span::of(&HourlyCounts::default(), None), None);
}

#[test]
fn a_station_that_a_source_dates_is_open_before_its_first_trip_but_not_before_the_history() {
    let counts = counts(
        &[("A", &[(0, 1), (5, 1)]), ("B", &[(4, 1)]), ("C", &[(4, 1)])],
        6,
    );
    let mut stations = stations(&counts);
    stations.opened_at = vec![None, Some(hour(3).start()), Some(hour(-1000).start())];
    let (_, rows, _) = build(&counts, &stations, None);
    let first = |id: &str| rows.iter().find(|row| row.0 == id).unwrap().1;
    assert_eq!((first("A"), first("B"), first("C")), (0, 3, 0));
}

#[test]
fn trips_before_the_date_of_opening_are_believed() {
    let counts = counts(&[("A", &[(0, 1), (5, 1)])], 6);
    let mut stations = stations(&counts);
    stations.opened_at = vec![Some(hour(4).start())];
    assert_eq!(build(&counts, &stations, None).1.len(), 6);
}

#[test]
fn a_station_without_a_trip_for_more_than_thirty_days_is_closed_unless_it_is_in_service() {
    // Something leaves B every day: the system is never silent.
    let daily: Vec<(i64, u32)> = (0..=40).map(|day| (day * 24, 1)).collect();
    let last = 40 * 24;

    let counts = counts(
        &[
            ("A", &[(0, 1), (5, 1)]),
            ("B", &daily),
            ("C", &[(last - 720, 1)]),
        ],
        last + 1,
    );

    let mut stations = stations(&counts);
    let hours = |rows: &[(String, i64, u32)], id: &str| {
        rows.iter().filter(|row| row.0 == id).count() as i64
    };
    let (_, rows, ahead) = build(&counts, &stations, None);

    assert_eq!(
        [
            hours(&rows, "A"),
            hours(&rows, "B"),
            hours(&rows, "C"),
            ahead as i64
        ],
        [6, last + 1, 721, 96]
    );

    stations.is_in_service[0] = true;
    let (_, rows, ahead) = build(&counts, &stations, None);

    assert_eq!([hours(&rows, "A"), ahead as i64], [last + 1, 144]);
}

#[test]
fn hours_of_a_month_that_the_history_lacks_have_no_row() {
    let after = 40 * 24;
    let counts = counts(
        &[
            ("A", &[(0, 1), (1, 1), (after, 1), (after + 1, 1)]),
            ("B", &[(0, 1), (after, 1)]),
        ],
        after + 2,
    );

    let (span, rows, _) = build(&counts, &stations(&counts), None);

    assert_eq!(span.silent_hours(), after - 2);

    let steps: Vec<i64> = rows
        .iter()
        .filter(|row| row.0 == "B")
        .map(|row| row.1)
        .collect();
    assert_eq!(steps, [0, 1, after, after + 1]);
}

#[test]
fn a_week_without_a_trip_is_a_quiet_week() {
    let counts = counts(&[("A", &[(0, 1), (169, 1)])], 170);
    assert_eq!(build(&counts, &stations(&counts), None).1.len(), 170);
}
