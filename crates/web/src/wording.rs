//! Figures, ages and dates in the words of a language, the way a sign or a clerk would say them.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Timelike, Utc};
use filrouge_types::Language;

use crate::frame::Frame;

impl Frame {
    /// A time since then: `à l’instant`, `il y a 3 minutes`.
    pub(crate) fn age(&self, age: TimeDelta) -> String {
        // A clock ahead of ours gives a negative age: that is now.
        let minutes = u64::try_from(age.num_minutes()).unwrap_or_default();
        match minutes {
            0 => self.say("age-now"),
            1..60 => self.count("age-minutes", minutes),
            60..1440 => self.count("age-hours", minutes / 60),
            _ => self.count("age-days", minutes / 1440),
        }
    }

    /// A number and its noun, such as `count-bikes`.
    pub(crate) fn count(&self, key: &str, number: impl Into<u64>) -> String {
        self.tell(key, [("count", number.into().into())])
    }

    /// A number with that many decimals: `7,4`.
    pub(crate) fn number(&self, number: f64, decimals: usize) -> String {
        let text = format!("{number:.decimals$}");
        match self.language() {
            Language::French => text.replace('.', ","),
            Language::English => text,
        }
    }

    /// A number when there is one.
    pub(crate) fn known(&self, value: Option<f64>, write: impl Fn(f64) -> String) -> String {
        value.map_or_else(|| self.say("unknown"), write)
    }

    /// A share: `38 %`.
    pub(crate) fn percent(&self, share: f64) -> String {
        self.tell(
            "percent",
            [("value", format!("{:.0}", 100.0 * share).into())],
        )
    }

    /// A share whose hundredths matter: `99,52 %`.
    pub(crate) fn precise_percent(&self, share: f64) -> String {
        // Rounded down: 99.996 % is not all of it.
        let hundredths = (share * 10_000.0 + 1e-6).floor() / 100.0;
        let value = self.number(hundredths, 2);
        self.tell("percent", [("value", value.into())])
    }

    /// A difference: `+3 %`, `−2 %`.
    pub(crate) fn signed_percent(&self, share: f64) -> String {
        // Screen readers say the minus sign U+2212 and may skip a hyphen.
        let value = format!("{:+.0}", 100.0 * share).replace('-', "−");
        self.tell("percent", [("value", value.into())])
    }

    /// A position as one reads it on a map: `45,6012° nord, 4,1034° est`.
    pub(crate) fn position(&self, latitude: f64, longitude: f64) -> String {
        let side = |value: f64, positive, negative| if value < 0.0 { negative } else { positive };
        self.tell(
            "position",
            [
                ("latitude", self.number(latitude.abs(), 4).into()),
                ("latitude-side", side(latitude, "north", "south").into()),
                ("longitude", self.number(longitude.abs(), 4).into()),
                ("longitude-side", side(longitude, "east", "west").into()),
            ],
        )
    }

    /// `aujourd’hui, 18 h`, on the riders' clock.
    pub(crate) fn moment(&self, instant: DateTime<Utc>, today: NaiveDate) -> String {
        let local = instant.with_timezone(&self.city().time_zone);
        let day = self.day(local.date_naive(), today);
        self.tell(
            "moment",
            [("day", day.into()), ("hour", local.hour().into())],
        )
    }

    /// `demain`, or a date.
    pub(crate) fn day(&self, date: NaiveDate, today: NaiveDate) -> String {
        let is_next = |days| today.checked_add_days(Days::new(days)) == Some(date);
        match date {
            _ if date == today => self.say("today"),
            _ if is_next(1) => self.say("tomorrow"),
            _ if is_next(2) => self.say("day-after-tomorrow"),
            _ => date.format(&self.say("date-pattern")).to_string(),
        }
    }

    /// `18 h 05`, on the riders' clock.
    pub(crate) fn clock(&self, instant: DateTime<Utc>) -> String {
        let local = instant.with_timezone(&self.city().time_zone);
        local.format(&self.say("clock-pattern")).to_string()
    }

    /// `01/03`, on the riders' clock.
    pub(crate) fn short_date(&self, instant: DateTime<Utc>) -> String {
        let local = instant.with_timezone(&self.city().time_zone);
        local.format(&self.say("short-date-pattern")).to_string()
    }

    /// The present day, on the riders' clock.
    pub(crate) fn today(&self, now: DateTime<Utc>) -> NaiveDate {
        now.with_timezone(&self.city().time_zone).date_naive()
    }

    /// The name that people give to the zone: that of its city.
    pub(crate) fn zone(&self) -> String {
        let name = self.city().time_zone.name();
        let city = name.rsplit('/').next().unwrap_or(name);
        city.replace('_', " ")
    }
}

/// An instant for the `datetime` attribute of `<time>`.
pub(crate) fn machine_time(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

#[cfg(test)]
mod tests;
