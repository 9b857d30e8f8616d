use super::*;

#[test]
fn the_peak_is_the_first_of_the_highest_hours() {
    let mut forecast = sample();
    assert_eq!(peak(&forecast.items).unwrap().hour, forecast.items[9].hour);
    forecast.items[20].demand = forecast.items[9].demand;
    assert_eq!(peak(&forecast.items).unwrap().hour, forecast.items[9].hour);
}

#[test]
fn a_forecast_that_makes_no_sense_is_no_forecast() {
    let spoil: [fn(&mut Forecast); 6] = [
        |forecast| forecast.items.clear(),
        |forecast| forecast.items.swap(3, 4),
        |forecast| forecast.items[5].demand = -1.0,
        |forecast| forecast.items[5].demand_p90 = f32::INFINITY,
        |forecast| forecast.items[5].demand_p10 = forecast.items[5].demand_p90 + 1.0,
        |forecast| forecast.items = forecast.items.repeat(3),
    ];

    assert!(checked(sample()).is_some());

    for spoil in spoil {
        let mut forecast = sample();
        spoil(&mut forecast);
        let spoilt = format!("{forecast:?}");
        assert!(checked(forecast).is_none(), "{spoilt}");
    }
}
