use chrono_tz::Europe::Paris;
use filrouge_city::{City, DefectRates, Event, HourWeather, Incident, IncidentKind};
use filrouge_types::{Conditions, Hour, Station, StationHour, Weather};

/// The first hour of every simulation: Monday 6 January 2025.
const FIRST_HOUR: i64 = 482_256;

/// Days before a change that monitoring reads: those that features reach, and two weeks of the
/// system's demand.
const READ_DAYS: i64 = 50;

/// A city without defects, whose hours before `split` a model learns.
pub(super) struct SimulatedCity {
    city: City,
    learnt: Vec<StationHour>,
    split: Hour,
}

impl SimulatedCity {
    pub(super) fn new(seed: u64, days: u16) -> Self {
        // Defects are the business of cleaning: drifts alone may ring here.
        let city = City::with_defects(seed, DefectRates::NONE);
        let start = Hour::from_hours_since_epoch(FIRST_HOUR);
        let split = start + 24 * i64::from(days);

        Self {
            learnt: rows(&city, start, split),
            city,
            split,
        }
    }

    pub(super) fn learnt(&self) -> &[StationHour] {
        &self.learnt
    }

    /// The first hour that is not learnt from.
    pub(super) fn split(&self) -> Hour {
        self.split
    }

    /// The last weeks learnt from, then `days` like them.
    pub(super) fn stable(&self, days: i64) -> Vec<StationHour> {
        self.since(self.split - 24 * READ_DAYS, self.split + 24 * days)
    }

    /// The weeks before `from`, then `hours` hours in which `kind` happens.
    pub(super) fn changed(&self, kind: IncidentKind, from: Hour, hours: i64) -> Vec<StationHour> {
        let city = self.city.with_incidents([Incident::since(from, kind)]);
        let mut all = self.since(from - 24 * READ_DAYS, from);

        all.extend(rows(&city, from, from + hours));
        all
    }

    fn since(&self, from: Hour, to: Hour) -> Vec<StationHour> {
        let learnt = self
            .learnt
            .iter()
            .filter(|row| row.conditions.hour >= from)
            .cloned();

        learnt
            // Those before the split are learnt already.
            .chain(rows(&self.city, from.max(self.split), to))
            .collect()
    }
}

/// The counts and the conditions that the city publishes between two hours.
pub(crate) fn rows(city: &City, from: Hour, to: Hour) -> Vec<StationHour> {
    let hours =
        (from.hours_since_epoch()..to.hours_since_epoch()).map(Hour::from_hours_since_epoch);
    hours.flat_map(|hour| rows_of_hour(city, hour)).collect()
}

fn rows_of_hour(city: &City, hour: Hour) -> Vec<StationHour> {
    let date = hour.start().with_timezone(&Paris).date_naive();
    let events: Vec<Event> = city
        .events_on(date)
        .into_iter()
        .filter(|event| event.is_on_during(hour))
        .collect();
    let weather = weather_of(city.published_weather(hour));

    let conditions = |station: &Station| Conditions {
        station_id: station.station_id.clone(),
        hour,
        weather,
        is_public_holiday: Some(filrouge_city::is_public_holiday(date)),
        is_school_holiday: Some(filrouge_city::is_school_holiday(date)),
        event_count: Some(near(&events, station)),
    };

    let row = |station: &Station| StationHour {
        conditions: conditions(station),
        departures: city.true_departures(&station.station_id, hour).unwrap_or(0) as u32,
    };

    city.stations().iter().map(row).collect()
}

/// The weather of the city, as a data set holds it.
pub(crate) fn weather_of(weather: HourWeather) -> Weather {
    Weather {
        temperature_c: Some(weather.temperature_c),
        apparent_temperature_c: Some(weather.apparent_temperature_c),
        relative_humidity_pct: Some(weather.relative_humidity_pct),
        wind_speed_kmh: Some(weather.wind_speed_kmh),
        precipitation_mm: Some(weather.precipitation_mm),
        weather_code: Some(weather.weather_code),
    }
}

fn near(events: &[Event], station: &Station) -> u16 {
    events
        .iter()
        .filter(|event| Some(event.district()) == station.district.as_deref())
        .count() as u16
}
