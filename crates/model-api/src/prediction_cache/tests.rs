use super::*;

#[test]
fn each_station_hour_has_its_own_first_prediction_and_nothing_is_cached_outside_the_window() {
    let hour = Hour::from_hours_since_epoch;
    let cache = PredictionCache::new(2, &(hour(100)..=hour(102)));
    let prediction = |demand| Prediction {
        demand,
        demand_p10: 0.0,
        demand_p90: 9.0,
    };

    for (station, at, demand) in [
        (0, 102, 1.0),
        (1, 100, 2.0),
        (1, 100, 3.0),
        (1, 103, 4.0),
        (0, 99, 5.0),
    ] {
        cache.insert(station, hour(at), prediction(demand));
    }

    let cached = |station, at| {
        cache
            .get(station, hour(at))
            .map(|prediction| prediction.demand)
    };
    assert_eq!((cached(0, 102), cached(1, 100)), (Some(1.0), Some(2.0)));

    for (station, at) in [(0, 100), (1, 102), (1, 103), (0, 99), (2, 100)] {
        assert_eq!(cached(station, at), None, "{station} {at}");
    }
}
