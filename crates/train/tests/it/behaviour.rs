//! What a trained version does when one thing of the world changes and nothing else.

use chrono::{Datelike, Timelike};
use chrono_tz::Europe::Paris;
use filrouge_model::{
    ConditionValues, FEATURE_COUNT, History, HistoryRow, Prediction, Predictor, features,
};
use filrouge_onnx_runtime::PoolSize;
use filrouge_types::{Hour, StationHour, StationId};

use crate::monitoring::{past, split, version};
use crate::place::runtime;

/// The days before the predicted ones that forecasts read, and a week more.
const READ_HOURS: i64 = 44 * 24;

fn predictor() -> Predictor {
    Predictor::load(&runtime(), &version().1.folder, PoolSize::SINGLE).unwrap()
}

fn recent() -> impl Iterator<Item = &'static StationHour> {
    let from = split() - READ_HOURS;
    past()
        .iter()
        .filter(move |row| from <= row.conditions.hour && row.conditions.hour < split() + 14 * 24)
}

/// A history of these rows, each station under the name that `rename` gives it.
fn extend_history(rename: impl Fn(&StationId) -> StationId) -> History {
    let mut history = History::default();

    for row in recent() {
        let station_id = rename(&row.conditions.station_id);
        let (hour, departures) = (row.conditions.hour, row.departures as f32);
        let known = ConditionValues::from(&row.conditions);

        history
            .extend([HistoryRow {
                station_id: &station_id,
                hour,
                departures,
                conditions: known,
            }])
            .unwrap();
    }

    history
}

fn predict(
    predictor: &Predictor,
    history: &History,
    keys: &[(StationId, Hour, ConditionValues)],
) -> Vec<Prediction> {
    let hours = || keys.iter().map(|(_, hour, _)| *hour);
    let expected = predictor
        .expected(
            history,
            (hours().min().unwrap(), hours().max().unwrap() + 1),
        )
        .unwrap();

    let mut rows = Vec::with_capacity(keys.len() * FEATURE_COUNT);

    for (station, hour, known) in keys {
        rows.extend(features(history, &expected, station, *hour, known).to_array());
    }
    predictor.predict(&rows).unwrap()
}

/// The stations that count more on a day of rest than on a working one.
fn leisure_stations(history: &History) -> Vec<StationId> {
    let mean = |station: &StationId, rest: bool| {
        let days = history
            .counted_hours(station)
            .filter(|(hour, ..)| (hour.start().weekday().num_days_from_monday() > 4) == rest);
        let (sum, count) = days.fold((0.0, 0.0), |(sum, count), (_, departures, _)| {
            (sum + departures, count + 1.0)
        });
        sum / count
    };

    history
        .stations()
        .filter(|station| mean(station, true) > 1.2 * mean(station, false))
        .cloned()
        .collect()
}

// Preuve: C12.3 test de comportement : de fortes pluies ne font pas monter la demande d’une station de loisir
#[test]
fn heavy_rain_does_not_raise_demand_at_a_leisure_station() {
    let (predictor, history) = (predictor(), extend_history(StationId::clone));
    let leisure = leisure_stations(&history);

    assert!(
        leisure.len() >= 2,
        "the city has leisure stations: {leisure:?}"
    );

    let hours = (0..14 * 24).map(|index| split() + index);
    let afternoons: Vec<Hour> = hours
        .filter(|hour| (12..18).contains(&hour.start().with_timezone(&Paris).hour()))
        .collect();

    let keys = |precipitation_mm: f32, weather_code: f32| {
        let of = |station: &StationId, hour: Hour| {
            let known = ConditionValues {
                precipitation_mm,
                weather_code,
                ..history.conditions(station, hour)
            };
            (station.clone(), hour, known)
        };

        leisure
            .iter()
            .flat_map(|station| afternoons.iter().map(move |hour| of(station, *hour)))
            .collect::<Vec<_>>()
    };

    let dry = predict(&predictor, &history, &keys(0.0, 2.0));
    let wet = predict(&predictor, &history, &keys(6.0, 65.0));
    let total = |all: &[Prediction]| all.iter().map(|one| one.demand).sum::<f32>();

    assert!(
        total(&wet) < 0.8 * total(&dry),
        "{} wet, {} dry",
        total(&wet),
        total(&dry)
    );

    for (wet, dry) in wet.iter().zip(&dry) {
        assert!(
            wet.demand <= 1.05 * dry.demand + 0.05,
            "{wet:?} wet, {dry:?} dry"
        );
    }
}

// Preuve: C12.3 test de comportement : changer le nom d’une station ne change aucune prévision
#[test]
fn renaming_stations_changes_no_forecast() {
    let predictor = predictor();
    let renamed = |station: &StationId| format!("renamed {station}").parse::<StationId>().unwrap();
    let (before, after) = (extend_history(StationId::clone), extend_history(renamed));

    let keys = |rename: &dyn Fn(&StationId) -> StationId| {
        let mut keys = Vec::new();

        for hour in (0..24).map(|index| split() + index) {
            keys.extend(
                before
                    .stations()
                    .map(|station| (rename(station), hour, before.conditions(station, hour))),
            );
        }

        keys
    };

    let (old, new) = (keys(&StationId::clone), keys(&renamed));

    assert_eq!(
        predict(&predictor, &before, &old),
        predict(&predictor, &after, &new)
    );
}

// Preuve: C12.3 test de comportement : une météo extrême ou absente et une station neuve donnent une prévision sensée
#[test]
fn extreme_weather_no_weather_and_a_new_station_give_sane_forecasts() {
    let (predictor, history) = (predictor(), extend_history(StationId::clone));
    let busiest = recent().map(|row| row.departures).max().unwrap() as f32;

    let extreme = |celsius: f32, wind: f32, water: f32| ConditionValues {
        temperature_c: celsius,
        apparent_temperature_c: celsius,
        wind_speed_kmh: wind,
        precipitation_mm: water,
        ..ConditionValues::MISSING
    };

    let worlds = [
        ConditionValues::MISSING,
        extreme(-40.0, 0.0, 0.0),
        extreme(55.0, 0.0, 0.0),
        extreme(15.0, 250.0, 200.0),
    ];

    let new = "never seen".parse::<StationId>().unwrap();
    let stations: Vec<StationId> = history.stations().cloned().chain([new]).collect();

    for known in worlds {
        let keys: Vec<_> = (0..24)
            .flat_map(|index| {
                stations
                    .iter()
                    .map(move |station| (station.clone(), split() + index, known))
            })
            .collect();

        for prediction in predict(&predictor, &history, &keys) {
            let Prediction {
                demand,
                demand_p10,
                demand_p90,
            } = prediction;

            assert!(
                0.0 <= demand_p10 && demand_p10 <= demand && demand <= demand_p90,
                "{prediction:?}"
            );
            assert!(
                demand < 2.0 * busiest && demand_p90.is_finite(),
                "{prediction:?} with {known:?}"
            );
        }
    }
}
