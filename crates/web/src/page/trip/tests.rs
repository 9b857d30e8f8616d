use filrouge_types::Language;

use super::*;
use crate::data_api::SAMPLE_TIME;

fn french() -> Frame {
    Frame::sample(Language::French)
}

#[test]
fn a_time_is_read_as_people_write_it() {
    let table = [
        ("8:10", Some("08:10")),
        ("08:10", Some("08:10")),
        ("8 h 10", Some("08:10")),
        ("8h", Some("08:00")),
        ("8", Some("08:00")),
        ("24:00", None),
        ("8:60", None),
        ("midi", None),
        ("", None),
        ("-1", None),
        ("8:10:00:00", None),
    ];
    for (typed, expected) in table {
        let read = read_time(typed).map(|time| time.format("%H:%M").to_string());
        assert_eq!(read.as_deref(), expected, "{typed}");
    }
}

#[test]
fn a_time_that_is_over_is_that_of_tomorrow_and_the_minute_under_way_is_now() {
    // 09:00 in Paris.
    let at = |text| next_time(&french(), read_time(text).unwrap(), SAMPLE_TIME).unwrap();
    let minutes = |text| (at(text) - SAMPLE_TIME).num_minutes();
    assert_eq!(minutes("9:00"), 0);
    assert_eq!(minutes("9:10"), 10);
    assert_eq!(minutes("8:59"), 24 * 60 - 1);
}

#[test]
fn an_hour_that_clocks_jump_over_is_that_of_the_day_after() {
    // On 29 March 2026 clocks go from 02:00 to 03:00 in Paris.
    let evening: DateTime<Utc> = "2026-03-28T22:00:00Z".parse().unwrap();
    let instant = next_time(&french(), read_time("2:30").unwrap(), evening).unwrap();
    assert_eq!(
        instant,
        "2026-03-30T00:30:00Z".parse::<DateTime<Utc>>().unwrap()
    );
}

#[test]
fn metres_are_those_of_the_ground() {
    let station = |latitude, longitude| {
        let mut station = crate::data_api::sample().stations.list[0].clone();
        (station.latitude, station.longitude) = (latitude, longitude);
        station
    };
    let north = metres(&station(45.0, 4.0), &station(45.01, 4.0));
    let east = metres(&station(45.0, 4.0), &station(45.0, 4.01));
    assert!(
        (north - 1113.2).abs() < 1.0 && (east - 787.2).abs() < 1.0,
        "{north} {east}"
    );
}
