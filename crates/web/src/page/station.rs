use askama::Template;
use axum::Extension;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::response::Response;
use chrono::{DateTime, Utc};
use filrouge_api_client::data::StationItem;
use filrouge_types::{Hour, StationId};
use serde::Deserialize;

use super::availability::{Report, Stock};
use super::chances::{NextChances, RiderNeed};
use super::error::PageError;
use super::forecast::NextHours;
use super::render::render;
use crate::assets;
use crate::chart;
use crate::data_api::LatestStations;
use crate::frame::Frame;
use crate::model_api::{Chances, Forecast, NoForecast};
use crate::usual_week::UsualWeek;
use crate::web::Web;

/// Hours of chances that the page shows.
const HOURS: u32 = 24;

/// Parameters of the address; one that cannot be read counts as absent.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct StationQuery {
    cherche: Option<String>,
    heure: Option<String>,
}

/// The answers of the model API about one station, and what stands in for them.
struct Outlook {
    forecast: Result<Forecast, NoForecast>,
    chances: Option<Chances>,
    /// Asked for when there is neither forecast nor chances.
    usual: Option<UsualWeek>,
}

/// The page of one station.
#[derive(Template)]
#[template(path = "station.html")]
struct StationPage {
    t: Frame,
    station: StationItem,
    stock: Stock,
    silent_since: Option<Report>,
    /// Chances where they are known, which tell the departures too.
    chances: Option<NextChances>,
    /// The reason for which the next hours are the usual ones, or are not told.
    no_forecast: Option<NoForecast>,
    next_hours: Option<NextHours>,
}

/// `GET /stations/{station_id}`.
pub(crate) async fn show_station(
    State(web): State<Web>,
    Extension(t): Extension<Frame>,
    path: Result<Path<StationId>, PathRejection>,
    query: Result<Query<StationQuery>, QueryRejection>,
) -> Result<Response, PageError> {
    let Path(station_id) = path.map_err(|_| PageError::UnknownStation)?;
    let latest = web.data_api().stations().await?;

    // A station that does not exist costs the model nothing.
    let station = latest
        .stations
        .find(&station_id)
        .ok_or(PageError::UnknownStation)?;
    let query = query.map(|Query(query)| query).unwrap_or_default();
    let asked = [station];
    let (forecast, chances) = tokio::join!(
        web.model_api().forecast(&station_id),
        web.model_api().chances(&asked, HOURS),
    );

    let has_chances = chances
        .as_ref()
        .is_some_and(|chances| !chances.of(&station_id).is_empty());
    let usual = match &forecast {
        Err(_) if !has_chances => usual_week(&web, &t, &station_id).await,
        _ => None,
    };

    let outlook = Outlook {
        forecast,
        chances,
        usual,
    };
    let page = StationPage::new(t, &latest, station, (outlook, &query), web.now());
    Ok(render(&page))
}

/// The next hours as they usually are, by the data API alone.
async fn usual_week(web: &Web, t: &Frame, station_id: &StationId) -> Option<UsualWeek> {
    let now = web.now();
    let counted = web.data_api().counted_hours(station_id, now).await?;
    let first = Hour::containing(now) + 1;
    let ahead = (0..i64::from(HOURS)).map(|ahead| first + ahead);
    UsualWeek::new(ahead, &counted, t.city().time_zone)
}

impl StationQuery {
    fn choice(&self) -> (RiderNeed, Option<u32>) {
        let hour = self.heure.as_deref().and_then(|text| text.parse().ok());
        (RiderNeed::read(self.cherche.as_deref()), hour)
    }
}

impl StationPage {
    fn new(
        t: Frame,
        latest: &LatestStations,
        station: &StationItem,
        (outlook, query): (Outlook, &StationQuery),
        now: DateTime<Utc>,
    ) -> Self {
        let Outlook {
            forecast,
            chances,
            usual,
        } = outlook;
        let chances = chances.and_then(|chances| {
            let hours = chances.of(&station.station_id);
            let departures = forecast.as_ref().ok();
            NextChances::new(&t, hours, query.choice(), &chances, departures, now)
        });

        Self {
            station: station.clone(),
            stock: Stock::new(&t, station, now),
            silent_since: latest.silent_since(&t, now),
            chances,
            no_forecast: forecast.as_ref().err().copied(),
            next_hours: match (forecast, usual) {
                (Ok(forecast), _) => Some(NextHours::new(&t, &forecast, now)),
                (Err(_), Some(usual)) => Some(NextHours::usual(&t, &usual, now)),
                (Err(_), None) => None,
            },
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

    /// The address of this page, without its parameters.
    fn own_link(&self) -> String {
        self.link_with("/stations/")
    }

    fn trip_link(&self) -> String {
        self.link_with("/trajet?depart=")
    }

    fn comparison_link(&self) -> String {
        self.link_with("/comparer?premiere=")
    }

    fn report_link(&self) -> String {
        self.link_with("/signaler?station=")
    }

    /// The login, which leads back here.
    fn log_in_link(&self) -> String {
        let here = format!("/stations/{}", self.encoded_id());
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("suite", &here)
            .finish();
        self.t.link(&format!("/connexion?{query}"))
    }

    fn link_with(&self, before: &str) -> String {
        self.t.link(&format!("{before}{}", self.encoded_id()))
    }

    fn encoded_id(&self) -> String {
        let id = self.station.station_id.as_str();
        // `+` would be a space in a query and a plus in a path: it is written out.
        let encoded: String = url::form_urlencoded::byte_serialize(id.as_bytes()).collect();
        encoded.replace('+', "%20")
    }

    fn named(&self, key: &str) -> String {
        self.t
            .tell(key, [("name", self.station.name.as_str().into())])
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
pub(super) use samples::{samples, samples_signed_in};

#[cfg(test)]
mod samples;
