use chrono::{Datelike, Timelike};
use chrono_tz::Tz;
use filrouge_types::Hour;

use crate::history::{History, Known};

/// Between these temperatures (as felt, °C) the effect is straight.
const TEMPERATURES: [f32; 10] = [-5.0, 0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 28.0, 32.0, 36.0];

/// The same for the wind, km/h.
const WINDS: [f32; 4] = [5.0, 18.0, 30.0, 45.0];

/// Kinds of sky, the last one unknown: clear, partly cloudy, overcast or fog, snow, drizzle, rain,
/// heavy rain.
const SKIES: usize = 8;

const HOURS: usize = 0;
const DAYS: usize = HOURS + 48;
const DAY_PARTS: usize = DAYS + 7;
const TEMPERATURE: usize = DAY_PARTS + 28;
const WORKING_TEMPERATURE: usize = TEMPERATURE + TEMPERATURES.len() + 1;
const WIND: usize = WORKING_TEMPERATURE + TEMPERATURES.len() + 1;
const SKY: usize = WIND + WINDS.len();
const WORKING_SKY: usize = SKY + SKIES;
const HOLIDAYS: usize = WORKING_SKY + SKIES;

const EVENTS: usize = HOLIDAYS + 3;

/// Number of terms of a law.
pub const TERMS: usize = EVENTS + 1;

/// By how much an event adds to what goes on near it, roughly: its own weight makes the rest. With
/// it, the effect of a share of the stations near events is that of those stations alone.
const PULL: f64 = 2.0;

/// The terms of one hour that are not zero: each a position and a value.
#[derive(Debug, Clone, PartialEq)]
pub struct Terms(Vec<(usize, f64)>);

impl Terms {
    /// The terms of `hour` on the clocks of `time_zone`, under conditions `known`, events apart:
    /// they are of some stations only. What is missing has a term of its own.
    pub fn of(known: &Known, hour: Hour, time_zone: Tz) -> Self {
        let local = hour.start().with_timezone(&time_zone);
        let (hour_of_day, day) = (
            local.hour() as usize,
            local.weekday().num_days_from_monday() as usize,
        );
        let is_holiday = known.is_public_holiday > 0.5;
        let works = day < 5 && !is_holiday;

        let mut terms = Self(Vec::with_capacity(16));
        terms.add(HOURS + hour_of_day + if works { 24 } else { 0 }, 1.0);
        terms.add(DAYS + day, 1.0);
        terms.add(DAY_PARTS + 4 * day + hour_of_day / 6, 1.0);
        let felt = if known.apparent_temperature_c.is_nan() {
            known.temperature_c
        } else {
            known.apparent_temperature_c
        };

        terms.add_knots(TEMPERATURE, &TEMPERATURES, felt);
        terms.add_knots(WIND, &WINDS, known.wind_speed_kmh);
        terms.add(SKY + sky(known), 1.0);

        if works {
            terms.add_knots(WORKING_TEMPERATURE, &TEMPERATURES, felt);
            terms.add(WORKING_SKY + sky(known), 1.0);
        }

        let is_school_holiday = known.is_school_holiday > 0.5;
        let flags = [is_holiday, is_school_holiday, is_school_holiday && works];

        (0..3)
            .filter(|flag| flags[*flag])
            .for_each(|flag| terms.add(HOLIDAYS + flag, 1.0));

        terms
    }

    /// The terms of the whole system during `hour` of `history`: what all its stations share, and
    /// how many are near an event.
    pub fn of_system(history: &History, hour: Hour, time_zone: Tz) -> Self {
        Self::of(&history.shared_known(hour), hour, time_zone)
            .with_events(history.event_share(hour))
    }

    /// The same when this share of the stations, 0 to 1, is near an event.
    fn with_events(mut self, share: f64) -> Self {
        if share > 0.0 {
            self.add(EVENTS, (1.0 + PULL * share).ln());
        }
        self
    }

    /// Pairs of terms that say nearly the same thing: where one was never seen, the other tells.
    pub fn neighbours() -> impl Iterator<Item = (usize, usize)> {
        let knots =
            |first: usize, knots: usize| (first + 1..first + knots).map(|above| (above - 1, above));
        let skies = |first: usize| [0, 1, 4, 5].map(|sky| (first + sky, first + sky + 1));
        knots(TEMPERATURE, TEMPERATURES.len())
            .chain(knots(WORKING_TEMPERATURE, TEMPERATURES.len()))
            .chain(knots(WIND, WINDS.len()))
            .chain(skies(SKY))
            .chain(skies(WORKING_SKY))
    }

