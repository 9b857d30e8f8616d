//! The parts of a drawing, and its SVG. A text knows the rectangle that it fills, so that a test
//! finds one that lies on a line or on another text.

use std::fmt::Write as _;

use super::geometry::{Point, Rectangle, Segment};

/// Size of a text, pixels: no smaller one is drawn.
pub(super) const TEXT_SIZE: f64 = 14.0;
/// Height of a line of text.
pub(super) const LINE: f64 = 20.0;
/// Room between the side of a box and its text.
pub(super) const PADDING: f64 = 10.0;

const MARGIN: f64 = 20.0;
const INK: &str = "#111111";
const BLUE: &str = "#1d3557";
const BROWN: &str = "#7a3e00";

/// A drawing.
#[derive(Debug, Default)]
pub(super) struct Canvas {
    pub(super) boxes: Vec<DrawnBox>,
    pub(super) links: Vec<Link>,
    pub(super) labels: Vec<DrawnText>,
}

/// A box with a heading and lines.
#[derive(Debug)]
pub(super) struct DrawnBox {
    pub(super) area: Rectangle,
    pub(super) style: BoxStyle,
    /// The line under the heading.
    pub(super) rule: Option<Segment>,
    pub(super) texts: Vec<DrawnText>,
}

/// How a box looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BoxStyle {
    /// Data of nobody.
    Plain,
    /// Personal data.
    Personal,
    /// An association.
    Association,
}

/// A line between two boxes.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) segment: Segment,
    /// True when a dot marks the end that is referred to.
    pub(super) dotted: bool,
}

/// A text and the rectangle that it fills.
#[derive(Debug)]
pub(super) struct DrawnText {
    pub(super) area: Rectangle,
    pub(super) text: String,
    pub(super) bold: bool,
    pub(super) underlined: bool,
}

/// A line of a box before it is placed.
#[derive(Debug, Clone)]
pub(super) struct BoxLine {
    pub(super) text: String,
    pub(super) underlined: bool,
}

impl DrawnText {
    pub(super) fn centered(center: Point, text: &str, bold: bool) -> Self {
        Self {
            area: Rectangle::around(center, text_width(text, bold), TEXT_SIZE),
            text: text.to_owned(),
            bold,
            underlined: false,
        }
    }

    fn at(left: f64, middle: f64, line: &BoxLine, bold: bool) -> Self {
        let center = Point::new(left + text_width(&line.text, bold) / 2.0, middle);
        Self {
            underlined: line.underlined,
            ..Self::centered(center, &line.text, bold)
        }
    }
}

impl DrawnBox {
    /// The size of a box with this heading and these lines.
    pub(super) fn size(heading: &str, lines: &[BoxLine]) -> (f64, f64) {
        let widest = lines.iter().map(|line| text_width(&line.text, false));
        let width = widest.fold(text_width(heading, true), f64::max);
        let height = (1 + lines.len()) as f64 * LINE + PADDING;
        (width + 2.0 * PADDING, height)
    }

    pub(super) fn new(
        center: Point,
        (width, height): (f64, f64),
        style: BoxStyle,
        heading: &str,
        lines: &[BoxLine],
    ) -> Self {
        let area = Rectangle::around(center, width, height);
        let under_heading = area.top + LINE + PADDING / 2.0;
        let title = Point::new(center.x, area.top + LINE / 2.0 + 2.0);

        let mut texts = vec![DrawnText::centered(title, heading, true)];
        texts.extend((0_u16..).zip(lines).map(|(rank, line)| {
            let middle = under_heading + (f64::from(rank) + 0.5) * LINE;
            DrawnText::at(area.left + PADDING, middle, line, false)
        }));

        let rule = Segment {
            from: Point::new(area.left, under_heading),
            to: Point::new(area.right, under_heading),
        };
        Self {
            area,
            style,
            rule: (!lines.is_empty()).then_some(rule),
            texts,
        }
    }
}

impl Canvas {
    /// True when a text there would lie on nothing else.
    pub(super) fn is_free(&self, area: Rectangle) -> bool {
        self.boxes.iter().all(|one| !one.area.overlaps(area))
            && self.labels.iter().all(|one| !one.area.overlaps(area))
            && self
                .links
                .iter()
                .all(|one| area.clip(one.segment).is_none())
    }

