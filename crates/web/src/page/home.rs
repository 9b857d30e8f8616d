use askama::Template;
use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use chrono::{DateTime, Utc};
use filrouge_api_client::data::StationItem;
use filrouge_types::{Hour, StationId};
use serde::Deserialize;

use super::availability::{Report, Stock};
use super::error::PageError;
use super::map::{StationMap, WIDTH};
use super::render::render;
use crate::assets;
use crate::data_api::LatestStations;
use crate::frame::Frame;
use crate::markup::Markup;
use crate::model_api::Chances;
use crate::search::{LONGEST, Search};
use crate::web::Web;

/// Stations on one page: a page stays light in a city of thousands of stations.
const PAGE_LENGTH: usize = 40;

/// Parameters of the address; one that cannot be read counts as absent.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct HomeQuery {
    recherche: Option<String>,
    page: Option<String>,
}

/// The home page: a search, a map and the stations.
#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    t: Frame,
    search: Search,
    bikes: u64,
    station_count: u64,
    /// Stations of the whole city that call for attention, in words.
    state: String,
    found: usize,
    stations: Vec<ListedStation>,
    map: StationMap,
    /// The hour of the forecast.
    next_hour: Hour,
    page: usize,
    page_count: usize,
    /// Age of the figures, once the data API has fallen silent.
    silent_since: Option<Report>,
}

struct ListedStation {
    station_id: StationId,
    name: String,
    district: Option<String>,
    stock: Stock,
    /// The chance of a bike, in words.
    odds: String,
}

/// `GET /`.
pub(crate) async fn show_home(
    State(web): State<Web>,
    Extension(t): Extension<Frame>,
    query: Result<Query<HomeQuery>, QueryRejection>,
) -> Result<Response, PageError> {
    let latest = web.data_api().stations().await?;
    let query = query.map(|Query(query)| query).unwrap_or_default();

    let shown = Shown::new(&latest.stations.list, &query);
    // The next hour alone: the others are on the page of each station.
    let chances = web.model_api().chances(&shown.stations, 1).await;

    let page = HomePage::new(t, &latest, shown, chances.as_ref(), web.now());
    Ok(render(&page))
}

/// The part of the list that a page shows.
struct Shown<'a> {
    search: Search,
    found: usize,
    page: usize,
    page_count: usize,
    stations: Vec<&'a StationItem>,
}

impl<'a> Shown<'a> {
    fn new(list: &'a [StationItem], query: &HomeQuery) -> Self {
        let search = Search::new(query.recherche.as_deref().unwrap_or_default());
        let found: Vec<_> = list
            .iter()
            .filter(|station| search.finds(station))
            .collect();

        let page_count = found.len().div_ceil(PAGE_LENGTH).max(1);
        // A page out of the list is its nearest one: an old link still shows stations.
        let page = asked_page(query).clamp(1, page_count);
        let stations = found
            .iter()
            .skip((page - 1) * PAGE_LENGTH)
            .take(PAGE_LENGTH)
            .copied();

        Self {
            found: found.len(),
            stations: stations.collect(),
            search,
            page,
            page_count,
        }
    }
}

impl HomePage {
    fn new(
        t: Frame,
        latest: &LatestStations,
        shown: Shown<'_>,
        chances: Option<&Chances>,
        now: DateTime<Utc>,
    ) -> Self {
        let list = &latest.stations.list;
        let bikes = list.iter().filter_map(|station| station.bikes_available);
        let stocks: Vec<_> = shown
            .stations
            .iter()
            .map(|station| (*station, Stock::new(&t, station, now)))
            .collect();
        let listed = |(station, stock): &(&StationItem, Stock)| ListedStation {
            station_id: station.station_id.clone(),
            name: station.name.clone(),
            district: station.district.clone(),
            stock: stock.clone(),
            odds: odds(&t, chances, &station.station_id),
        };

        Self {
            bikes: bikes.map(u64::from).sum(),
            station_count: list.len() as u64,
            state: state(&t, latest, now),
            found: shown.found,
            stations: stocks.iter().map(listed).collect(),
            map: StationMap::new(&t, &stocks),
            next_hour: Hour::containing(now) + 1,
            page: shown.page,
            page_count: shown.page_count,
            silent_since: latest.silent_since(&t, now),
            search: shown.search,
            t,
        }
    }

