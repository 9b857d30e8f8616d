//! A line over time as SVG: read by eyes here, by ears in the table beside it.

use std::fmt::Write as _;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 180.0;
/// Room for the figures of the axes.
const MARGIN: f64 = 36.0;

/// A line of the graph.
pub(super) struct Line<'a> {
    pub(super) name: &'a str,
    /// Pattern of dashes, since colour alone says nothing to many people; empty for a full line.
    pub(super) dashes: &'a str,
    pub(super) values: Vec<f64>,
}

/// The graph of lines that share their instants, given in seconds from the first.
pub(super) fn graph(id: &str, title: &str, seconds: &[f64], lines: &[Line<'_>]) -> String {
    let last = seconds.last().copied().unwrap_or_default().max(1.0);
    let highest = lines
        .iter()
        .flat_map(|line| &line.values)
        .fold(1.0, |highest: f64, value| highest.max(*value));
    let x = |second: f64| MARGIN + (WIDTH - 2.0 * MARGIN) * second / last;
    let y = |value: f64| HEIGHT - MARGIN - (HEIGHT - 2.0 * MARGIN) * value / highest;

    let mut svg = format!(
        "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-labelledby=\"{id}-title\" xmlns=\"http://www.w3.org/2000/svg\">\n\
         <title id=\"{id}-title\">{title}</title>\n\
         <path d=\"M{MARGIN} {MARGIN}V{bottom}H{right}\" class=\"axis\"/>\n\
         <text x=\"2\" y=\"{top}\">{highest:.0}</text><text x=\"2\" y=\"{bottom}\">0</text>\n\
         <text x=\"{right}\" y=\"{under}\" text-anchor=\"end\">{last:.0} s</text>\n",
        bottom = HEIGHT - MARGIN,
        right = WIDTH - MARGIN,
        top = MARGIN + 4.0,
        under = HEIGHT - MARGIN + 16.0,
    );
    for (index, line) in lines.iter().enumerate() {
        let points: Vec<String> = seconds
            .iter()
            .zip(&line.values)
            .map(|(second, value)| format!("{:.1},{:.1}", x(*second), y(*value)))
            .collect();
        let _ = writeln!(
            svg,
            "<polyline points=\"{}\" class=\"line-{index}\" stroke-dasharray=\"{}\"/>\
             <text x=\"{}\" y=\"16\" class=\"name-{index}\">{}</text>",
            points.join(" "),
            line.dashes,
            MARGIN + 200.0 * number(index),
            line.name
        );
    }
    svg + "</svg>"
}

#[expect(clippy::cast_precision_loss, reason = "three lines")]
fn number(index: usize) -> f64 {
    index as f64
}
