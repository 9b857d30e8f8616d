use super::*;

fn trip(key: u64, day: i64, row: u32) -> PendingTrip {
    PendingTrip {
        key,
        start: day * DAY,
        position: Position { piece: 0, row },
        descriptor: 0,
        lasted_hours: None,
        is_alias: false,
    }
}

/// The rows of the clean trips, and those of the suspect ones.
fn rows(day: BufferedDay) -> (Vec<u32>, Vec<u32>) {
    let (clean, suspect) = day.split();
    let sorted = |positions: Vec<Position>| {
        let mut rows: Vec<u32> = positions.iter().map(|position| position.row).collect();
        rows.sort_unstable();
        rows
    };

    let clean = clean.iter().map(|trip| trip.position).collect();
    (sorted(clean), sorted(suspect))
}

fn rows_of_days_before(buffer: &mut DedupBuffer, next: Option<i64>) -> Vec<(Vec<u32>, Vec<u32>)> {
    buffer
        .take_days_before(next)
        .into_iter()
        .map(rows)
        .collect()
}

#[test]
fn a_trip_whose_key_another_has_is_suspect_and_so_is_the_first_of_them() {
    let mut buffer = DedupBuffer::default();
    for (row, key) in (0..).zip([1, 2, 1, 3, 4, 1]) {
        buffer.hold(trip(key, 0, row));
    }
    buffer.suspect(4, Some(0), Position { piece: 0, row: 6 });

    assert_eq!(
        rows(buffer.take_days_before(None).remove(0)),
        (vec![1, 3], vec![0, 2, 4, 5, 6])
    );
}

#[test]
fn a_day_is_taken_out_once_it_is_over_and_trips_without_a_start_at_the_end() {
    let mut buffer = DedupBuffer::default();
    buffer.hold(trip(1, 1, 0));
    buffer.hold(trip(1, -1, 1));
    buffer.suspect(1, None, Position { piece: 0, row: 2 });

    assert_eq!(buffer.take_days_before(Some(-DAY)).len(), 0);
    assert_eq!(
        rows_of_days_before(&mut buffer, Some(2 * DAY - 1)),
        [(vec![1], vec![])]
    );
    assert_eq!(rows_of_days_before(&mut buffer, None), [(vec![0], vec![])]);
    assert_eq!(buffer.take_undated(), [Position { piece: 0, row: 2 }]);
}
