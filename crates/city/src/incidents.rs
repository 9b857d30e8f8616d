//! Faults and changes on demand, between two hours: the city stays a function of seed, time and
//! incidents.

use chrono::{DateTime, Timelike, Utc};
use filrouge_types::Hour;
use serde::{Deserialize, Serialize};

use crate::calendar::local;
use crate::seed::Seed;
use crate::weather::{self, HourWeather};

/// One incident, and how long it lasts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Incident {
    /// Kind of the incident.
    #[serde(flatten)]
    pub kind: IncidentKind,
    /// The first hour of it.
    pub from: Hour,
    /// The first hour after it; `None` when it lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Hour>,
}

/// The kinds of incident. The first two change the riders' demand, the others only its publication.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum IncidentKind {
    /// Riders come `factor` times as often: 1.3 is 30 % more.
    DemandShift {
        /// At least 0.
        factor: f64,
    },
    /// Riders leave two hours later, as many as before.
    NewHabit,
    /// The weather service repeats the observation of the hour when its sensor froze.
    FrozenSensor,
    /// The weather service gives its temperatures in °F and says °C.
    UnitChange,
    /// Addresses that begin with `path` answer 503.
    FeedDown {
        /// Such as `/gbfs` or `/v1/archive`.
        path: String,
    },
    /// `station_status` gives its counts of bikes and docks other names.
    SchemaChange,
}

impl Incident {
    /// An incident that lasts from `from` on.
    pub const fn since(from: Hour, kind: IncidentKind) -> Self {
        Self {
            kind,
            from,
            until: None,
        }
    }

    /// The same incident, over at `until`.
    #[must_use]
    pub fn until(self, until: Hour) -> Self {
        Self {
            until: Some(until),
            ..self
        }
    }

    fn is_on(&self, hour: Hour) -> bool {
        self.from <= hour && self.until.is_none_or(|until| hour < until)
    }
}

/// Seed and incidents: with the time, they decide everything.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct World {
    pub(crate) seed: Seed,
    pub(crate) incidents: Vec<Incident>,
}

impl World {
    /// By how much demand is multiplied.
    pub(crate) fn demand_factor(&self, hour: Hour) -> f64 {
        let factor = |incident: &Incident| match incident.kind {
            // Typed by hand: less than nobody cannot come.
            IncidentKind::DemandShift { factor } => factor.max(0.0),
            _ => 1.0,
        };
        self.on(hour).map(factor).product()
    }

    /// The local hour of day, 0 to 23, whose habits riders follow.
    pub(crate) fn habitual_hour(&self, hour: Hour) -> usize {
        let has_changed = self
            .on(hour)
            .any(|incident| incident.kind == IncidentKind::NewHabit);
        // Two hours later than their habit, as when school times change.
        local(if has_changed { hour - 2 } else { hour }).hour() as usize
    }

    /// The observation that the weather service publishes for `hour`.
    pub(crate) fn published_weather(&self, hour: Hour) -> HourWeather {
        let frozen = self
            .on(hour)
            .find(|incident| incident.kind == IncidentKind::FrozenSensor);
        // Frozen at the first hour of the incident.
        let read_at = frozen.map_or(hour, |incident| incident.from);
        self.in_published_units(hour, weather::observed(self.seed, read_at))
    }

    /// The weather that the service publishes during `issued` for `hour`, past or future.
    pub(crate) fn published_forecast(&self, issued: Hour, hour: Hour) -> HourWeather {
        if hour <= issued {
            return self.published_weather(hour);
        }
        self.in_published_units(issued, weather::forecast(self.seed, issued, hour))
    }

    /// True when `path` answers nothing at `instant`.
    pub(crate) fn is_down(&self, path: &str, instant: DateTime<Utc>) -> bool {
        let reaches = |incident: &Incident| matches!(&incident.kind, IncidentKind::FeedDown { path: down } if path.starts_with(down));
        self.on(Hour::containing(instant)).any(reaches)
    }

    /// True when the fields of `station_status` have other names at `instant`.
    pub(crate) fn has_other_schema(&self, instant: DateTime<Utc>) -> bool {
        self.on(Hour::containing(instant))
            .any(|incident| incident.kind == IncidentKind::SchemaChange)
    }

    fn in_published_units(&self, hour: Hour, weather: HourWeather) -> HourWeather {
        let is_changed = self
            .on(hour)
            .any(|incident| incident.kind == IncidentKind::UnitChange);
        if is_changed {
            weather.with_temperatures(|celsius| celsius.mul_add(1.8, 32.0))
        } else {
            weather
        }
    }

    fn on(&self, hour: Hour) -> impl Iterator<Item = &Incident> {
        self.incidents
            .iter()
            .filter(move |incident| incident.is_on(hour))
    }
}

#[cfg(test)]
mod tests;
