use chrono::{
    DateTime, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone,
};
use chrono_tz::Tz;

/// A way to write dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DateFormat {
    /// `2021-03-01T08:05:09.123+00:00`: the year first, fraction and offset optional.
    Iso,
    /// `3/1/2021 8:05` or `3/1/2021 8:05:09 PM`, month first as American files have it.
    MonthFirst,
    /// `01/03/2021 08:05`, day first as the others have it.
    DayFirst,
    /// Seconds or milliseconds since 1970.
    Epoch,
}

/// The possible readings of a text, in microseconds since 1970, UTC: a date whose year is last can
/// be read in two orders, and only the whole file tells which.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Reading {
    month_first: Option<i64>,
    day_first: Option<i64>,
    /// Set when the order is not in doubt.
    certain: Option<DateFormat>,
}

impl DateFormat {
    /// Name in reports.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Iso => "ISO 8601",
            Self::MonthFirst => "M/D/YYYY",
            Self::DayFirst => "D/M/YYYY",
            Self::Epoch => "time since 1970",
        }
    }
}

impl Reading {
    fn certain(instant: Option<i64>, format: DateFormat) -> Self {
        Self {
            month_first: instant,
            day_first: instant,
            certain: Some(format),
        }
    }

    /// The order that this date alone proves, when it can be read in one only.
    pub(super) fn proves(&self) -> Option<DateFormat> {
        match (self.certain, self.month_first, self.day_first) {
            (None, Some(_), None) => Some(DateFormat::MonthFirst),
            (None, None, Some(_)) => Some(DateFormat::DayFirst),
            _ => None,
        }
    }

    /// The instant and its writing in a file of the order `usual`; a date impossible in this order
    /// is read in the other.
    pub(super) fn resolve(&self, usual: DateFormat) -> Option<(i64, DateFormat)> {
        if let Some(format) = self.certain {
            return Some((self.month_first?, format));
        }

        let month_first = self
            .month_first
            .map(|instant| (instant, DateFormat::MonthFirst));
        let day_first = self
            .day_first
            .map(|instant| (instant, DateFormat::DayFirst));

        if usual == DateFormat::DayFirst {
            day_first.or(month_first)
        } else {
            month_first.or(day_first)
        }
    }
}

/// Reads an instant in any of the formats. A text without offset is taken in `zone`; any other text
/// gives `None`.
pub(super) fn parse_instant(text: &[u8], zone: Tz) -> Option<Reading> {
    // Checked first: no date is written in digits alone.
    if text.iter().all(u8::is_ascii_digit) {
        return Some(Reading::certain(Some(epoch(text)?), DateFormat::Epoch));
    }

    // By hand and by bytes: millions of instants a file, in formats that no `strftime` pattern
    // covers together.
    let mut rest = Digits(text);
    let (first, first_digits) = rest.counted(4)?;
    let separator = rest.one_of(b"-/.")?;
    let (second, _) = rest.counted(2)?;
    let (third, third_digits) = rest.then(separator)?.counted(4)?;

    rest.time_separator()?;
    let time = rest.time()?;

    let instant = |year: u32, month, day| {
        time.on(
            NaiveDate::from_ymd_opt(year.cast_signed(), month, day)?,
            zone,
        )
    };

    let reading = match (first_digits, third_digits) {
        (4, 1..=2) => Reading::certain(instant(first, second, third), DateFormat::Iso),
        (1..=2, 2 | 4) => {
            let year = if third_digits == 2 {
                // No public history is older than 2000.
                2000 + third
            } else {
                third
            };

            // Dots are European.
            let month_first = instant(year, first, second).filter(|_| separator != b'.');

            Reading {
                month_first,
                day_first: instant(year, second, first),
                certain: None,
            }
        }
        _ => return None,
    };

    (reading.month_first.is_some() || reading.day_first.is_some()).then_some(reading)
}

/// Ten digits are seconds, thirteen milliseconds: from 2001 to 2286.
fn epoch(digits: &[u8]) -> Option<i64> {
    let number: i64 = std::str::from_utf8(digits).ok()?.parse().ok()?;
    match digits.len() {
        10 => Some(number * 1_000_000),
        13 => Some(number * 1000),
        _ => None,
    }
}

/// A time of day, with the offset when the text gives it.
struct Time {
    of_day: NaiveTime,
    offset: Option<TimeDelta>,
}

