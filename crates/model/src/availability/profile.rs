use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{Datelike, Timelike};
use chrono_tz::Tz;
use filrouge_types::{Hour, StationId};
use serde::{Deserialize, Serialize};

/// Format of the file: another one is refused.
const FORMAT: u32 = 1;

/// The habits of each station, by hour of the day, on working days and on days off.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AvailabilityProfile {
    format: u32,
    /// Name of the zone of the city's clocks.
    time_zone: String,
    /// The first hour learnt from.
    pub learnt_from: Hour,
    /// The hour after the last one learnt from.
    pub learnt_until: Hour,
    /// Share of the stations that trucks put back to their usual number of bikes, at the end of each
    /// hour of the day.
    pub rebalanced: Vec<f64>,
    stations: BTreeMap<StationId, UsualDays>,
}

/// The usual days of one station: 24 hours each.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct UsualDays {
    working: Vec<UsualHour>,
    off: Vec<UsualHour>,
}

/// One hour of the day at one station, as it usually is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct UsualHour {
    /// Departures counted.
    pub departures: f64,
    /// Departures that riders wanted: more than those counted where bikes were missing.
    pub wanted_departures: f64,
    /// Arrivals that riders wanted: more than those counted where docks were missing.
    pub wanted_arrivals: f64,
    /// Bikes at the beginning of the hour.
    pub bikes: f64,
    /// Standard deviation of these.
    pub bikes_deviation: f64,
}

/// A file of habits that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// The file cannot be read.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// The file is not one of habits, or lacks some.
    #[error("`{}` is not a file of usual availability: {reason}", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// The part at fault.
        reason: String,
    },
}

impl AvailabilityProfile {
    /// Reads a file that [`to_json`](Self::to_json) wrote.
    ///
    /// # Errors
    /// [`ProfileError`] names the file and its defect.
    pub fn read(path: &Path) -> Result<Self, ProfileError> {
        let text = fs::read(path).map_err(|source| ProfileError::Read {
            path: path.to_owned(),
            source,
        })?;
        let unusable = |reason: String| ProfileError::Unusable {
            path: path.to_owned(),
            reason,
        };

        let profile: Self =
            serde_json::from_slice(&text).map_err(|error| unusable(error.to_string()))?;
        match profile.defect() {
            Some(reason) => Err(unusable(reason)),
            None => Ok(profile),
        }
    }

    /// The content of its file.
    ///
    /// # Errors
    /// When a number is not finite.
    pub fn to_json(&self) -> serde_json::Result<String> {
        serde_json::to_string(self).map(|text| text + "\n")
    }

    /// The stations whose habits are known.
    pub fn stations(&self) -> impl Iterator<Item = &StationId> {
        self.stations.keys()
    }

    /// The usual hour of a station; none for a station that is not known.
    pub fn usual(
        &self,
        station: &StationId,
        hour: Hour,
        is_public_holiday: bool,
    ) -> Option<UsualHour> {
        let days = self.stations.get(station)?;
        let (is_working, hour_of_day) = self.moment(hour, is_public_holiday);
        let hours = if is_working { &days.working } else { &days.off };
        hours.get(hour_of_day).copied()
    }

    /// Share of the stations that trucks have put back at the end of `hour`.
    pub(super) fn rebalanced_after(&self, hour: Hour) -> f64 {
        let (_, hour_of_day) = self.moment(hour, false);
        self.rebalanced
            .get(hour_of_day)
            .copied()
            .unwrap_or_default()
    }

    /// Nothing learnt yet.
    pub(super) fn empty(time_zone: Tz, learnt_from: Hour, learnt_until: Hour) -> Self {
        Self {
            format: FORMAT,
            time_zone: time_zone.name().to_owned(),
            learnt_from,
            learnt_until,
            rebalanced: vec![0.0; 24],
            stations: BTreeMap::new(),
        }
    }

    /// Remembers one hour of the day of a station.
    pub(super) fn set(
        &mut self,
        station: &StationId,
        is_working: bool,
        hour_of_day: usize,
        usual: UsualHour,
    ) {
        let days = self.stations.entry(station.clone()).or_default();
        let hours = if is_working {
            &mut days.working
        } else {
            &mut days.off
        };

        hours.resize(24, UsualHour::default());
        hours[hour_of_day] = usual;
    }

    /// Whether people work during `hour`, and the hour on the clocks of the city.
    pub(super) fn moment(&self, hour: Hour, is_public_holiday: bool) -> (bool, usize) {
        // Read already when the file was: a name that is none never comes here.
        let zone: Tz = self.time_zone.parse().unwrap_or(chrono_tz::UTC);
        let local = hour.start().with_timezone(&zone);
        let is_weekend = local.weekday().num_days_from_monday() >= 5;
        (!is_weekend && !is_public_holiday, local.hour() as usize)
    }

    fn defect(&self) -> Option<String> {
        if self.format != FORMAT {
            return Some(format!("format {}, {FORMAT} is expected", self.format));
        }
        if self.time_zone.parse::<Tz>().is_err() {
            return Some(format!("`{}` is not a time zone", self.time_zone));
        }
        if self.rebalanced.len() != 24 {
            return Some("`rebalanced` has not 24 hours".to_owned());
        }

        let is_whole = |days: &UsualDays| {
            [&days.working, &days.off]
                .iter()
                .all(|hours| hours.len() == 24 && hours.iter().all(UsualHour::is_sound))
        };
        let broken = self.stations.iter().find(|(_, days)| !is_whole(days));
        broken.map(|(station, _)| format!("station `{station}` has not two days of 24 hours"))
    }
}

impl UsualHour {
    fn is_sound(&self) -> bool {
        let Self {
            departures,
            wanted_departures,
            wanted_arrivals,
            bikes,
            bikes_deviation,
        } = *self;
        [
            departures,
            wanted_departures,
            wanted_arrivals,
            bikes,
            bikes_deviation,
        ]
        .iter()
        .all(|value| (0.0..1e6).contains(value))
    }
}
