//! Chances in words, drawn, and hour by hour.

use chrono::{DateTime, NaiveDate, Timelike, Utc};
use filrouge_types::Hour;

use super::availability::Report;
use crate::chart::{Chart, RULES, Scale, WIDTH, path};
use crate::frame::Frame;
use crate::markup::Markup;
use crate::model_api::{Chances, Forecast, HourAvailability};
use crate::wording::machine_time;

/// Height of the picture.
const HEIGHT: f64 = 260.0;

/// One label under the hours every three hours of the clock.
const LABEL_EVERY: u32 = 3;

/// Nearer than this to never or to always, a whole number of tenths would promise too much.
const HALF_A_TENTH: f64 = 0.05;

/// Something that a rider looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RiderNeed {
    /// A bike to take.
    Bike,
    /// A dock to leave one.
    Dock,
}

/// The next hours of a station, ready to be written and drawn.
pub(crate) struct NextChances {
    pub(crate) answer: String,
    pub(crate) wanted: RiderNeed,
    pub(crate) options: Vec<HourOption>,
    pub(crate) summary: String,
    pub(crate) chart: Chart,
    pub(crate) caption: String,
    pub(crate) rows: Vec<ChanceRow>,
    /// Model and age of the answer.
    pub(crate) origin: Markup,
}

/// An hour that can be chosen.
pub(crate) struct HourOption {
    pub(crate) value: u32,
    pub(crate) label: String,
    pub(crate) is_chosen: bool,
}

/// One line of the table.
pub(crate) struct ChanceRow {
    pub(crate) moment: String,
    pub(crate) instant: String,
    pub(crate) bike: String,
    pub(crate) dock: String,
    /// Departures forecast during the hour.
    pub(crate) departures: String,
}

impl RiderNeed {
    /// The choice of an address; a bike unless it says otherwise.
    pub(crate) fn read(text: Option<&str>) -> Self {
        match text {
            Some("place") => Self::Dock,
            _ => Self::Bike,
        }
    }

    pub(crate) fn is_dock(self) -> bool {
        self == Self::Dock
    }

    pub(crate) fn chance(self, hour: &HourAvailability) -> f64 {
        match self {
            Self::Bike => hour.bike,
            Self::Dock => hour.dock,
        }
    }
}

impl Frame {
    /// `9 chances sur 10`.
    pub(crate) fn odds(&self, chance: f64) -> String {
        match tenths(chance) {
            Tenths::Fewest => self.say("odds-fewest"),
            Tenths::Most => self.say("odds-most"),
            Tenths::Some(tenths) => self.count("odds", tenths),
        }
    }

    /// `9 sur 10`, where a heading says of what.
    pub(crate) fn short_odds(&self, chance: f64) -> String {
        match tenths(chance) {
            Tenths::Fewest => self.say("odds-short-fewest"),
            Tenths::Most => self.say("odds-short-most"),
            Tenths::Some(tenths) => self.count("odds-short", tenths),
        }
    }

    /// `À 18 h` today, else `Demain à 8 h`.
    pub(crate) fn at_hour(&self, hour: Hour, today: NaiveDate) -> String {
        let local = hour.start().with_timezone(&self.city().time_zone);
        let clock = ("hour", local.hour().into());
        if local.date_naive() == today {
            return self.tell("chances-at", [clock]);
        }
        let day = self.day(local.date_naive(), today);
        self.tell("chances-at-later", [("day", day.into()), clock])
    }

    /// The hour of an instant on the riders' clock.
    pub(crate) fn local_hour(&self, hour: Hour) -> u32 {
        hour.start().with_timezone(&self.city().time_zone).hour()
    }
}

enum Tenths {
    Fewest,
    Some(u64),
    Most,
}

fn tenths(chance: f64) -> Tenths {
    if chance < HALF_A_TENTH {
        Tenths::Fewest
    } else if chance > 1.0 - HALF_A_TENTH {
        Tenths::Most
    } else {
        // Between half a tenth and nine and a half.
        Tenths::Some((10.0 * chance).round() as u64)
    }
}

impl NextChances {
    /// The `hours` of a station, one of which may be `chosen` by its number on the clock; nothing when
    /// there are none.
    pub(crate) fn new(
        t: &Frame,
        hours: &[HourAvailability],
        (wanted, chosen): (RiderNeed, Option<u32>),
        chances: &Chances,
        forecast: Option<&Forecast>,
        now: DateTime<Utc>,
    ) -> Option<Self> {
        let first = hours.first()?;
        let today = t.today(now);
        let is_chosen = |hour: &&HourAvailability| Some(t.local_hour(hour.hour)) == chosen;
        let shown = hours.iter().find(is_chosen).unwrap_or(first);

        let option = |hour: &HourAvailability| HourOption {
            value: t.local_hour(hour.hour),
            label: t.moment(hour.hour.start(), today),
            is_chosen: hour.hour == shown.hour,
        };
        let row = |hour: &HourAvailability| ChanceRow::new(t, hour, forecast, today);

        Some(Self {
            answer: answer(t, shown, wanted, today),
            wanted,
            options: hours.iter().map(option).collect(),
            summary: summary(t, hours, wanted, today),
            chart: draw(t, hours),
            caption: t.tell("chances-caption", [("zone", t.zone().into())]),
            rows: hours.iter().map(row).collect(),
            origin: origin(t, chances, now),
        })
    }
}

