use askama::Template as _;
use filrouge_types::Hour;

use super::{Forecast, Frame, NoForecast, Outlook, StationPage, StationQuery, UsualWeek};
use crate::data_api::SAMPLE_TIME;
use crate::model_api::{sample as forecast, sample_chances as chances};
use crate::usual_week::UsualHour;

/// With everything, then without what the model API says, piece by piece.
pub(in crate::page) fn samples(t: &Frame) -> Vec<(&'static str, String)> {
    let page = |forecast, chances, looks_for| {
        let outlook = Outlook {
            forecast,
            chances,
            usual: None,
        };
        page(t, outlook, looks_for)
    };

    vec![
        ("station", page(Ok(forecast()), Some(chances()), "velo")),
        (
            "station_without_chances",
            page(Ok(forecast()), None, "velo"),
        ),
        (
            "station_without_departures_for_a_dock",
            page(Err(NoForecast::Unavailable), Some(chances()), "place"),
        ),
        (
            "station_without_forecast",
            page(Err(NoForecast::Unavailable), None, "velo"),
        ),
        (
            "station_without_forecast_as_usual",
            self::page(t, without(NoForecast::Unavailable), "velo"),
        ),
        (
            "station_unknown_to_the_model",
            self::page(t, without(NoForecast::UnknownStation), "velo"),
        ),
    ]
}

/// The page of somebody who may keep the station at hand.
pub(in crate::page) fn samples_signed_in(t: &Frame) -> Vec<(&'static str, String)> {
    let outlook = Outlook {
        forecast: Ok(forecast()),
        chances: Some(chances()),
        usual: None,
    };
    // As for nobody in particular, but for the favourites and the menu.
    vec![("station_signed_in", page(t, outlook, "velo"))]
}

fn page(t: &Frame, outlook: Outlook, looks_for: &str) -> String {
    let latest = crate::data_api::sample();
    let station = &latest.stations.list[0];
    let query = StationQuery {
        cherche: Some(looks_for.to_owned()),
        heure: Some("18".to_owned()),
    };
    let page = StationPage::new(t.clone(), &latest, station, (outlook, &query), SAMPLE_TIME);
    page.render().unwrap()
}

/// The usual hours, for lack of a forecast.
fn without(forecast: NoForecast) -> Outlook {
    let forecast: Result<Forecast, _> = Err(forecast);
    let first = Hour::containing(SAMPLE_TIME) + 1;
    let usual = |ahead: i64| UsualHour {
        hour: first + ahead,
        mean: (10.0 - (ahead - 9).abs() as f32).max(0.25),
        fewest: (8 - (ahead - 9).abs()).max(0) as u32,
        most: (13 - (ahead - 9).abs()).max(1) as u32,
    };
    Outlook {
        forecast,
        chances: None,
        usual: Some(UsualWeek {
            hours: (0..24).map(usual).collect(),
            last_counted_hour: Hour::containing(SAMPLE_TIME) - 1,
        }),
    }
}
