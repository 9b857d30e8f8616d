//! The drawing of a forecast: where each stroke goes, in the units of the picture.

use std::fmt::Write;

use chrono::Timelike;
use chrono_tz::Tz;

use crate::model_api::HourForecast;

/// Size of the picture.
pub(crate) const WIDTH: f64 = 720.0;
/// Size of the picture.
pub(crate) const HEIGHT: f64 = 280.0;
/// Room for the labels around the drawing.
const LEFT: f64 = 44.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 34.0;
/// One label under the hours every three hours of the clock.
const LABEL_EVERY: u32 = 3;
/// About as many horizontal rules as this.
const RULES: f64 = 4.0;

/// A forecast ready to be drawn.
#[derive(Debug, PartialEq)]
pub(crate) struct Chart {
    /// The outline of the interval.
    pub(crate) band: String,
    /// The line of the expected demand.
    pub(crate) line: String,
    /// One point an hour.
    pub(crate) points: Vec<Point>,
    /// Horizontal rules.
    pub(crate) rules: Vec<Mark>,
    /// Hours under the drawing.
    pub(crate) hours: Vec<Mark>,
}

/// Where the expected demand of one hour is.
#[derive(Debug, PartialEq)]
pub(crate) struct Point {
    pub(crate) x: String,
    pub(crate) y: String,
}

/// A label and its place along an axis.
#[derive(Debug, PartialEq)]
pub(crate) struct Mark {
    pub(crate) at: String,
    pub(crate) label: String,
}

impl Chart {
    /// Draws `items`, whose hours are written in `time_zone`.
    pub(crate) fn new(items: &[HourForecast], time_zone: Tz) -> Self {
        let highest = items
            .iter()
            .map(|item| item.demand_p90.max(item.demand))
            .fold(1.0, f64::max);
        let step = round_step(highest / RULES);
        let scale = Scale {
            count: items.len(),
            top: (highest / step).ceil() * step,
        };

        let places = || items.iter().enumerate();
        let upper = places().map(|(index, item)| scale.point(index, item.demand_p90));
        let lower = places()
            .rev()
            .map(|(index, item)| scale.point(index, item.demand_p10));

        Self {
            band: path(upper.chain(lower)) + "Z",
            line: path(places().map(|(index, item)| scale.point(index, item.demand))),
            points: places()
                .map(|(index, item)| scale.point(index, item.demand))
                .collect(),
            rules: scale.rules(step),
            hours: places()
                .filter_map(|(index, item)| hour_label(&scale, index, item, time_zone))
                .collect(),
        }
    }
}

struct Scale {
    count: usize,
    top: f64,
}

impl Scale {
    fn x(&self, index: usize) -> f64 {
        let width = (WIDTH - LEFT - RIGHT) / self.count.max(1) as f64;
        LEFT + width * (index as f64 + 0.5)
    }

    fn y(&self, demand: f64) -> f64 {
        HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * demand / self.top
    }

    fn point(&self, index: usize, demand: f64) -> Point {
        Point {
            x: short(self.x(index)),
            y: short(self.y(demand)),
        }
    }

    fn rules(&self, step: f64) -> Vec<Mark> {
        let count = (self.top / step).round() as u32;
        let values = (0..=count).map(|index| f64::from(index) * step);
        values
            .map(|value| Mark {
                at: short(self.y(value)),
                label: value.to_string(),
            })
            .collect()
    }
}

fn hour_label(scale: &Scale, index: usize, item: &HourForecast, time_zone: Tz) -> Option<Mark> {
    let hour = item.hour.start().with_timezone(&time_zone).hour();
    let label = || Mark {
        at: short(scale.x(index)),
        label: format!("{hour}\u{a0}h"),
    };
    hour.is_multiple_of(LABEL_EVERY).then(label)
}

/// The smallest of 1, 2, 5, 10, 20, 50… that is not below `rough`: demand is counted in whole
/// departures.
fn round_step(rough: f64) -> f64 {
    let power = 10_f64.powf(rough.max(1.0).log10().floor());
    [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * power)
        .find(|step| *step >= rough)
        .unwrap_or(10.0 * power)
}

/// The stroke that joins the points.
pub(crate) fn path(points: impl Iterator<Item = Point>) -> String {
    points
        .enumerate()
        .fold(String::new(), |mut text, (index, Point { x, y })| {
            let command = if index == 0 { 'M' } else { 'L' };
            // Writing to a String cannot fail.
            let _ = write!(text, "{command}{x} {y}");
            text
        })
}

/// One decimal is a tenth of a pixel: more would only weigh.
fn short(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use chrono_tz::Europe::Paris;
    use filrouge_types::Hour;

    use super::*;
    use crate::model_api::sample;

    fn item(hour: &str, demand: f64, low: f64, high: f64) -> HourForecast {
        HourForecast {
            hour: hour.parse().unwrap(),
            demand,
            demand_p10: low,
            demand_p90: high,
        }
    }

    #[test]
    fn a_day_has_its_points_its_band_and_a_label_every_three_hours() {
        let chart = Chart::new(&sample().items, Paris);
        assert_eq!(chart.points.len(), 24);
        assert_eq!(chart.band.matches(['M', 'L']).count(), 48);

        let labels: Vec<_> = chart.hours.iter().map(|mark| mark.label.as_str()).collect();

        assert_eq!(
            labels,
            [
                "9\u{a0}h",
                "12\u{a0}h",
                "15\u{a0}h",
                "18\u{a0}h",
                "21\u{a0}h",
                "0\u{a0}h",
                "3\u{a0}h",
                "6\u{a0}h"
            ]
        );

        let rules: Vec<_> = chart.rules.iter().map(|mark| mark.label.as_str()).collect();
        assert_eq!(rules, ["0", "5", "10", "15", "20"]);
    }

    #[test]
    fn the_scale_is_made_of_round_numbers_and_never_of_less_than_one() {
        for (rough, step) in [
            (0.01, 1.0),
            (1.0, 1.0),
            (1.1, 2.0),
            (4.2, 5.0),
            (7.0, 10.0),
            (13.0, 20.0),
            (480.0, 500.0),
        ] {
            assert_eq!(round_step(rough), step, "{rough}");
        }
    }

    #[test]
    fn nothing_is_drawn_outside_the_picture() {
        for highest in [0.0, 0.2, 3.0, 97.0, 12_345.0] {
            let items = [item("2026-03-01T08:00:00Z", highest, 0.0, highest)];
            let chart = Chart::new(&items, Paris);
            let y: f64 = chart.points[0].y.parse().unwrap();
            assert!((0.0..=HEIGHT).contains(&y), "{highest}: {y}");
        }
    }

    #[test]
    fn the_night_of_the_clock_change_is_drawn_hour_by_hour() {
        let start: Hour = "2026-10-24T22:00:00Z".parse().unwrap();
        let items: Vec<_> = (0..6)
            .map(|ahead| HourForecast {
                hour: start + ahead,
                demand: 1.0,
                demand_p10: 0.0,
                demand_p90: 2.0,
            })
            .collect();

        let labels: Vec<_> = Chart::new(&items, Paris)
            .hours
            .into_iter()
            .map(|mark| mark.label)
            .collect();
        assert_eq!(labels, ["0\u{a0}h", "3\u{a0}h"]);
    }
}
