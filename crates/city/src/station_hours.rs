use filrouge_types::{Conditions, Hour, Station, StationHour, Weather};

use crate::calendar::{PARIS, is_public_holiday, is_school_holiday};
use crate::city::City;
use crate::events::Event;

impl City {
    /// The departures of an hour and its conditions, station by station in the order of
    /// [`City::stations`]: the rows of a data set without defects.
    pub fn station_hours(&self, hour: Hour) -> impl Iterator<Item = StationHour> + '_ {
        let date = hour.start().with_timezone(&PARIS).date_naive();
        let weather = Weather::from(self.published_weather(hour));
        let mut events = self.events_on(date);
        events.retain(|event| event.is_on_during(hour));

        self.stations().iter().map(move |station| StationHour {
            conditions: Conditions {
                station_id: station.station_id.clone(),
                hour,
                weather,
                is_public_holiday: Some(is_public_holiday(date)),
                is_school_holiday: Some(is_school_holiday(date)),
                event_count: Some(events_near(&events, station)),
            },
            departures: self
                .true_departures(&station.station_id, hour)
                .unwrap_or_default() as u32,
        })
    }
}

/// Events of the station's district: those that its riders feel.
fn events_near(events: &[Event], station: &Station) -> u16 {
    let district = station.district.as_deref();
    let near = events
        .iter()
        .filter(|event| Some(event.district()) == district);

    near.count() as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_of_an_hour_hold_what_the_city_counts_and_publishes() {
        let city = City::new(5);
        // A public holiday, in the afternoon.
        let hour: Hour = "2026-05-01T14:00:00Z".parse().unwrap();

        let rows: Vec<_> = city.station_hours(hour).collect();

        assert_eq!(rows.len(), city.stations().len());
        for (row, station) in rows.iter().zip(city.stations()) {
            let departures = city.true_departures(&station.station_id, hour);
            assert_eq!(Some(row.departures as usize), departures);
            assert_eq!(row.conditions.station_id, station.station_id);
            assert_eq!(row.conditions.weather, city.published_weather(hour).into());
            assert_eq!(row.conditions.is_public_holiday, Some(true));
        }
    }

    #[test]
    fn an_event_is_counted_in_its_district_while_it_lasts() {
        let city = City::new(5);
        let start: Hour = "2026-06-01T12:00:00Z".parse().unwrap();
        let is_on = |hour: &Hour| city.station_hours(*hour).any(|row| events(&row) > 0);
        let hour = (0..24 * 60).map(|ahead| start + ahead).find(is_on).unwrap();

        let date = hour.start().with_timezone(&PARIS).date_naive();
        let on: Vec<_> = city.events_on(date).into_iter().collect();
        for (row, station) in city.station_hours(hour).zip(city.stations()) {
            let here = |event: &&Event| {
                event.is_on_during(hour) && Some(event.district()) == station.district.as_deref()
            };
            assert_eq!(usize::from(events(&row)), on.iter().filter(here).count());
        }
    }

    fn events(row: &StationHour) -> u16 {
        row.conditions.event_count.unwrap()
    }
}
