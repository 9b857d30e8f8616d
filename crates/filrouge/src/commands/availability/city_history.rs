use filrouge_city::{City, DefectRates};
use filrouge_model::availability::{ObservedHour, Stock};
use filrouge_types::{Hour, Station, StationHour};

use crate::commands::model::drift_simulation::city_rows::rows;

/// Some weeks of a city: the bikes of each station hour by hour, and the trips.
pub(super) struct CityHistory {
    city: City,
    observed: Vec<ObservedHour>,
}

impl CityHistory {
    /// The hours of the city `seed` from `from` to `to`, not included.
    pub(super) fn of(seed: u64, from: Hour, to: Hour) -> Self {
        // Defects are the business of cleaning.
        let city = City::with_defects(seed, DefectRates::NONE);
        let mut before = stocks(&city, from);
        let mut observed = Vec::new();

        for hour in (0..to - from).map(|index| from + index) {
            let after = stocks(&city, hour + 1);
            let both = before.iter().zip(&after);
            let stations = city.stations().iter().zip(both);
            observed.extend(
                stations.map(|(station, (before, after))| {
                    observe(&city, station, hour, *before, *after)
                }),
            );
            before = after;
        }
        Self { city, observed }
    }

    /// Hour by hour, the stations in the order of the city.
    pub(super) fn observed(&self) -> &[ObservedHour] {
        &self.observed
    }

    /// The demand from `from` to `to`, with the weather that was forecast a day before each hour: no
    /// forecast of bikes knows more of it.
    pub(super) fn demand(&self, from: Hour, to: Hour) -> Vec<StationHour> {
        let mut all = rows(&self.city, from, to);
        for row in &mut all {
            let hour = row.conditions.hour;
            row.conditions.weather = self.city.weather_forecast(hour - 24, hour).into();
        }
        all
    }
}

fn stocks(city: &City, hour: Hour) -> Vec<Stock> {
    let stock = |station: &filrouge_city::Availability| Stock {
        bikes: u32::from(station.classic_bikes + station.electric_bikes),
        docks: u32::from(station.free_docks),
    };
    city.availability(hour.start()).iter().map(stock).collect()
}

fn observe(
    city: &City,
    station: &Station,
    hour: Hour,
    before: Stock,
    after: Stock,
) -> ObservedHour {
    let id = &station.station_id;
    let date = hour
        .start()
        .with_timezone(&chrono_tz::Europe::Paris)
        .date_naive();
    let count = |trips: Option<usize>| trips.unwrap_or_default() as u32;

    ObservedHour {
        station_id: id.clone(),
        hour,
        is_public_holiday: filrouge_city::is_public_holiday(date),
        before,
        after,
        departures: count(city.true_departures(id, hour)),
        arrivals: count(city.true_arrivals(id, hour)),
    }
}
