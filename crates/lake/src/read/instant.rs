use chrono::{DateTime, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone};
use chrono_tz::Tz;

/// A way to write dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DateFormat {
    /// `2021-03-01T08:05:09.123+00:00`, `T` or a space, fraction and offset optional.
    Iso,
    /// `3/1/2021 8:05` or `3/1/2021 8:05:09`, month first as American files have it.
    MonthFirst,
}

/// Reads an instant in either format: microseconds since 1970, UTC.
/// A text without offset is taken in `zone`; what is not an instant is `None`.
pub(super) fn parse_instant(text: &[u8], zone: Tz) -> Option<(i64, DateFormat)> {
    let mut digits = Digits(text);
    let first = digits.number(1, 4)?;
    match digits.next()? {
        b'-' => {
            let date = NaiveDate::from_ymd_opt(first, digits.unsigned(2, 2)?, digits.then(b'-')?.unsigned(2, 2)?)?;
            digits.one_of(b"T ")?;
            Some((digits.instant(date, 2, zone)?, DateFormat::Iso))
        }
        b'/' => {
            let day = digits.unsigned(1, 2)?;
            let year = digits.then(b'/')?.number(4, 4)?;
            let date = NaiveDate::from_ymd_opt(year, first.unsigned_abs(), day)?;
            digits.one_of(b" ")?;
            Some((digits.instant(date, 1, zone)?, DateFormat::MonthFirst))
        }
        _ => None,
    }
}

/// The rest of a text, read from the left.
struct Digits<'a>(&'a [u8]);

impl Digits<'_> {
    fn next(&mut self) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(first)
    }

    fn one_of(&mut self, bytes: &[u8]) -> Option<u8> {
        self.next().filter(|byte| bytes.contains(byte))
    }

    fn then(&mut self, byte: u8) -> Option<&mut Self> {
        self.one_of(&[byte])?;
        Some(self)
    }

    fn number(&mut self, least: usize, most: usize) -> Option<i32> {
        let length = self.0.iter().take(most).take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = self.0.split_at(length);
        self.0 = rest;
        (length >= least).then(|| digits.iter().fold(0, |sum, byte| sum * 10 + i32::from(byte - b'0')))
    }

    fn unsigned(&mut self, least: usize, most: usize) -> Option<u32> {
        self.number(least, most).map(i32::unsigned_abs)
    }

    /// The time of day, then the offset, down to the last byte.
    fn instant(&mut self, date: NaiveDate, hour_digits: usize, zone: Tz) -> Option<i64> {
        let hour = self.unsigned(hour_digits, 2)?;
        let minute = self.then(b':')?.unsigned(2, 2)?;
        let second = if self.0.first() == Some(&b':') { self.then(b':')?.unsigned(2, 2)? } else { 0 };
        let microseconds = if self.0.first() == Some(&b'.') { self.then(b'.')?.fraction()? } else { 0 };
        let local = date.and_time(NaiveTime::from_hms_micro_opt(hour, minute, second, microseconds)?);
        match self.offset()? {
            Some(offset) => Some((local.and_utc() - offset).timestamp_micros()),
            None if zone == Tz::UTC => Some(local.and_utc().timestamp_micros()),
            None => Some(to_utc(local, zone)?.timestamp_micros()),
        }
    }

    /// Decimals of a second, as microseconds; what is finer is cut.
    fn fraction(&mut self) -> Option<u32> {
        let start = self.0;
        let length = start.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.0 = &start[length..];
        let digits = start[..length].iter().map(|byte| u32::from(byte - b'0'));
        (length > 0).then(|| digits.chain(std::iter::repeat(0)).take(6).fold(0, |sum, digit| sum * 10 + digit))
    }

    /// `Z`, `±HH`, `±HHMM`, `±HH:MM`, or nothing; anything left over makes the text no instant.
    fn offset(&mut self) -> Option<Option<TimeDelta>> {
        let sign = match self.next() {
            None => return Some(None),
            Some(b'Z') => return self.0.is_empty().then_some(Some(TimeDelta::zero())),
            Some(b'+') => 1,
            Some(b'-') => -1,
            Some(_) => return None,
        };
        let hours = i64::from(self.number(2, 2)?);
        if self.0.first() == Some(&b':') {
            self.next();
        }
        let minutes = if self.0.is_empty() { 0 } else { i64::from(self.number(2, 2)?) };
        let valid = self.0.is_empty() && hours < 24 && minutes < 60;
        valid.then(|| Some(TimeDelta::minutes(sign * (hours * 60 + minutes))))
    }
}

/// A local time as UTC: the first of two when clocks went back; when clocks went forward over it,
/// the same distance after the change, as a watch that was not set would show.
fn to_utc(local: NaiveDateTime, zone: Tz) -> Option<DateTime<Tz>> {
    match zone.from_local_datetime(&local) {
        LocalResult::Single(instant) | LocalResult::Ambiguous(instant, _) => Some(instant),
        LocalResult::None => {
            // No zone has ever skipped more than a day.
            let before = zone.from_local_datetime(&(local - TimeDelta::days(1))).earliest()?.offset().fix();
            Some(before.from_local_datetime(&local).single()?.with_timezone(&zone))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str, zone: Tz) -> Option<String> {
        let (microseconds, _) = parse_instant(text.as_bytes(), zone)?;
        Some(DateTime::from_timestamp_micros(microseconds)?.format("%FT%T%.fZ").to_string())
    }

    #[test]
    fn every_known_writing_is_read() {
        for (text, expected) in [
            ("2018-09-15 08:52:05.960000+00:00", "2018-09-15T08:52:05.960Z"),
            ("2020-04-17T09:05:09Z", "2020-04-17T09:05:09Z"),
            ("2013-07-01 00:00:00", "2013-07-01T00:00:00Z"),
            ("2018-01-01 13:50:57.4340", "2018-01-01T13:50:57.434Z"),
            ("2021-06-01T10:00+02:00", "2021-06-01T08:00:00Z"),
            ("2021-06-01 10:00:00-0430", "2021-06-01T14:30:00Z"),
            ("1/31/2015 0:05", "2015-01-31T00:05:00Z"),
            ("12/1/2014 10:05:09", "2014-12-01T10:05:09Z"),
        ] {
            assert_eq!(read(text, Tz::UTC).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_instant_is_none() {
        for text in
            ["", "hier", "2020-13-01 00:00", "2020-02-30 00:00", "2020-02-03", "31/1/2015 0:05", "2020-01-01 24:00"]
                .into_iter()
                .chain(["2020-01-01 10:00:00 foo", "2020-01-01 10:00:00+99:00", "1/1/15 0:05", "2020-01-01T10:00:00.Z"])
        {
            assert_eq!(read(text, Tz::UTC), None, "{text}");
        }
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
            prop_assert_eq!(parse_instant(text.as_bytes(), Tz::UTC), Some((microseconds, DateFormat::Iso)));
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
}