impl Time {
    fn on(&self, date: NaiveDate, zone: Tz) -> Option<i64> {
        let local = date.and_time(self.of_day);
        match self.offset {
            Some(offset) => Some((local.and_utc() - offset).timestamp_micros()),
            // The common case, spared the search of the zone's transitions.
            None if zone == Tz::UTC => Some(local.and_utc().timestamp_micros()),
            None => Some(to_utc(local, zone)?.timestamp_micros()),
        }
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

    /// A number of one to `most` digits, and how many it has.
    fn counted(&mut self, most: usize) -> Option<(u32, usize)> {
        let length = self
            .0
            .iter()
            .take(most)
            .take_while(|byte| byte.is_ascii_digit())
            .count();

        let (digits, rest) = self.0.split_at(length);

        self.0 = rest;
        (length > 0).then(|| {
            (
                digits
                    .iter()
                    .fold(0, |sum, byte| sum * 10 + u32::from(byte - b'0')),
                length,
            )
        })
    }

    fn two_digits(&mut self) -> Option<u32> {
        self.counted(2)
            .filter(|(_, digits)| *digits == 2)
            .map(|(number, _)| number)
    }

    /// `T`, or a comma and spaces.
    fn time_separator(&mut self) -> Option<()> {
        let length = self
            .0
            .iter()
            .take_while(|byte| b"T, ".contains(byte))
            .count();
        self.0 = &self.0[length..];
        // `2021-03-01,  08:05` exists; more is another column gone astray.
        (1..=3).contains(&length).then_some(())
    }

    /// The time of day, then the offset, down to the last byte.
    fn time(&mut self) -> Option<Time> {
        let (hour, _) = self.counted(2)?;
        let minute = self.then(b':')?.two_digits()?;
        let second = if self.0.first() == Some(&b':') {
            self.then(b':')?.two_digits()?
        } else {
            0
        };

        let microseconds = if self.0.first() == Some(&b'.') {
            self.then(b'.')?.fraction()?
        } else {
            0
        };
        let hour = self.half_day(hour)?;
        let of_day = NaiveTime::from_hms_micro_opt(hour, minute, second, microseconds)?;

        Some(Time {
            of_day,
            offset: self.offset()?,
        })
    }

    /// The hour of 24, when the text says `AM` or `PM`.
    fn half_day(&mut self, hour: u32) -> Option<u32> {
        let rest = self.0.trim_ascii_start();
        let (noon, is_told) = match rest.get(..2).map(<[u8]>::to_ascii_uppercase).as_deref() {
            Some(b"AM") => (0, true),
            Some(b"PM") => (12, true),
            _ => (0, false),
        };
        if !is_told {
            return Some(hour);
        }
        self.0 = &rest[2..];
        // 12 AM is midnight and 12 PM is noon.
        (1..=12).contains(&hour).then_some(hour % 12 + noon)
    }

    /// Decimals of a second, as microseconds; finer digits are cut.
    fn fraction(&mut self) -> Option<u32> {
        let start = self.0;
        let length = start
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        self.0 = &start[length..];
        let digits = start[..length].iter().map(|byte| u32::from(byte - b'0'));

        (length > 0).then(|| {
            digits
                .chain(std::iter::repeat(0))
                .take(6)
                .fold(0, |sum, digit| sum * 10 + digit)
        })
    }

    /// `Z`, `UTC`, `±HH`, `±HHMM`, `±HH:MM`, or nothing; anything left over makes the text no
    /// instant.
    fn offset(&mut self) -> Option<Option<TimeDelta>> {
        self.0 = self.0.trim_ascii_start();
        let sign = match self.next() {
            None => return Some(None),
            Some(b'U') => return (self.0 == b"TC").then_some(Some(TimeDelta::zero())),
            Some(b'Z') => return self.0.is_empty().then_some(Some(TimeDelta::zero())),
            Some(b'+') => 1,
            Some(b'-') => -1,
            Some(_) => return None,
        };

        let hours = i64::from(self.two_digits()?);

        if self.0.first() == Some(&b':') {
            self.next();
        }

        let minutes = if self.0.is_empty() {
            0
        } else {
            i64::from(self.two_digits()?)
        };
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
            let before = zone
                .from_local_datetime(&(local - TimeDelta::days(1)))
                .earliest()?
                .offset()
                .fix();

            Some(
                before
                    .from_local_datetime(&local)
                    .single()?
                    .with_timezone(&zone),
            )
        }
    }
}

#[cfg(test)]
mod tests;