impl ChanceRow {
    fn new(
        t: &Frame,
        hour: &HourAvailability,
        forecast: Option<&Forecast>,
        today: NaiveDate,
    ) -> Self {
        let forecast = forecast.iter().flat_map(|forecast| &forecast.items);
        let of_hour = forecast.clone().find(|item| item.hour == hour.hour);
        let departures = of_hour.map(|item| {
            // Rounded outwards: the interval in words is not narrower than the true one.
            let (low, high) = (
                item.demand_p10.floor() as u64,
                item.demand_p90.ceil() as u64,
            );
            t.tell(
                "chances-from-to",
                [("low", low.into()), ("high", high.into())],
            )
        });

        Self {
            moment: t.moment(hour.hour.start(), today),
            instant: machine_time(hour.hour.start()),
            bike: t.short_odds(hour.bike),
            dock: t.short_odds(hour.dock),
            departures: departures.unwrap_or_else(|| t.say("unknown")),
        }
    }
}

/// The thing looked for comes first.
fn answer(t: &Frame, hour: &HourAvailability, wanted: RiderNeed, today: NaiveDate) -> String {
    let key = match wanted {
        RiderNeed::Bike => "chances-answer-bike",
        RiderNeed::Dock => "chances-answer-dock",
    };
    let at = t.at_hour(hour.hour, today);

    t.tell(
        key,
        [
            ("at", at.into()),
            ("bike", t.odds(hour.bike).into()),
            ("dock", t.odds(hour.dock).into()),
        ],
    )
}

/// The hour to avoid, which is what the drawing shows first.
fn summary(t: &Frame, hours: &[HourAvailability], wanted: RiderNeed, today: NaiveDate) -> String {
    let lowest = hours
        .iter()
        .min_by(|one, other| wanted.chance(one).total_cmp(&wanted.chance(other)));
    let Some(lowest) = lowest else {
        return String::new();
    };

    let key = match (wanted, wanted.chance(lowest) > 1.0 - HALF_A_TENTH) {
        (RiderNeed::Bike, true) => "chances-always-bike",
        (RiderNeed::Dock, true) => "chances-always-dock",
        (RiderNeed::Bike, false) => "chances-lowest-bike",
        (RiderNeed::Dock, false) => "chances-lowest-dock",
    };

    let moment = t.moment(lowest.hour.start(), today);
    let odds = t.odds(wanted.chance(lowest));
    t.tell(key, [("moment", moment.into()), ("odds", odds.into())])
}

fn draw(t: &Frame, hours: &[HourAvailability]) -> Chart {
    let scale = Scale {
        count: hours.len(),
        top: 1.0,
        height: HEIGHT,
        width: WIDTH,
    };
    let points = |of: fn(&HourAvailability) -> f64| {
        let value = move |(index, hour)| scale.point((index, of(hour)));
        hours.iter().enumerate().map(value)
    };
    let label = |(index, hour): (usize, &HourAvailability)| {
        let clock = t.local_hour(hour.hour);
        let label = || t.tell("hour", [("hour", clock.into())]);
        clock
            .is_multiple_of(LABEL_EVERY)
            .then(|| scale.moment(index, label()))
    };

    Chart {
        height: HEIGHT,
        width: WIDTH,
        band: None,
        line: path(points(|hour| hour.bike)),
        reference: Some(path(points(|hour| hour.dock))),
        points: points(|hour| hour.bike).collect(),
        rules: scale.rules(RULES, |value| t.percent(value)),
        moments: hours.iter().enumerate().filter_map(label).collect(),
    }
}

fn origin(t: &Frame, chances: &Chances, now: DateTime<Utc>) -> Markup {
    let Some((version, generated_at)) = &chances.origin else {
        return Markup::text("");
    };
    let age = Report::new(t, *generated_at, now).element();
    t.markup(
        "chances-origin",
        [("age", age), ("version", Markup::text(version))],
    )
}

/// The chance at `instant`, between those of the hours around it; `now` is known. None after the last
/// hour.
pub(crate) fn chance_at(
    hours: &[HourAvailability],
    wanted: RiderNeed,
    (now, is_there): (DateTime<Utc>, bool),
    instant: DateTime<Utc>,
) -> Option<f64> {
    let mut before = (now, f64::from(u8::from(is_there)));

    for hour in hours {
        let after = (hour.hour.start(), wanted.chance(hour));
        if instant <= after.0 {
            let whole = (after.0 - before.0).num_seconds().max(1) as f64;
            let part = ((instant - before.0).num_seconds() as f64 / whole).clamp(0.0, 1.0);
            return Some(before.1 + part * (after.1 - before.1));
        }
        before = after;
    }
    None
}

#[cfg(test)]
mod tests;