    /// Position and value of each.
    pub fn iter(&self) -> impl Iterator<Item = (usize, f64)> {
        self.0.iter().copied()
    }

    fn add(&mut self, term: usize, value: f64) {
        self.0.push((term, value));
    }

    /// How near `value` is to the knot below and to the one above; after the last knot when it is
    /// missing (a wind that is missing says nothing).
    fn add_knots(&mut self, first: usize, knots: &[f32], value: f32) {
        if value.is_nan() {
            if first != WIND {
                self.add(first + knots.len(), 1.0);
            }
            return;
        }

        let above = knots.partition_point(|knot| *knot <= value);
        if above == 0 || above == knots.len() {
            return self.add(first + above.saturating_sub(1), 1.0);
        }

        let share = (value - knots[above - 1]) / (knots[above] - knots[above - 1]);
        self.add(first + above - 1, f64::from(1.0 - share));
        self.add(first + above, f64::from(share));
    }
}

/// WMO 4677 for what the sky looks like, millimetres for how much falls.
fn sky(known: &Known) -> usize {
    let (code, water) = (known.weather_code, known.precipitation_mm);
    match (code, water) {
        _ if (71.0..=77.0).contains(&code) => 3,
        _ if water >= 1.0 => 6,
        _ if water >= 0.3 => 5,
        _ if water > 0.0 || code >= 50.0 => 4,
        _ if code >= 3.0 => 2,
        _ if code >= 2.0 => 1,
        _ if code >= 0.0 => 0,
        _ => 7,
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::Europe::Paris;

    use super::*;

    fn terms(known: &Known, hour: &str) -> Terms {
        Terms::of(known, hour.parse().unwrap(), Paris)
    }

    #[test]
    fn every_term_has_a_place_and_what_is_missing_too() {
        let extremes = [f32::NAN, -60.0, 0.0, 22.5, 60.0];
        for value in extremes {
            let known = Known {
                apparent_temperature_c: value,
                wind_speed_kmh: value.abs(),
                precipitation_mm: value.max(0.0),
                weather_code: value.abs(),
                is_school_holiday: 1.0,
                ..Known::MISSING
            };

            for hour in ["2026-03-03T07:00:00Z", "2026-03-07T23:00:00Z"] {
                assert!(
                    terms(&known, hour)
                        .iter()
                        .all(|(term, weight)| term < TERMS && (0.0..=1.0).contains(&weight))
                );
            }
        }

        assert!(
            terms(&Known::MISSING, "2026-03-03T07:00:00Z")
                .iter()
                .any(|(term, _)| term == SKY + SKIES - 1)
        );
    }

    #[test]
    fn between_two_knots_each_has_its_share() {
        let known = Known {
            apparent_temperature_c: 12.0,
            ..Known::MISSING
        };
        let found: Vec<_> = terms(&known, "2026-03-07T09:00:00Z").iter().collect();
        let near = |term: usize, share: f64| {
            found
                .iter()
                .any(|(at, value)| *at == term && (value - share).abs() < 1e-6)
        };

        assert!(
            near(TEMPERATURE + 3, 0.6) && near(TEMPERATURE + 4, 0.4),
            "{found:?}"
        );
    }

    #[test]
    fn events_have_a_term_only_where_there_are_some() {
        let of = |share: f64| terms(&Known::MISSING, "2026-03-07T09:00:00Z").with_events(share);
        let events = |share: f64| {
            of(share)
                .iter()
                .find(|(term, _)| *term == EVENTS)
                .map(|(_, value)| value)
        };
        assert_eq!((events(0.0), events(1.0)), (None, Some(3.0_f64.ln())));
        assert!(events(0.1) < events(0.2));
    }

    #[test]
    fn a_public_holiday_is_not_a_working_day() {
        let holiday = Known {
            is_public_holiday: 1.0,
            ..Known::MISSING
        };
        let of = |known| {
            terms(known, "2026-03-03T07:00:00Z")
                .iter()
                .map(|(term, _)| term)
                .collect::<Vec<_>>()
        };
        assert!(of(&Known::MISSING).contains(&(HOURS + 24 + 8)));
        assert!(of(&holiday).contains(&(HOURS + 8)) && of(&holiday).contains(&HOLIDAYS));
    }
}
