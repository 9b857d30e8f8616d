use askama::Template;
use axum::Extension;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use chrono::{DateTime, Utc};
use filrouge_api_client::data::StationItem;
use filrouge_types::StationId;

use super::availability::{Report, Stock};
use super::error::PageError;
use super::forecast::NextHours;
use super::render::render;
use crate::assets;
use crate::chart;
use crate::data_api::LatestStations;
use crate::frame::Frame;
use crate::model_api::{Forecast, NoForecast};
use crate::web::Web;

/// The page of one station.
#[derive(Template)]
#[template(path = "station.html")]
struct StationPage {
    t: Frame,
    station: StationItem,
    stock: Stock,
    silent_since: Option<Report>,
    next_hours: Result<NextHours, NoForecast>,
}

/// `GET /stations/{station_id}`.
pub(crate) async fn show_station(
    State(web): State<Web>,
    Extension(t): Extension<Frame>,
    path: Result<Path<StationId>, PathRejection>,
) -> Result<Response, PageError> {
    let Path(station_id) = path.map_err(|_| PageError::UnknownStation)?;
    let latest = web.data_api().stations().await?;

    // A station that does not exist costs the model nothing.
    let station = latest
        .stations
        .find(&station_id)
        .ok_or(PageError::UnknownStation)?;
    let forecast = web.model_api().forecast(&station_id).await;

    let page = StationPage::new(t, &latest, station, forecast, web.now());
    Ok(render(&page))
}

impl StationPage {
    fn new(
        t: Frame,
        latest: &LatestStations,
        station: &StationItem,
        forecast: Result<Forecast, NoForecast>,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            station: station.clone(),
            stock: Stock::new(&t, station, now),
            silent_since: latest.silent_since(&t, now),
            next_hours: forecast.map(|forecast| NextHours::new(&t, &forecast, now)),
            t,
        }
    }

    fn lead(&self) -> String {
        let docks = self.t.count("count-docks", self.station.capacity);
        match self.station.district.as_deref() {
            None => self.t.tell("station-lead", [("docks", docks.into())]),
            Some(district) => {
                let variables = [("district", district.into()), ("docks", docks.into())];
                self.t.tell("station-lead-district", variables)
            }
        }
    }

    fn address(&self) -> String {
        let district = self.station.district.iter().map(String::as_str);
        let parts = [self.station.name.as_str()].into_iter().chain(district);
        let parts: Vec<_> = parts.chain([self.t.city().city.as_str()]).collect();
        parts.join(", ")
    }

    fn position(&self) -> String {
        self.t
            .position(self.station.latitude, self.station.longitude)
    }

    fn title(&self) -> String {
        let name = self.station.name.as_str();
        self.t.tell("station-title", [("name", name.into())])
    }
}

#[cfg(test)]
pub(super) fn samples(t: &Frame) -> Vec<(&'static str, String)> {
    let latest = crate::data_api::sample();
    let page = |forecast| {
        let station = &latest.stations.list[0];
        let now = crate::data_api::SAMPLE_TIME;
        let page = StationPage::new(t.clone(), &latest, station, forecast, now);
        page.render().unwrap()
    };

    vec![
        ("station", page(Ok(crate::model_api::sample()))),
        (
            "station_without_forecast",
            page(Err(NoForecast::Unavailable)),
        ),
        (
            "station_unknown_to_the_model",
            page(Err(NoForecast::UnknownStation)),
        ),
    ]
}
