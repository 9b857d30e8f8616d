use askama::Template;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use chrono::{DateTime, Utc};
use filrouge_types::{Station, StationId};

use super::availability::{Report, Stock};
use super::forecast::NextHours;
use super::{PageError, assets, render};
use crate::chart;
use crate::data_api::{Availability, Known};
use crate::model_api::{Forecast, NoForecast};
use crate::routes::Web;
use crate::wording;

/// The page of one station.
#[derive(Template)]
#[template(path = "station.html")]
struct StationPage {
    station: Station,
    stock: Stock,
    silent_since: Option<Report>,
    next_hours: Result<NextHours, NoForecast>,
}

/// `GET /stations/{station_id}`.
pub(crate) async fn show_station(
    State(web): State<Web>,
    path: Result<Path<StationId>, PathRejection>,
) -> Result<Response, PageError> {
    let Path(station_id) = path.map_err(|_| PageError::UnknownStation)?;
    let known = web.data_api().stations().await?;

    // A station that does not exist costs the model nothing.
    let availability = known
        .stations
        .find(&station_id)
        .ok_or(PageError::UnknownStation)?;
    let forecast = web.model_api().forecast(&station_id).await;

    Ok(render(&StationPage::new(
        &known,
        availability,
        forecast,
        web.now(),
    )))
}

impl StationPage {
    fn new(
        known: &Known,
        availability: &Availability,
        forecast: Result<Forecast, NoForecast>,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            station: availability.station.clone(),
            stock: Stock::new(availability, now),
            silent_since: (!known.is_current).then(|| Report::new(known.stations.read_at, now)),
            next_hours: forecast.map(|forecast| NextHours::new(&forecast, now)),
        }
    }

    fn position(&self) -> String {
        wording::position(self.station.latitude, self.station.longitude)
    }
}

#[cfg(test)]
pub(crate) fn sample(forecast: Result<Forecast, NoForecast>) -> String {
    let known = crate::data_api::sample();
    let availability = &known.stations.list[0];
    StationPage::new(&known, availability, forecast, crate::data_api::SAMPLE_TIME)
        .render()
        .unwrap()
}
