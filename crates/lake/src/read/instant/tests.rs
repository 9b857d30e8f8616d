use super::*;
use proptest::prelude::*;

fn read(text: &str, zone: Tz) -> Option<String> {
    let (microseconds, _) =
        parse_instant(text.as_bytes(), zone)?.resolve(DateFormat::MonthFirst)?;
    Some(
        DateTime::from_timestamp_micros(microseconds)?
            .format("%FT%T%.fZ")
            .to_string(),
    )
}

#[test]
fn every_known_writing_is_read() {
    for (text, expected) in [
        (
            "2018-09-15 08:52:05.960000+00:00",
            "2018-09-15T08:52:05.960Z",
        ),
        ("2020-04-17T09:05:09Z", "2020-04-17T09:05:09Z"),
        ("2013-07-01 00:00:00", "2013-07-01T00:00:00Z"),
        ("2018-01-01 13:50:57.4340", "2018-01-01T13:50:57.434Z"),
        ("2021-06-01T10:00+02:00", "2021-06-01T08:00:00Z"),
        ("2021-06-01 10:00:00-0430", "2021-06-01T14:30:00Z"),
        ("1/31/2015 0:05", "2015-01-31T00:05:00Z"),
        ("12/1/2014 10:05:09", "2014-12-01T10:05:09Z"),
        ("7/1/2013 12:00:00 AM", "2013-07-01T00:00:00Z"),
        ("7/1/2013 1:05 pm", "2013-07-01T13:05:00Z"),
        ("1/31/15 0:05", "2015-01-31T00:05:00Z"),
        ("31/1/2015 0:05", "2015-01-31T00:05:00Z"),
        ("01.02.2015 0:05", "2015-02-01T00:05:00Z"),
        ("2020/01/31 9:05", "2020-01-31T09:05:00Z"),
        ("2020-04-17 09:05:09 UTC", "2020-04-17T09:05:09Z"),
        ("1651406417313", "2022-05-01T12:00:17.313Z"),
        ("1651406417", "2022-05-01T12:00:17Z"),
    ] {
        assert_eq!(read(text, Tz::UTC).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn what_is_no_instant_is_none() {
    for text in [
        "",
        "hier",
        "2020-13-01 00:00",
        "2020-02-30 00:00",
        "2020-02-03",
        "31/31/2015 0:05",
        "2020-01-01 24:00",
    ]
    .into_iter()
    .chain([
        "2020-01-01 10:00:00 foo",
        "2020-01-01 10:00:00+99:00",
        "1/1/15 13:05 PM",
        "2020-01-01T10:00:00.Z",
        "20200101",
    ]) {
        assert_eq!(read(text, Tz::UTC), None, "{text}");
    }
}

#[test]
fn a_date_with_its_year_last_is_read_in_the_order_of_its_file() {
    let reading = |text: &str| parse_instant(text.as_bytes(), Tz::UTC).unwrap();
    let day = |text: &str, usual| {
        reading(text)
            .resolve(usual)
            .map(|(at, format)| (at / 86_400_000_000, format))
    };

    assert_eq!(
        day("1/2/1970 0:05", DateFormat::MonthFirst),
        Some((1, DateFormat::MonthFirst))
    );
    assert_eq!(
        day("1/2/1970 0:05", DateFormat::DayFirst),
        Some((31, DateFormat::DayFirst))
    );

    assert_eq!(reading("1/2/1970 0:05").proves(), None);
    // The thirteenth is no month, whatever the usual order.
    assert_eq!(
        day("13/1/1970 0:05", DateFormat::MonthFirst),
        Some((12, DateFormat::DayFirst))
    );
    assert_eq!(
        reading("13/1/1970 0:05").proves(),
        Some(DateFormat::DayFirst)
    );

    assert_eq!(reading("1970-01-13 0:05").proves(), None);
}

#[test]
fn the_doubled_hour_is_the_first_and_the_missing_hour_moves_forward() {
    let zone = chrono_tz::Europe::Paris;
    for (text, expected) in [
        ("2026-07-01 10:00:00", "2026-07-01T08:00:00Z"),
        ("2026-10-25 02:30:00", "2026-10-25T00:30:00Z"),
        ("2026-03-29 02:30:00", "2026-03-29T01:30:00Z"),
        ("2026-03-29 02:30:00Z", "2026-03-29T02:30:00Z"),
    ] {
        assert_eq!(read(text, zone).as_deref(), Some(expected), "{text}");
    }
}

proptest! {
    #[test]
    fn any_instant_is_read_back(microseconds in 0_i64..4_102_444_800_000_000) {
        let text = DateTime::from_timestamp_micros(microseconds).unwrap().format("%FT%T%.6fZ").to_string();
        let reading = parse_instant(text.as_bytes(), Tz::UTC).unwrap();
        prop_assert_eq!(reading.resolve(DateFormat::DayFirst), Some((microseconds, DateFormat::Iso)));
    }

    #[test]
    fn any_bytes_are_an_instant_or_none(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
        let _ = parse_instant(&bytes, chrono_tz::Europe::Paris);
    }

    #[test]
    fn anything_like_a_date_does_not_panic(text in "[0-9]{1,5}[-/][0-9]{1,3}[-/][0-9]{1,5}[T ][0-9:.+Z-]{0,20}") {
        let _ = parse_instant(text.as_bytes(), chrono_tz::America::New_York);
    }
}
