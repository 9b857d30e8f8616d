use super::*;

#[test]
fn an_hour_reads_what_it_writes() {
    let hour: Hour = "2026-03-01T08:00:00Z".parse().unwrap();
    assert_eq!(hour.to_string(), "2026-03-01T08:00:00Z");
    assert_eq!((hour - 24).to_string(), "2026-02-28T08:00:00Z");
    assert_eq!(hour - (hour - 24), 24);
}

#[test]
fn an_instant_with_an_offset_is_converted_to_utc() {
    assert_eq!(
        "2026-03-01T09:00:00+01:00"
            .parse::<Hour>()
            .unwrap()
            .to_string(),
        "2026-03-01T08:00:00Z"
    );
}

#[test]
fn minutes_are_refused_and_named() {
    assert_eq!(
        "2026-03-01T08:30:00Z"
            .parse::<Hour>()
            .unwrap_err()
            .to_string(),
        "`2026-03-01T08:30:00Z` is not the start of an hour"
    );
}

#[test]
fn instants_before_1970_belong_to_the_hour_that_began_before_them() {
    let instant = DateTime::from_timestamp(-1, 0).unwrap();
    assert_eq!(
        Hour::containing(instant).to_string(),
        "1969-12-31T23:00:00Z"
    );
}

#[test]
fn the_ends_of_the_calendar_do_not_panic() {
    assert_eq!(
        Hour::from_hours_since_epoch(i64::MAX).start(),
        DateTime::<Utc>::MAX_UTC
    );
}
