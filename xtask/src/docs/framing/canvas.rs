//! A drawing in SVG that is text first: it carries a title and a description, and says nothing by
//! colour alone.

use std::fmt::Write as _;

/// Dark blue of the strokes, and the fills of the drawings: each pair has a contrast above 7.
pub(crate) const INK: &str = "#1d3557";
const PAPER: &str = "#ffffff";

/// Width of a letter, in share of the size of the text: that of usual sans-serif fonts, rounded up.
const LETTER: f64 = 0.56;

/// A point of a drawing, in pixels from its top left corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Spot {
    pub(crate) x: f64,
    pub(crate) y: f64,
}

/// A rectangle of a drawing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Area {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Area {
    pub(crate) fn center(&self) -> Spot {
        Spot {
            x: self.x + self.width / 2.0,
            y: self.y + self.height / 2.0,
        }
    }

    pub(crate) fn grown(&self, margin: f64) -> Self {
        Self {
            x: self.x - margin,
            y: self.y - margin,
            width: self.width + 2.0 * margin,
            height: self.height + 2.0 * margin,
        }
    }

    /// The smallest area that holds both.
    pub(crate) fn with(&self, other: &Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let right = (self.x + self.width).max(other.x + other.width);
        let bottom = (self.y + self.height).max(other.y + other.height);
        Self {
            x,
            y,
            width: right - x,
            height: bottom - y,
        }
    }

    /// The share of the way from `start` to `end` where the segment enters the area, from 0 to 1.
    ///
    /// Each side keeps the part of the segment that is within it (Liang–Barsky).
    pub(crate) fn entry(&self, start: Spot, end: Spot) -> Option<f64> {
        let (mut first, mut last) = (0.0_f64, 1.0_f64);
        let sides = [
            Side {
                from: start.x,
                way: end.x - start.x,
                low: self.x,
                high: self.x + self.width,
            },
            Side {
                from: start.y,
                way: end.y - start.y,
                low: self.y,
                high: self.y + self.height,
            },
        ];

        for Side {
            from,
            way,
            low,
            high,
        } in sides
        {
            if way.abs() < f64::EPSILON {
                if from < low || from > high {
                    return None;
                }
                continue;
            }
            let (one, other) = ((low - from) / way, (high - from) / way);
            first = first.max(one.min(other));
            last = last.min(one.max(other));
        }

        (first <= last).then_some(first)
    }
}

/// A segment and an area along one axis.
struct Side {
    from: f64,
    way: f64,
    low: f64,
    high: f64,
}

/// How a text is written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    pub(crate) size: f64,
    pub(crate) bold: bool,
    pub(crate) centered: bool,
}

/// Ordinary text, from its left end.
pub(crate) const PLAIN: Style = Style {
    size: 13.0,
    bold: false,
    centered: false,
};

/// A drawing under way.
pub(crate) struct Canvas {
    title: String,
    description: String,
    body: String,
}

impl Canvas {
    pub(crate) fn new(title: &str, description: &str) -> Self {
        Self {
            title: title.to_owned(),
            description: description.to_owned(),
            body: String::new(),
        }
    }

    /// A rectangle; dashed for a group of other things.
    pub(crate) fn area(&mut self, area: Area, fill: &str, dashed: bool) {
        let dashes = if dashed {
            " stroke-dasharray=\"7 5\""
        } else {
            ""
        };

        let Area {
            x,
            y,
            width,
            height,
        } = area;

        // Writing to a text cannot fail, here and below.
        let _ = writeln!(
            self.body,
            "<rect x=\"{x:.0}\" y=\"{y:.0}\" width=\"{width:.0}\" height=\"{height:.0}\" rx=\"5\" \
             fill=\"{fill}\" stroke=\"{INK}\"{dashes}/>"
        );
    }

    pub(crate) fn text(&mut self, at: Spot, style: Style, text: &str) {
        let anchor = if style.centered {
            " text-anchor=\"middle\""
        } else {
            ""
        };
        let weight = if style.bold {
            " font-weight=\"bold\""
        } else {
            ""
        };

        let _ = writeln!(
            self.body,
            "<text x=\"{:.0}\" y=\"{:.0}\" font-size=\"{}\"{weight}{anchor} fill=\"#111111\">{}</text>",
            at.x,
            at.y,
            style.size,
            escape(text)
        );
    }