    fn lead(&self) -> String {
        let bikes = self.t.count("count-bikes", self.bikes).into();
        let stations = self.t.count("count-stations", self.station_count).into();
        self.t
            .tell("home-lead", [("bikes", bikes), ("stations", stations)])
    }

    /// The result in words: the first thing that a screen reader says, through the title.
    fn result(&self) -> String {
        let stations = self.t.count("count-stations", self.found as u64);
        let search = ("search", self.search.text().into());
        match (self.search.is_empty(), self.found) {
            (true, _) => stations,
            (false, 0) => self.t.tell("home-result-none", [search]),
            (false, _) => {
                let stations = ("stations", stations.into());
                self.t.tell("home-result-found", [stations, search])
            }
        }
    }

    fn title(&self) -> String {
        let title = if self.search.is_empty() {
            self.t.say("home-title")
        } else {
            self.result()
        };

        if self.page_count == 1 {
            return title;
        }
        let [page, pages] = self.paging();
        self.t
            .tell("home-title-page", [("title", title.into()), page, pages])
    }

    fn page_of_pages(&self) -> String {
        self.t.tell("home-page", self.paging())
    }

    fn paging<'a>(&self) -> [(&'static str, fluent_bundle::FluentValue<'a>); 2] {
        [
            ("page", self.page.into()),
            ("pages", self.page_count.into()),
        ]
    }

    /// `À 9 h`, at the head of the forecast.
    fn forecast_hour(&self) -> String {
        let hour = self.t.local_hour(self.next_hour);
        self.t.tell("chances-at", [("hour", hour.into())])
    }

    fn forecast_meaning(&self) -> String {
        let at = self.forecast_hour().into();
        self.t.tell("home-forecast-meaning", [("at", at)])
    }

    fn try_again(&self) -> Markup {
        let home = Markup::text(&self.t.link("/"));
        self.t.markup("home-try-again", [("home", home)])
    }

    /// The address of another page of the same list.
    fn link_to(&self, page: usize) -> String {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("recherche", self.search.text())
            .append_pair("page", &page.to_string())
            .finish();
        self.t.link(&format!("/?{query}"))
    }
}

fn asked_page(query: &HomeQuery) -> usize {
    let asked = query.page.as_deref().and_then(|text| text.parse().ok());
    asked.unwrap_or(1)
}

/// The chance of a bike at the next hour; none is no error.
fn odds(t: &Frame, chances: Option<&Chances>, station: &StationId) -> String {
    let hours = chances.map(|chances| chances.of(station));
    let next = hours.and_then(<[_]>::first);
    next.map_or_else(|| t.say("home-no-forecast"), |hour| t.short_odds(hour.bike))
}

/// `3 stations sont presque vides, 2 presque pleines. Situation à 8 h 05.`
fn state(t: &Frame, latest: &LatestStations, now: DateTime<Utc>) -> String {
    let stocks = latest.stations.list.iter();
    let stocks: Vec<_> = stocks.map(|station| Stock::new(t, station, now)).collect();
    let count = |is: fn(&Stock) -> bool| stocks.iter().filter(|stock| is(stock)).count();

    t.tell(
        "home-state",
        [
            ("empty", count(Stock::is_nearly_empty).into()),
            ("full", count(Stock::is_nearly_full).into()),
            ("clock", t.clock(latest.stations.read_at).into()),
        ],
    )
}

/// Three stations, one of which is empty and another silent; a search among them; a city whose model
/// does not answer, and one with a station of a long name.
#[cfg(test)]
pub(super) fn samples(t: &Frame) -> Vec<(&'static str, String)> {
    let latest = crate::data_api::sample();
    let chances = crate::model_api::sample_chances();
    let page = |recherche: Option<&str>, chances: Option<&Chances>| {
        let query = HomeQuery {
            recherche: recherche.map(str::to_owned),
            page: None,
        };
        let shown = Shown::new(&latest.stations.list, &query);
        let now = crate::data_api::SAMPLE_TIME;
        HomePage::new(t.clone(), &latest, shown, chances, now)
            .render()
            .unwrap()
    };

    vec![
        ("home", page(None, Some(&chances))),
        ("home_search", page(Some("gare"), Some(&chances))),
        ("home_search_none", page(Some("zzz"), Some(&chances))),
        ("home_without_forecast", page(None, None)),
    ]
}
