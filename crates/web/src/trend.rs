//! The drawing of measures day by day: two lines on one scale.

use crate::chart::{Point, path};

/// Size of the picture.
pub(crate) const WIDTH: f64 = 720.0;
/// Size of the picture.
pub(crate) const HEIGHT: f64 = 220.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 34.0;
const RULES: u32 = 4;
/// Days named under the drawing, at most.
const MOST_LABELS: usize = 8;

/// Two lines ready to be drawn, their rules and their days.
#[derive(Debug, PartialEq)]
pub(crate) struct Trend {
    /// The measure.
    pub(crate) line: String,
    /// What it is compared with, drawn dashed.
    pub(crate) reference: String,
    /// Height and label of each horizontal rule.
    pub(crate) rules: Vec<(String, String)>,
    /// Place and label of some days.
    pub(crate) days: Vec<(String, String)>,
}

/// The label of a day, its measure, what it is compared with.
pub(crate) type DayMeasure = (String, Option<f64>, Option<f64>);

impl Trend {
    /// Draws `days` (label, measure, reference); `write` says a value of the scale in words.
    pub(crate) fn new(days: &[DayMeasure], highest: f64, write: fn(f64) -> String) -> Self {
        let x = |index: usize| {
            LEFT + (WIDTH - LEFT - RIGHT) * (index as f64 + 0.5) / days.len().max(1) as f64
        };
        let y = |value: f64| {
            HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value / highest).clamp(0.0, 1.0)
        };
        let short = |value: f64| format!("{value:.1}");

        let line = |of: fn(&DayMeasure) -> Option<f64>| {
            let point = |(index, value)| Point {
                x: short(x(index)),
                y: short(y(value)),
            };

            path(
                days.iter()
                    .enumerate()
                    .filter_map(|(index, day)| Some((index, of(day)?)))
                    .map(point),
            )
        };

        let values = (0..=RULES).map(|rule| highest * f64::from(rule) / f64::from(RULES));
        let step = days.len().div_ceil(MOST_LABELS).max(1);
        let named = days.iter().enumerate().step_by(step);

        Self {
            line: line(|day| day.1),
            reference: line(|day| day.2),
            rules: values
                .map(|value| (short(y(value)), write(value)))
                .collect(),
            days: named
                .map(|(index, day)| (short(x(index)), day.0.clone()))
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_without_measure_is_skipped_and_nothing_leaves_the_picture() {
        let days = [
            ("1".to_owned(), Some(9.0), Some(1.0)),
            ("2".to_owned(), None, Some(2.0)),
            ("3".to_owned(), Some(0.0), None),
        ];
        let trend = Trend::new(&days, 4.0, |value| format!("{value}"));
        assert_eq!(trend.line.matches(['M', 'L']).count(), 2);
        assert!(trend.line.starts_with("M161.0 14.0"), "{}", trend.line);
        assert_eq!(trend.rules[4], ("14.0".to_owned(), "4".to_owned()));
        assert_eq!(trend.days.len(), 3);
    }
}
