use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use chrono::{DateTime, Utc};
use filrouge_types::StationId;
use serde::Deserialize;

use super::availability::{Report, Stock};
use super::{PageError, assets, render};
use crate::data_api::{Availability, Known};
use crate::routes::Web;
use crate::search::{LONGEST, Search};
use crate::wording;

/// Stations on one page: a page stays light in a city of thousands of stations.
const PAGE_LENGTH: usize = 50;

/// What the address may ask for; what cannot be read counts as absent.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct HomeQuery {
    recherche: Option<String>,
    page: Option<String>,
}

/// The home page: a search and the stations.
#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    search: Search,
    bikes: u64,
    station_count: u64,
    found: usize,
    rows: Vec<Row>,
    page: usize,
    page_count: usize,
    /// When the data API fell silent: how old the figures are.
    silent_since: Option<Report>,
}

struct Row {
    station_id: StationId,
    name: String,
    district: Option<String>,
    stock: Stock,
}

/// `GET /`.
pub(crate) async fn show_home(
    State(web): State<Web>,
    query: Result<Query<HomeQuery>, QueryRejection>,
) -> Result<Response, PageError> {
    let known = web.data_api().stations().await?;
    let query = query.map(|Query(query)| query).unwrap_or_default();
    Ok(render(&HomePage::new(&known, &query, web.now())))
}

impl HomePage {
    fn new(known: &Known, query: &HomeQuery, now: DateTime<Utc>) -> Self {
        let stations = &known.stations;
        let search = Search::new(query.recherche.as_deref().unwrap_or_default());
        let found: Vec<_> = stations
            .list
            .iter()
            .filter(|station| search.finds(station))
            .collect();

        let page_count = found.len().div_ceil(PAGE_LENGTH).max(1);
        let asked = query
            .page
            .as_deref()
            .and_then(|text| text.parse().ok())
            .unwrap_or(1);
        let page = usize::clamp(asked, 1, page_count);

        let rows = found
            .iter()
            .skip((page - 1) * PAGE_LENGTH)
            .take(PAGE_LENGTH)
            .map(|found| Row::new(found, now));

        Self {
            bikes: stations
                .list
                .iter()
                .filter_map(|station| station.bikes_available)
                .map(u64::from)
                .sum(),
            station_count: stations.list.len() as u64,
            found: found.len(),
            rows: rows.collect(),
            page,
            page_count,
            silent_since: (!known.is_current).then(|| Report::new(stations.read_at, now)),
            search,
        }
    }

    /// The result in words: what a screen reader says first, through the title.
    fn result(&self) -> String {
        let stations = wording::count(self.found as u64, "station");
        match (self.search.is_empty(), self.found) {
            (true, _) => stations,
            (false, 0) => format!("Aucune station pour «\u{a0}{}\u{a0}»", self.search.text()),
            (false, _) => format!("{stations} pour «\u{a0}{}\u{a0}»", self.search.text()),
        }
    }

    fn title(&self) -> String {
        let page = if self.page_count > 1 {
            format!(", page {} sur {}", self.page, self.page_count)
        } else {
            String::new()
        };
        if self.search.is_empty() {
            format!("Vélos et places libres{page}")
        } else {
            format!("{}{page}", self.result())
        }
    }
}

impl Row {
    fn new(availability: &Availability, now: DateTime<Utc>) -> Self {
        let station = &availability.station;
        Self {
            station_id: station.station_id.clone(),
            name: station.name.clone(),
            district: station.district.clone(),
            stock: Stock::new(availability, now),
        }
    }
}

/// Three stations, one of which is empty and another silent.
#[cfg(test)]
pub(crate) fn sample() -> String {
    page_of(&HomeQuery::default())
}

#[cfg(test)]
pub(crate) fn sample_search() -> String {
    page_of(&HomeQuery {
        recherche: Some("gare".to_owned()),
        page: None,
    })
}

#[cfg(test)]
fn page_of(query: &HomeQuery) -> String {
    let known = crate::data_api::sample();
    HomePage::new(&known, query, crate::data_api::SAMPLE_TIME)
        .render()
        .unwrap()
}
