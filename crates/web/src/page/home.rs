use askama::Template;
use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use chrono::{DateTime, Utc};
use filrouge_api_client::data::StationItem;
use filrouge_types::StationId;
use serde::Deserialize;

use super::availability::{Report, Stock};
use super::error::PageError;
use super::render::render;
use crate::assets;
use crate::data_api::LatestStations;
use crate::frame::Frame;
use crate::markup::Markup;
use crate::search::{LONGEST, Search};
use crate::web::Web;

/// Stations on one page: a page stays light in a city of thousands of stations.
const PAGE_LENGTH: usize = 50;

/// Parameters of the address; one that cannot be read counts as absent.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct HomeQuery {
    recherche: Option<String>,
    page: Option<String>,
}

/// The home page: a search and the stations.
#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    t: Frame,
    search: Search,
    bikes: u64,
    station_count: u64,
    found: usize,
    stations: Vec<ListedStation>,
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
}

/// `GET /`.
pub(crate) async fn show_home(
    State(web): State<Web>,
    Extension(t): Extension<Frame>,
    query: Result<Query<HomeQuery>, QueryRejection>,
) -> Result<Response, PageError> {
    let latest = web.data_api().stations().await?;
    let query = query.map(|Query(query)| query).unwrap_or_default();
    Ok(render(&HomePage::new(t, &latest, &query, web.now())))
}

impl HomePage {
    fn new(t: Frame, latest: &LatestStations, query: &HomeQuery, now: DateTime<Utc>) -> Self {
        let list = &latest.stations.list;
        let search = Search::new(query.recherche.as_deref().unwrap_or_default());
        let found: Vec<_> = list
            .iter()
            .filter(|station| search.finds(station))
            .collect();

        let page_count = found.len().div_ceil(PAGE_LENGTH).max(1);
        // A page out of the list is its nearest one: an old link still shows stations.
        let page = asked_page(query).clamp(1, page_count);
        let shown = found
            .iter()
            .skip((page - 1) * PAGE_LENGTH)
            .take(PAGE_LENGTH);
        let bikes = list.iter().filter_map(|station| station.bikes_available);

        Self {
            bikes: bikes.map(u64::from).sum(),
            station_count: list.len() as u64,
            found: found.len(),
            stations: shown
                .map(|station| ListedStation::new(&t, station, now))
                .collect(),
            page,
            page_count,
            silent_since: latest.silent_since(&t, now),
            search,
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

impl ListedStation {
    fn new(t: &Frame, station: &StationItem, now: DateTime<Utc>) -> Self {
        Self {
            station_id: station.station_id.clone(),
            name: station.name.clone(),
            district: station.district.clone(),
            stock: Stock::new(t, station, now),
        }
    }
}

/// Three stations, one of which is empty and another silent; then a search among them.
#[cfg(test)]
pub(super) fn samples(t: &Frame) -> Vec<(&'static str, String)> {
    let latest = crate::data_api::sample();
    let page = |query: &HomeQuery| {
        HomePage::new(t.clone(), &latest, query, crate::data_api::SAMPLE_TIME)
            .render()
            .unwrap()
    };
    let search = HomeQuery {
        recherche: Some("gare".to_owned()),
        page: None,
    };

    vec![
        ("home", page(&HomeQuery::default())),
        ("home_search", page(&search)),
    ]
}
