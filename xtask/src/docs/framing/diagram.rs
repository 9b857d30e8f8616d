//! Boxes, arrows and the zones that hold boxes, drawn on a grid. An arrow bears a number, and the
//! page tells what it is: no text stands on a line.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::canvas::{Area, Canvas, PLAIN, Spot, Style, wrapped};

/// Sizes, in pixels: a cell of the grid, a box in it, the margin around the drawing and in a zone.
const CELL_WIDTH: f64 = 300.0;
const CELL_HEIGHT: f64 = 200.0;
const BOX_WIDTH: f64 = 210.0;
const BOX_HEIGHT: f64 = 104.0;
const MARGIN: f64 = 60.0;
const ZONE_MARGIN: f64 = 22.0;
const ZONE_HEAD: f64 = 24.0;

/// Distance between the centres of two numbers below which they touch.
const NUMBERS_APART: f64 = 26.0;

/// A drawing of boxes and arrows.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Diagram {
    /// Name of the file, without its extension.
    pub(super) id: String,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) boxes: Vec<DiagramBox>,
    #[serde(default)]
    pub(super) zones: Vec<Zone>,
    pub(super) flows: Vec<Flow>,
}

/// A box.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DiagramBox {
    pub(super) id: String,
    pub(super) name: String,
    /// Its nature: a person, a container and its technology…
    pub(super) kind: String,
    pub(super) says: String,
    /// Column and row, from 0.
    pub(super) at: [f64; 2],
}

/// A dashed frame around boxes: a system, or a zone of trust.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Zone {
    pub(super) name: String,
    #[serde(default)]
    pub(super) says: String,
    pub(super) holds: Vec<String>,
}

/// An arrow from one box to another.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Flow {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) what: String,
    #[serde(default)]
    pub(super) protocol: String,
    /// The personal data that pass, where some do.
    #[serde(default)]
    pub(super) personal: String,
    /// The protection of the passage.
    #[serde(default)]
    pub(super) protection: String,
    /// Where the number stands, from 0 at the start to 1 at the end.
    #[serde(default = "middle")]
    pub(super) number_at: f64,
}

fn middle() -> f64 {
    0.5
}

/// An arrow as it is drawn.
struct Arrow {
    start: Spot,
    end: Spot,
    number: Spot,
}

impl Diagram {
    /// The file.
    pub(super) fn svg(&self) -> String {
        let mut canvas = Canvas::new(&self.title, &self.description);
        for zone in &self.zones {
            self.draw_zone(&mut canvas, zone);
        }

        let arrows = self.arrows();
        for arrow in &arrows {
            canvas.arrow(arrow.start, arrow.end);
        }
        for node in &self.boxes {
            draw_box(&mut canvas, node);
        }
        for (number, (arrow, flow)) in (1..).zip(arrows.iter().zip(&self.flows)) {
            // Between the steps of a journey, the order says it all.
            if !flow.what.is_empty() {
                canvas.number(arrow.number, number);
            }
        }

        let whole = self
            .boxes
            .iter()
            .map(DiagramBox::area)
            .reduce(|one, other| one.with(&other));
        let (width, height) = whole.map_or((0.0, 0.0), |area| {
            (area.x + area.width, area.y + area.height)
        });
        canvas.svg(width + MARGIN, height + MARGIN)
    }

    /// One sentence for each name that no box bears, and for each thing that cannot be read.
    pub(super) fn faults(&self) -> Vec<String> {
        let mut faults = self.unknown_names();
        if faults.is_empty() {
            faults.extend(self.crossings());
            faults.extend(self.touching_numbers());
            faults.extend(self.boxes.iter().filter_map(DiagramBox::overflow));
        }
        let id = &self.id;
        faults
            .iter()
            .map(|fault| format!("drawing `{id}`: {fault}"))
            .collect()
    }

    /// The name of a box, for the tables that tell the drawing.
    pub(super) fn name<'a>(&'a self, id: &'a str) -> &'a str {
        let found = self.boxes.iter().find(|node| node.id == id);
        found.map_or(id, |node| &node.name)
    }

    /// The zone that holds a box.
    pub(super) fn zone_of(&self, id: &str) -> Option<&str> {
        let holds = |zone: &&Zone| zone.holds.iter().any(|held| held == id);
        self.zones.iter().find(holds).map(|zone| zone.name.as_str())
    }

    fn unknown_names(&self) -> Vec<String> {
        let ends = self.flows.iter().flat_map(|flow| [&flow.from, &flow.to]);
        let held = self.zones.iter().flat_map(|zone| &zone.holds);
        let unknown = ends
            .chain(held)
            .filter(|id| !self.boxes.iter().any(|node| node.id == **id));
        unknown
            .map(|id| format!("no box is named `{id}`"))
            .collect()
    }

    fn crossings(&self) -> Vec<String> {
        let mut faults = Vec::new();

        for (arrow, flow) in self.arrows().iter().zip(&self.flows) {
            let others = self
                .boxes
                .iter()
                .filter(|node| node.id != flow.from && node.id != flow.to);
            let crossed = others.filter(|node| node.area().entry(arrow.start, arrow.end).is_some());
            let (from, to) = (&flow.from, &flow.to);
            faults
                .extend(crossed.map(|node| {
                    format!("the arrow from `{from}` to `{to}` crosses `{}`", node.id)
                }));

            let heads = self.zones.iter().filter(|zone| {
                let head = self.zone_head(zone);
                head.entry(arrow.start, arrow.end).is_some()
            });
            faults.extend(heads.map(|zone| {
                format!(
                    "the arrow from `{from}` to `{to}` crosses the name « {} »",
                    zone.name
                )
            }));
        }
        faults
    }

