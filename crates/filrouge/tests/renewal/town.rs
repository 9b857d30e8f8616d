//! The small city whose riders change.

use chrono_tz::Europe::Paris;
use filrouge_city::{City, DefectRates, Incident, IncidentKind};
use filrouge_dataset::Dataset;
use filrouge_types::{Conditions, Hour, Station, StationHour, Weather};

/// Some stations are a city.
const STATIONS: usize = 16;

/// Monday 6 January 2025.
pub(crate) fn start() -> Hour {
    "2025-01-06T00:00:00Z".parse().unwrap()
}

pub(crate) struct Town {
    city: City,
}

impl Town {
    /// A city without defects, in which `kind` happens from `from` on.
    pub(crate) fn with(kind: IncidentKind, from: Hour) -> Self {
        let city = City::with_defects(5, DefectRates::NONE);
        Self {
            city: city.with_incidents([Incident::since(from, kind)]),
        }
    }

    /// The same city on usual days.
    pub(crate) fn usual() -> Self {
        Self {
            city: City::with_defects(5, DefectRates::NONE),
        }
    }

    pub(crate) fn stations(&self) -> &[Station] {
        &self.city.stations()[..STATIONS]
    }

    /// What is counted from one hour to another, the second one left out.
    pub(crate) fn between(&self, from: Hour, to: Hour) -> Dataset {
        Dataset::from_rows(self.rows(from, to)).unwrap()
    }

    /// The same, hour after hour.
    pub(crate) fn rows(&self, from: Hour, to: Hour) -> Vec<StationHour> {
        let hours = (0..to - from).map(|index| from + index);
        hours.flat_map(|hour| self.hour(hour)).collect()
    }

    fn hour(&self, hour: Hour) -> impl Iterator<Item = StationHour> + '_ {
        let date = hour.start().with_timezone(&Paris).date_naive();
        let weather = self.city.published_weather(hour);
        let weather = Weather {
            temperature_c: Some(weather.temperature_c),
            apparent_temperature_c: Some(weather.apparent_temperature_c),
            weather_code: Some(weather.weather_code),
            relative_humidity_pct: Some(weather.relative_humidity_pct),
            wind_speed_kmh: Some(weather.wind_speed_kmh),
            precipitation_mm: Some(weather.precipitation_mm),
        };

        self.stations().iter().map(move |station| {
            let departures = self.city.true_departures(&station.station_id, hour);
            StationHour {
                conditions: Conditions {
                    station_id: station.station_id.clone(),
                    hour,
                    weather,
                    is_public_holiday: Some(filrouge_city::is_public_holiday(date)),
                    is_school_holiday: Some(filrouge_city::is_school_holiday(date)),
                    event_count: Some(0),
                },
                departures: departures.unwrap() as u32,
            }
        })
    }
}
