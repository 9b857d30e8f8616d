use askama::Template;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use chrono::{DateTime, Utc};
use filrouge_types::{Station, StationId};

use super::availability::{Report, Stock};
use super::{PageError, assets, render};
use crate::data_api::Known;
use crate::routes::Web;
use crate::wording;

/// The page of one station.
#[derive(Template)]
#[template(path = "station.html")]
struct StationPage {
    station: Station,
    stock: Stock,
    silent_since: Option<Report>,
}

/// `GET /stations/{station_id}`.
pub(crate) async fn show_station(
    State(web): State<Web>,
    path: Result<Path<StationId>, PathRejection>,
) -> Result<Response, PageError> {
    let Path(station_id) = path.map_err(|_| PageError::UnknownStation)?;
    let known = web.data_api().stations().await?;
    let page = StationPage::new(&known, &station_id, web.now()).ok_or(PageError::UnknownStation)?;
    Ok(render(&page))
}

impl StationPage {
    fn new(known: &Known, station_id: &StationId, now: DateTime<Utc>) -> Option<Self> {
        let availability = known.stations.find(station_id)?;
        Some(Self {
            station: availability.station.clone(),
            stock: Stock::new(availability, now),
            silent_since: (!known.is_current).then(|| Report::new(known.stations.read_at, now)),
        })
    }

    fn position(&self) -> String {
        wording::position(self.station.latitude, self.station.longitude)
    }
}

#[cfg(test)]
pub(crate) fn sample() -> String {
    let known = crate::data_api::sample();
    let station_id = "RIV-001".parse().unwrap();
    StationPage::new(&known, &station_id, crate::data_api::SAMPLE_TIME).unwrap().render().unwrap()
}