    /// A line, with the head of an arrow at its end.
    pub(crate) fn arrow(&mut self, start: Spot, end: Spot) {
        self.line(start, end);

        let (way_x, way_y) = (end.x - start.x, end.y - start.y);
        let length = way_x.hypot(way_y).max(1.0);
        let (along_x, along_y) = (way_x / length, way_y / length);
        let back = Spot {
            x: end.x - 11.0 * along_x,
            y: end.y - 11.0 * along_y,
        };
        let _ = writeln!(
            self.body,
            "<path d=\"M{:.1} {:.1} L{:.1} {:.1} L{:.1} {:.1} Z\" fill=\"{INK}\"/>",
            end.x,
            end.y,
            back.x - 5.0 * along_y,
            back.y + 5.0 * along_x,
            back.x + 5.0 * along_y,
            back.y - 5.0 * along_x
        );
    }

    pub(crate) fn line(&mut self, start: Spot, end: Spot) {
        let _ = writeln!(
            self.body,
            "<line x1=\"{:.1}\" y1=\"{:.1}\" x2=\"{:.1}\" y2=\"{:.1}\" stroke=\"{INK}\" stroke-width=\"1.5\"/>",
            start.x, start.y, end.x, end.y
        );
    }

    /// A numbered disc, which covers the line below it.
    pub(crate) fn number(&mut self, at: Spot, number: usize) {
        let _ = writeln!(
            self.body,
            "<circle cx=\"{:.0}\" cy=\"{:.0}\" r=\"12\" fill=\"{PAPER}\" stroke=\"{INK}\"/>",
            at.x, at.y
        );

        let style = Style {
            size: 12.0,
            bold: true,
            centered: true,
        };
        let below = Spot {
            x: at.x,
            y: at.y + 4.0,
        };

        self.text(below, style, &number.to_string());
    }

    pub(crate) fn disc(&mut self, at: Spot, radius: f64, fill: &str) {
        let _ = writeln!(
            self.body,
            "<circle cx=\"{:.0}\" cy=\"{:.0}\" r=\"{radius:.0}\" fill=\"{fill}\" stroke=\"{INK}\"/>",
            at.x, at.y
        );
    }

    /// The whole file.
    pub(crate) fn svg(self, width: f64, height: f64) -> String {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" \
             width=\"{width:.0}\" height=\"{height:.0}\" lang=\"fr\" role=\"img\" \
             aria-labelledby=\"title description\" font-family=\"sans-serif\">\n\
             <title id=\"title\">{}</title>\n<desc id=\"description\">{}</desc>\n\
             <rect width=\"{width:.0}\" height=\"{height:.0}\" fill=\"{PAPER}\"/>\n{}</svg>\n",
            escape(&self.title),
            escape(&self.description),
            self.body
        )
    }
}

/// The text in lines that fit `width` pixels at `size`, cut between words.
pub(crate) fn wrapped(text: &str, width: f64, size: f64) -> Vec<String> {
    let letters = (width / (size * LETTER)).floor().max(1.0) as usize;
    let mut lines: Vec<String> = Vec::new();

    // Ordinary spaces only: a no-break space stays inside its word.
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= letters => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }

    lines
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQUARE: Area = Area {
        x: 10.0,
        y: 10.0,
        width: 10.0,
        height: 10.0,
    };

    fn entry(start: (f64, f64), end: (f64, f64)) -> Option<f64> {
        let spot = |(x, y)| Spot { x, y };
        SQUARE.entry(spot(start), spot(end))
    }

    #[test]
    fn a_segment_enters_an_area_where_it_crosses_its_side() {
        assert_eq!(entry((0.0, 15.0), (20.0, 15.0)), Some(0.5));
        assert_eq!(entry((0.0, 0.0), (40.0, 40.0)), Some(0.25));
        assert_eq!(entry((0.0, 5.0), (20.0, 5.0)), None);
        assert_eq!(entry((0.0, 15.0), (5.0, 15.0)), None);
        assert_eq!(entry((0.0, 30.0), (30.0, 0.0)), Some(1.0 / 3.0));
    }

    #[test]
    fn a_text_is_cut_between_words_and_never_at_a_no_break_space() {
        assert_eq!(wrapped("un deux trois", 60.0, 13.0), ["un deux", "trois"]);
        assert_eq!(
            wrapped("une heure\u{a0}?", 60.0, 13.0),
            ["une", "heure\u{a0}?"]
        );
        assert_eq!(wrapped("", 60.0, 13.0), [""; 0]);
    }

    #[test]
    fn a_drawing_says_its_title_and_its_description() {
        let svg = Canvas::new("A & B", "deux boîtes").svg(10.0, 20.0);
        assert!(svg.contains("<title id=\"title\">A &amp; B</title>"));
        assert!(svg.contains("<desc id=\"description\">deux boîtes</desc>"));
        assert!(svg.contains("role=\"img\""));
    }
}
