//! The stations of a list, drawn where they are.

use std::fmt::Write;

use filrouge_api_client::data::StationItem;

use super::availability::Stock;
use crate::frame::Frame;

/// Width of the picture.
pub(crate) const WIDTH: f64 = 720.0;

/// The most that the picture is high: a city along a valley would not end.
const TALLEST: f64 = 480.0;

/// Room for the largest disc.
const MARGIN: f64 = 24.0;

/// A map, ready to be written.
pub(crate) struct StationMap {
    pub(crate) height: f64,
    /// The discs of the stations that call for nothing.
    pub(crate) discs: String,
    /// Stations of which a rider must know more.
    pub(crate) marks: Vec<MapMark>,
}

/// A station that is nearly empty, nearly full, or says nothing.
pub(crate) struct MapMark {
    pub(crate) x: String,
    pub(crate) y: String,
    pub(crate) radius: String,
    pub(crate) letter: String,
}

/// The places of the list, in the units of the picture.
struct Projection {
    west: f64,
    north: f64,
    /// Units a degree, eastwards then southwards.
    scale: (f64, f64),
    height: f64,
}

impl StationMap {
    pub(crate) fn new(t: &Frame, stations: &[(&StationItem, Stock)]) -> Self {
        let projection = Projection::of(stations);
        let mut map = Self {
            height: projection.height,
            discs: String::new(),
            marks: Vec::new(),
        };

        for (station, stock) in stations {
            let (x, y) = projection.point(station);
            let radius = 5.0 + 1.8 * f64::from(stock.bikes.unwrap_or_default().min(60)).sqrt();
            match letter(stock) {
                // One stroke for them all: forty elements less to be laid out.
                None => map.add_disc(x, y, radius),
                Some(key) => map.marks.push(MapMark {
                    x: short(x),
                    y: short(y),
                    // The letter must fit.
                    radius: short(radius.max(9.0)),
                    letter: t.say(key),
                }),
            }
        }
        map
    }

    fn add_disc(&mut self, x: f64, y: f64, radius: f64) {
        let (left, r, across) = (short(x - radius), short(radius), short(2.0 * radius));
        let y = short(y);
        // Writing to a String cannot fail.
        let _ = write!(
            self.discs,
            "M{left} {y}a{r} {r} 0 1 0 {across} 0a{r} {r} 0 1 0-{across} 0"
        );
    }
}

/// The text of a mark: nothing where there are bikes and docks.
fn letter(stock: &Stock) -> Option<&'static str> {
    if stock.is_nearly_empty() {
        Some("map-letter-empty")
    } else if stock.is_nearly_full() {
        Some("map-letter-full")
    } else {
        stock.warning().map(|_| "map-letter-unknown")
    }
}

impl Projection {
    fn of(stations: &[(&StationItem, Stock)]) -> Self {
        let ends = |of: fn(&StationItem) -> f64| {
            let values = stations.iter().map(|(station, _)| of(station));
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
                (low.min(value), high.max(value))
            })
        };
        let (west, east) = ends(|station| station.longitude);
        let (south, north) = ends(|station| station.latitude);
        // A degree eastwards is shorter than one northwards, by the cosine of the latitude.
        let shrink = ((north + south) / 2.0).to_radians().cos();

        // One station alone, or none, has no width.
        let wide = ((east - west) * shrink).max(1e-3);
        let high = (north - south).max(1e-3);
        let unit = ((WIDTH - 2.0 * MARGIN) / wide).min((TALLEST - 2.0 * MARGIN) / high);

        Self {
            west: west - ((WIDTH - 2.0 * MARGIN) / unit - wide) / shrink / 2.0,
            north,
            scale: (unit * shrink, unit),
            height: (unit * high + 2.0 * MARGIN).round(),
        }
    }

    fn point(&self, station: &StationItem) -> (f64, f64) {
        let x = MARGIN + (station.longitude - self.west) * self.scale.0;
        let y = MARGIN + (self.north - station.latitude) * self.scale.1;
        (x, y)
    }
}

/// A tenth of a unit is less than a pixel.
fn short(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}

#[cfg(test)]
mod tests;