    /// The rectangle of the whole drawing.
    pub(super) fn area(&self) -> Rectangle {
        let boxes = self.boxes.iter().map(|one| one.area);
        let areas = boxes.chain(self.labels.iter().map(|one| one.area));

        let whole = areas.fold(
            Rectangle::around(Point::new(0.0, 0.0), 0.0, 0.0),
            |all, one| Rectangle {
                left: 0.0,
                top: 0.0,
                right: all.right.max(one.right),
                bottom: all.bottom.max(one.bottom),
            },
        );

        Rectangle {
            right: (whole.right + MARGIN).ceil(),
            bottom: (whole.bottom + MARGIN).ceil(),
            ..whole
        }
    }

    /// The drawing as SVG, at the size at which its texts are legible.
    pub(super) fn svg(&self, title: &str, description: &str) -> String {
        let area = self.area();
        let (width, height) = (area.width(), area.height());
        let mut text = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"title description\" \
             font-family=\"Verdana, 'DejaVu Sans', sans-serif\" font-size=\"{TEXT_SIZE}\">\n\
             <title id=\"title\">{}</title>\n<desc id=\"description\">{}</desc>\n\
             <rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n",
            escape(title),
            escape(description)
        );

        for one in &self.boxes {
            write_box(&mut text, one);
        }
        for link in &self.links {
            write_link(&mut text, link);
        }
        for label in &self.labels {
            write_text(&mut text, label, INK);
        }
        text + "</svg>\n"
    }
}

// Writing to a text cannot fail, here and below.
fn write_link(text: &mut String, link: &Link) {
    write_segment(text, link.segment, BROWN, 1.5);
    if link.dotted {
        let Point { x, y } = link.segment.to;
        let _ = writeln!(
            text,
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\" fill=\"{BROWN}\"/>"
        );
    }
}

fn write_segment(text: &mut String, segment: Segment, color: &str, width: f64) {
    let Segment { from, to } = segment;
    let _ = writeln!(
        text,
        "<line x1=\"{:.1}\" y1=\"{:.1}\" x2=\"{:.1}\" y2=\"{:.1}\" stroke=\"{color}\" stroke-width=\"{width}\"/>",
        from.x, from.y, to.x, to.y
    );
}

fn write_box(text: &mut String, one: &DrawnBox) {
    let (fill, stroke, radius) = match one.style {
        BoxStyle::Plain => ("#eef4fb", BLUE, 3.0),
        BoxStyle::Personal => ("#fff1d6", BLUE, 3.0),
        BoxStyle::Association => ("#ffffff", BROWN, 18.0),
    };
    let Rectangle { left, top, .. } = one.area;
    let _ = writeln!(
        text,
        "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"{radius}\" fill=\"{fill}\" stroke=\"{stroke}\"/>",
        one.area.width(),
        one.area.height()
    );

    if let Some(rule) = one.rule {
        write_segment(text, rule, stroke, 1.0);
    }
    for (rank, line) in one.texts.iter().enumerate() {
        write_text(text, line, if rank == 0 { stroke } else { INK });
    }
}

fn write_text(text: &mut String, drawn: &DrawnText, color: &str) {
    let weight = if drawn.bold {
        " font-weight=\"bold\""
    } else {
        ""
    };
    let decoration = if drawn.underlined {
        " text-decoration=\"underline\""
    } else {
        ""
    };
    // A heading and a label are centered; a line begins at the side of its box.
    let (x, anchor) = if drawn.bold {
        (drawn.area.center().x, " text-anchor=\"middle\"")
    } else {
        (drawn.area.left, "")
    };

    let _ = writeln!(
        text,
        "<text x=\"{x:.1}\" y=\"{:.1}\"{anchor}{weight}{decoration} fill=\"{color}\">{}</text>",
        // The baseline, a fifth of the size above the bottom.
        drawn.area.bottom - TEXT_SIZE * 0.2,
        escape(&drawn.text)
    );
}

/// An upper estimate of a text's width in a wide sans-serif (DejaVu Sans), pixels.
pub(super) fn text_width(text: &str, bold: bool) -> f64 {
    let widths = text.chars().map(|letter| match letter {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | '’' | '|' | ' ' => 0.36,
        'f' | 'r' | 't' | '(' | ')' | '/' => 0.44,
        'm' | 'w' | 'M' | 'W' | 'Œ' => 0.98,
        '#' | '→' => 0.86,
        letter if letter.is_uppercase() => 0.78,
        _ => 0.64,
    });
    let width: f64 = widths.sum();
    width * TEXT_SIZE * if bold { 1.12 } else { 1.0 }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
