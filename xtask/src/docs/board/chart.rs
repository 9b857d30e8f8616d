//! The burn-down: criteria that are left, against time.

use super::super::framing::canvas::{Area, Canvas, PLAIN, Spot, Style};
use super::history::{CommitHistory, Sample};

/// Sizes, in pixels.
const WIDTH: f64 = 820.0;
const HEIGHT: f64 = 420.0;
const PLOT: Area = Area {
    x: 70.0,
    y: 50.0,
    width: 710.0,
    height: 290.0,
};

/// Steps of the vertical axis.
const STEPS: u8 = 4;

pub(super) fn svg(history: &CommitHistory) -> String {
    let left = |sample: &Sample| history.criteria.saturating_sub(sample.proved);
    let (first, last) = (history.samples.first(), history.samples.last());
    let told = |sample: Option<&Sample>| {
        sample.map_or_else(String::new, |sample| {
            format!("{} le {}", left(sample), sample.at)
        })
    };

    let title = "Critères encore sans preuve déclarée, dans le temps";
    let description = format!(
        "Courbe qui descend de {} à {}, sur {} critères.",
        told(first),
        told(last),
        history.criteria
    );
    let mut canvas = Canvas::new(title, &description);
    axes(&mut canvas, history);

    let spots: Vec<_> = history
        .samples
        .iter()
        .map(|sample| spot(history, sample.seconds, left(sample)))
        .collect();
    for pair in spots.windows(2) {
        canvas.line(pair[0], pair[1]);
    }
    for spot in spots {
        canvas.disc(spot, 4.0, "#dbe7f5");
    }
    canvas.svg(WIDTH, HEIGHT)
}

/// The place of a number of criteria at an instant.
fn spot(history: &CommitHistory, seconds: u64, left: usize) -> Spot {
    let bound = |sample: Option<&Sample>| sample.map_or(0, |sample| sample.seconds);
    let (start, end) = (
        bound(history.samples.first()),
        bound(history.samples.last()),
    );
    let share = seconds.saturating_sub(start) as f64 / end.saturating_sub(start).max(1) as f64;
    let height = left as f64 / history.criteria.max(1) as f64;

    Spot {
        x: PLOT.x + share * PLOT.width,
        y: PLOT.y + (1.0 - height) * PLOT.height,
    }
}

fn axes(canvas: &mut Canvas, history: &CommitHistory) {
    let bold = Style {
        bold: true,
        ..PLAIN
    };
    canvas.text(Spot { x: 16.0, y: 28.0 }, bold, "Critères sans preuve");

    let bottom = PLOT.y + PLOT.height;
    for step in 0..=STEPS {
        let share = f64::from(step) / f64::from(STEPS);
        let y = bottom - share * PLOT.height;
        let value = (share * history.criteria as f64).round();
        canvas.text(
            Spot {
                x: 28.0,
                y: y + 4.0,
            },
            PLAIN,
            &format!("{value}"),
        );
        canvas.line(Spot { x: PLOT.x - 6.0, y }, Spot { x: PLOT.x, y });
    }
    canvas.line(
        Spot {
            x: PLOT.x,
            y: PLOT.y,
        },
        Spot {
            x: PLOT.x,
            y: bottom,
        },
    );
    let corner = Spot {
        x: PLOT.x + PLOT.width,
        y: bottom,
    };
    canvas.line(
        Spot {
            x: PLOT.x,
            y: bottom,
        },
        corner,
    );

    let centered = Style {
        centered: true,
        ..PLAIN
    };
    for date in day_marks(history) {
        let at = spot(history, date.seconds, 0);
        canvas.line(
            at,
            Spot {
                y: at.y + 6.0,
                ..at
            },
        );
        canvas.text(
            Spot {
                y: at.y + 24.0,
                ..at
            },
            centered,
            &date.name,
        );
    }
    let at = Spot {
        x: PLOT.x + PLOT.width / 2.0,
        y: bottom + 56.0,
    };
    canvas.text(at, bold, "Jours où un commit a été fait (UTC)");
}

/// A day of the axis, where some commit was made.
struct DayMark {
    /// Its midnight, or the first commit.
    seconds: u64,
    name: String,
}

const DAY: u64 = 24 * 3600;

fn day_marks(history: &CommitHistory) -> Vec<DayMark> {
    let mut marks: Vec<DayMark> = Vec::new();
    let start = history.samples.first().map_or(0, |sample| sample.seconds);

    for sample in &history.samples {
        // From a date such as `2026-11-24 08:53`.
        let date = sample.at.split(' ').next().unwrap_or_default();
        let name = match date.split('-').collect::<Vec<_>>()[..] {
            [_, month, day] => format!("{day}/{month}"),
            _ => date.to_owned(),
        };
        if marks.last().is_none_or(|mark| mark.name != name) {
            marks.push(DayMark {
                seconds: (sample.seconds / DAY * DAY).max(start),
                name,
            });
        }
    }
    marks
}