    fn touching_numbers(&self) -> Vec<String> {
        let arrows = self.arrows();
        let numbered: Vec<_> = (1..).zip(&arrows).collect();
        let pairs = numbered
            .iter()
            .enumerate()
            .flat_map(|(index, one)| numbered[index + 1..].iter().map(move |other| (one, other)));

        let touching = pairs.filter(|((_, one), (_, other))| {
            let (x, y) = (one.number.x - other.number.x, one.number.y - other.number.y);
            x.hypot(y) < NUMBERS_APART
        });

        touching
            .map(|((one, _), (other, _))| {
                format!("numbers {one} and {other} touch: set `number_at`")
            })
            .collect()
    }

    fn arrows(&self) -> Vec<Arrow> {
        let areas: BTreeMap<_, _> = self
            .boxes
            .iter()
            .map(|node| (node.id.as_str(), node.area()))
            .collect();

        let arrow = |flow: &Flow| {
            let (from, to) = (areas.get(flow.from.as_str())?, areas.get(flow.to.as_str())?);
            let is_both_ways = self
                .flows
                .iter()
                .any(|other| other.from == flow.to && other.to == flow.from);
            Some(arrow_between(from, to, is_both_ways, flow.number_at))
        };

        self.flows.iter().filter_map(arrow).collect()
    }

    fn zone_area(&self, zone: &Zone) -> Option<Area> {
        let held = self
            .boxes
            .iter()
            .filter(|node| zone.holds.contains(&node.id));

        let area = held
            .map(DiagramBox::area)
            .reduce(|one, other| one.with(&other))?;

        let grown = area.grown(ZONE_MARGIN);
        Some(Area {
            y: grown.y - ZONE_HEAD,
            height: grown.height + ZONE_HEAD,
            ..grown
        })
    }

    /// Where the name of a zone stands.
    fn zone_head(&self, zone: &Zone) -> Area {
        let area = self.zone_area(zone).unwrap_or(Area {
            x: 0.0,
            y: 0.0,
            width: 0.0,
            height: 0.0,
        });
        Area {
            x: area.x + 8.0,
            y: area.y + 4.0,
            width: zone.name.chars().count() as f64 * 7.6,
            height: ZONE_HEAD - 6.0,
        }
    }

    fn draw_zone(&self, canvas: &mut Canvas, zone: &Zone) {
        let Some(area) = self.zone_area(zone) else {
            return;
        };
        canvas.area(area, "#fbfaf5", true);

        let style = Style {
            bold: true,
            ..PLAIN
        };
        let at = Spot {
            x: area.x + 10.0,
            y: area.y + 18.0,
        };
        canvas.text(at, style, &zone.name);
    }
}

impl DiagramBox {
    fn area(&self) -> Area {
        Area {
            x: MARGIN + self.at[0] * CELL_WIDTH,
            y: MARGIN + self.at[1] * CELL_HEIGHT,
            width: BOX_WIDTH,
            height: BOX_HEIGHT,
        }
    }

    /// The lines of the box: its name, its kind, its work.
    fn lines(&self) -> Vec<(Style, String)> {
        let style = |size, bold| Style {
            size,
            bold,
            centered: true,
        };

        let kind = format!("[{}]", self.kind);
        let parts = [
            (style(14.0, true), &self.name),
            (style(11.0, false), &kind),
            (style(12.0, false), &self.says),
        ];

        let lines = parts.into_iter().flat_map(|(style, text)| {
            let lines = wrapped(text, BOX_WIDTH - 16.0, style.size);
            lines.into_iter().map(move |line| (style, line))
        });
        lines.collect()
    }

    fn overflow(&self) -> Option<String> {
        let height: f64 = self.lines().iter().map(|(style, _)| style.size + 4.0).sum();
        (height > BOX_HEIGHT - 10.0)
            .then(|| format!("the text of `{}` does not fit its box", self.id))
    }
}

fn draw_box(canvas: &mut Canvas, node: &DiagramBox) {
    let area = node.area();
    canvas.area(area, "#eef4fb", false);

    let mut bottom = area.y + 6.0;
    for (style, line) in node.lines() {
        bottom += style.size + 4.0;
        let at = Spot {
            x: area.center().x,
            y: bottom - 2.0,
        };
        canvas.text(at, style, &line);
    }
}

/// The arrow from the edge of one box to the edge of the other; beside its line of centres where
/// another one goes back.
fn arrow_between(from: &Area, to: &Area, beside: bool, number_at: f64) -> Arrow {
    let (one, other) = (from.center(), to.center());
    let (way_x, way_y) = (other.x - one.x, other.y - one.y);
    let length = way_x.hypot(way_y).max(1.0);
    let shift = if beside { 16.0 } else { 0.0 };
    let moved = |spot: Spot| Spot {
        x: spot.x - shift * way_y / length,
        y: spot.y + shift * way_x / length,
    };
    let (one, other) = (moved(one), moved(other));

    let along = |share: f64| Spot {
        x: one.x + share * (other.x - one.x),
        y: one.y + share * (other.y - one.y),
    };
    // Where the way back enters the first box is where the arrow leaves it.
    let leaves = 1.0 - from.entry(other, one).unwrap_or(1.0);
    let enters = to.entry(one, other).unwrap_or(1.0);
    Arrow {
        start: along(leaves),
        end: along(enters),
        number: along(leaves + number_at * (enters - leaves)),
    }
}

#[cfg(test)]
mod tests;
