use std::collections::HashMap;

use chrono::{NaiveDate, TimeDelta, Timelike};

use super::*;
use crate::calendar::date;
use crate::city::City;
use crate::day::operating_date;
use crate::seed::Seed;
use crate::weather::HourWeather;

mod skill;

fn conditions_of<'a>(
    date: &'a DateConditions,
    hour_of_day: usize,
    weather: HourWeather,
) -> HourConditions<'a> {
    HourConditions {
        date,
        hour_of_day,
        demand_factor: 1.0,
        weather,
    }
}

const MILD: HourWeather = HourWeather {
    temperature_c: 20.0,
    apparent_temperature_c: 20.0,
    relative_humidity_pct: 60.0,
    wind_speed_kmh: 8.0,
    precipitation_mm: 0.0,
    weather_code: 2,
};

/// The rate of the whole city at an hour of a date.
fn city_rate(of: NaiveDate, hour_of_day: usize, weather: HourWeather) -> f64 {
    let date = DateConditions::new(of);
    (0..STATIONS.len())
        .map(|index| rate(index, &conditions_of(&date, hour_of_day, weather), 1.0))
        .sum()
}

#[test]
fn weather_moves_demand_the_way_it_moves_riders() {
    let tuesday = date(2026, 3, 3);
    let mild = city_rate(tuesday, 8, MILD);
    let ratio = |weather| city_rate(tuesday, 8, weather) / mild;
    for (name, weather, expected) in [
        (
            "drizzle",
            HourWeather {
                precipitation_mm: 0.2,
                weather_code: 51,
                ..MILD
            },
            0.4..0.65,
        ),
        (
            "rain",
            HourWeather {
                precipitation_mm: 0.7,
                weather_code: 61,
                ..MILD
            },
            0.3..0.5,
        ),
        (
            "downpour",
            HourWeather {
                precipitation_mm: 6.0,
                weather_code: 65,
                ..MILD
            },
            0.15..0.35,
        ),
        (
            "frost",
            HourWeather {
                apparent_temperature_c: -4.0,
                ..MILD
            },
            0.2..0.4,
        ),
        (
            "heat",
            HourWeather {
                apparent_temperature_c: 37.0,
                ..MILD
            },
            0.3..0.7,
        ),
        (
            "gale",
            HourWeather {
                wind_speed_kmh: 50.0,
                ..MILD
            },
            0.4..0.7,
        ),
        (
            "blue sky",
            HourWeather {
                weather_code: 0,
                ..MILD
            },
            1.1..1.4,
        ),
    ] {
        assert!(
            expected.contains(&ratio(weather)),
            "{name}: × {}",
            ratio(weather)
        );
    }
}

#[test]
fn the_calendar_moves_demand_too() {
    let at_eight = |of| city_rate(of, 8, MILD);
    let tuesday = at_eight(date(2026, 3, 3));
    assert!(at_eight(date(2026, 3, 8)) < 0.5 * tuesday, "a Sunday");
    assert!(at_eight(date(2026, 3, 2)) < 0.75 * tuesday, "a Monday");
    assert!(
        at_eight(date(2026, 4, 7)) < 0.9 * tuesday,
        "in the school holidays"
    );
    assert!(
        at_eight(date(2026, 7, 14)) < 0.5 * tuesday,
        "on a public holiday"
    );
}

#[test]
fn demand_grows_by_eight_per_cent_of_the_first_year_until_the_system_is_mature() {
    for (year, expected) in [
        (2023, 1.0),
        (2024, 1.08),
        (2026, 1.24),
        (2028, 1.4),
        (2040, 1.4),
    ] {
        let growth = effects::growth(date(year, 1, 1));
        assert!((growth - expected).abs() < 1e-3, "{year}: {growth}");
    }
}

#[test]
fn an_event_draws_on_the_stations_of_its_district_while_it_goes_on() {
    let event = events_on(Seed(1), date(2026, 3, 7)).remove(0);
    let hour = Hour::containing(event.starts_at);
    let events = [event];
    let district = events[0].district_index();
    assert!(pull(&events, district, hour) > 2.0);
    assert!((pull(&events, district, hour - 1) - 1.0).abs() < f64::EPSILON);
    assert!((pull(&events, (district + 1) % 7, hour) - 1.0).abs() < f64::EPSILON);
}

#[test]
fn a_day_is_local_peaks_do_not_move_when_clocks_change() {
    let world = World {
        seed: Seed(1),
        incidents: Vec::new(),
    };

    let peak = |of: NaiveDate| {
        let hours =
            (0..24).map(|hour| Hour::containing(of.and_hms_opt(hour, 0, 0).unwrap().and_utc()));
        // The station in front of the railway station.
        hours
            .max_by(|one, other| rate_at(&world, 0, *one).total_cmp(&rate_at(&world, 0, *other)))
            .unwrap()
    };

    for of in [date(2026, 3, 24), date(2026, 3, 31)] {
        assert!(
            (7..=9).contains(&local(peak(of)).hour()),
            "{of}: {}",
            peak(of)
        );
    }
}
