use chrono_tz::Tz;
use filrouge_types::Hour;

use super::{Terms, TotalLaw};
use crate::history::{History, Known, Series};
use crate::record::TrackRecord;

/// Expectations are rounded to this part of one: sums of them are then exact, whatever was added
/// before.
const GRAIN: f64 = 16_777_216.0;

/// What the law of the total expects of the hours of a history, computed once for all the rows of
/// features.
///
/// Only ratios of these numbers mean anything. Without a law nothing is expected: everything is
/// missing.
#[derive(Debug, Clone)]
pub struct Expected {
    law: Option<TotalLaw>,
    time_zone: Tz,
    hours: Series,
    /// The same where the system was counted, events included, and what it counted there.
    where_counted: Series,
    counted: Series,
    record: TrackRecord,
}

impl Expected {
    /// What `law` expects of the hours of `history`, on the clocks of `time_zone`.
    pub fn of(history: &History, law: Option<&TotalLaw>, time_zone: Tz) -> Self {
        let span = history.system_span();
        Self::between(history, law, time_zone, span)
    }

    /// The same for the hours `from..to` only.
    pub fn between(
        history: &History,
        law: Option<&TotalLaw>,
        time_zone: Tz,
        (from, to): (Hour, Hour),
    ) -> Self {
        let mut expected = Self {
            law: law.cloned(),
            time_zone,
            hours: Series::default(),
            where_counted: Series::default(),
            counted: Series::default(),
            record: TrackRecord::default(),
        };

        let hours = || (0..to - from).map(|index| from + index);

        if law.is_some() {
            let all = hours()
                .map(|hour| expected.at(hour, &history.shared_known(hour)))
                .collect();
            let counted: Vec<f32> = hours().map(|hour| history.system().at(hour)).collect();

            let known = |(hour, counted): (Hour, &f32)| {
                if counted.is_nan() {
                    f32::NAN
                } else {
                    expected.of_terms(&Terms::of_system(history, hour, time_zone))
                }
            };

            let where_counted = hours().zip(&counted).map(known).collect();

            expected.hours = Series::starting(from, all);
            expected.where_counted = Series::starting(from, where_counted);
            expected.counted = Series::starting(from, counted);
        }

        expected
    }

    /// Nothing is expected.
    pub fn nothing(time_zone: Tz) -> Self {
        Self::of(&History::default(), None, time_zone)
    }

    /// The same, and what the forecasts of the version that expects it were worth lately.
    #[must_use]
    pub fn with_record(self, record: TrackRecord) -> Self {
        Self { record, ..self }
    }

    /// What forecasts were worth lately; nothing unless it was given.
    pub(crate) fn record(&self) -> &TrackRecord {
        &self.record
    }

    /// The zone of the city's clocks.
    pub fn time_zone(&self) -> Tz {
        self.time_zone
    }

    /// What is expected of `hour` under conditions `known`.
    pub(crate) fn at(&self, hour: Hour, known: &Known) -> f32 {
        self.of_terms(&Terms::of(known, hour, self.time_zone))
    }

    fn of_terms(&self, terms: &Terms) -> f32 {
        let rounded = |law: &TotalLaw| {
            ((law.expected(terms) * GRAIN).round() / GRAIN).max(1.0 / GRAIN) as f32
        };
        self.law.as_ref().map_or(f32::NAN, rounded)
    }

    /// What was expected of `hour` of the history.
    pub(crate) fn past(&self, hour: Hour) -> f32 {
        self.hours.at(hour)
    }

    /// Counted over expected during the `hours` hours that end with `last`; missing when less than
    /// half of them were counted.
    pub(crate) fn ratio(&self, last: Hour, hours: i64) -> f32 {
        let (expected, known) = self.where_counted.window(last, hours);
        let (counted, _) = self.counted.window(last, hours);
        if 2 * i64::from(known) >= hours && expected > 0.0 {
            (counted / expected) as f32
        } else {
            f32::NAN
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::UTC;

    use super::*;
    use crate::history::HistoryRow;
    use crate::law::TERMS;

    fn start() -> Hour {
        "2026-01-05T00:00:00Z".parse().unwrap()
    }

    /// One station that counts two departures in each of the hours `counted` of four days.
    fn history(counted: impl Fn(i64) -> bool) -> History {
        let station_id = "A".parse().unwrap();
        let mut history = History::default();
        let row = |index: i64| HistoryRow {
            station_id: &station_id,
            hour: start() + index,
            departures: if counted(index) { 2.0 } else { f32::NAN },
            known: Known::MISSING,
        };
        history.extend((0..96).map(row)).unwrap();
        history
    }

    /// A law that expects one of every hour.
    fn even() -> TotalLaw {
        TotalLaw {
            weights: vec![0.0; TERMS],
            chance_spread: None,
        }
    }

    #[test]
    fn hours_that_were_not_counted_are_not_expected_either() {
        let of = |counted: &dyn Fn(i64) -> bool| {
            Expected::of(&history(counted), Some(&even()), UTC)
                .ratio(start() + 95, 24)
                .to_string()
        };
        assert_eq!(of(&|_| true), "2");
        assert_eq!(of(&|index| index % 2 == 0), "2");
        assert_eq!(of(&|index| index % 3 == 0), "NaN", "too few to say");
    }

    #[test]
    fn without_a_law_nothing_is_expected() {
        let expected = Expected::of(&history(|_| true), None, UTC);
        assert!(expected.ratio(start() + 95, 24).is_nan() && expected.past(start() + 3).is_nan());
        assert!(expected.at(start() + 3, &Known::MISSING).is_nan());
    }
}
