//! The drawing of figures in the order of time, in the units of the picture.

use std::fmt::Write;

use crate::frame::Frame;

/// Width of a picture that is as wide as the text.
pub(crate) const WIDTH: f64 = 720.0;
/// Room for the labels around the drawing.
const LEFT: f64 = 52.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 34.0;
/// About as many horizontal rules as this.
pub(crate) const RULES: u32 = 4;

/// A drawing, ready to be written.
#[derive(Debug, PartialEq)]
pub(crate) struct Chart {
    pub(crate) height: f64,
    pub(crate) width: f64,
    /// Outline of the interval.
    pub(crate) band: Option<String>,
    /// Line of the figures.
    pub(crate) line: String,
    /// Line that they are compared with, drawn dashed.
    pub(crate) reference: Option<String>,
    /// The figures, one by one.
    pub(crate) points: Vec<Point>,
    /// Horizontal rules.
    pub(crate) rules: Vec<Mark>,
    /// Moments named under the drawing.
    pub(crate) moments: Vec<Mark>,
}

/// A place in the picture.
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

/// The axes: `count` moments from left to right, values from 0 to `top` upwards.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale {
    pub(crate) count: usize,
    pub(crate) top: f64,
    pub(crate) height: f64,
    pub(crate) width: f64,
}

impl Chart {
    /// The right end of the horizontal rules.
    pub(crate) fn right(&self) -> f64 {
        self.width - RIGHT
    }

    /// The class of a picture that a telephone shows whole.
    pub(crate) fn shape(&self) -> &'static str {
        if self.width < WIDTH { " narrow" } else { "" }
    }
}

impl Scale {
    /// The place of `value` at the moment `index`.
    pub(crate) fn point(&self, (index, value): (usize, f64)) -> Point {
        Point {
            x: short(self.x(index)),
            y: short(self.y(value)),
        }
    }

    /// `rules` rules above the one at zero, with their values in words.
    pub(crate) fn rules(&self, rules: u32, write: impl Fn(f64) -> String) -> Vec<Mark> {
        let mark = |rule| {
            let value = self.top * f64::from(rule) / f64::from(rules.max(1));
            Mark {
                at: short(self.y(value)),
                label: write(value),
            }
        };
        (0..=rules).map(mark).collect()
    }

    /// A label under the moment `index`.
    pub(crate) fn moment(&self, index: usize, label: String) -> Mark {
        Mark {
            at: short(self.x(index)),
            label,
        }
    }

    fn x(&self, index: usize) -> f64 {
        // No moment at all is no division by zero.
        let width = (self.width - LEFT - RIGHT) / self.count.max(1) as f64;
        // The middle of its column, so that the first and last labels stay in the picture.
        LEFT + width * (index as f64 + 0.5)
    }

    /// A value out of the scale stays on its edge: nothing leaves the picture.
    fn y(&self, value: f64) -> f64 {
        let share = (value / self.top).clamp(0.0, 1.0);
        self.height - BOTTOM - (self.height - TOP - BOTTOM) * share
    }
}

/// The drawing for those who do not see it.
pub(crate) fn description(t: &Frame, summary: &str) -> String {
    t.tell("chart-description", [("summary", summary.into())])
}

/// The smallest of 1, 2, 5, 10, 20, 50… that is not below `rough`: demand is counted in whole
/// departures.
pub(crate) fn round_step(rough: f64) -> f64 {
    let power = 10_f64.powf(rough.max(1.0).log10().floor());
    [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * power)
        .find(|step| *step >= rough)
        // Reached when the power was rounded down.
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
mod tests;
