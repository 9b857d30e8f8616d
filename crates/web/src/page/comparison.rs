use askama::Template;
use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use chrono::{DateTime, NaiveDate, Utc};
use filrouge_api_client::data::StationItem;
use serde::Deserialize;

use super::availability::Report;
use super::error::PageError;
use super::render::render;
use super::station_field::{Meant, StationField};
use crate::assets;
use crate::data_api::LatestStations;
use crate::frame::Frame;
use crate::model_api::{Chances, HourAvailability};
use crate::search::LONGEST;
use crate::web::Web;
use crate::wording::machine_time;

/// Hours that the page compares.
const HOURS: u32 = 24;

/// Chances that are nearer to each other are worth the same.
const DIFFERENT: f64 = 0.1;

/// Parameters of the address.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct ComparisonQuery {
    premiere: Option<String>,
    seconde: Option<String>,
}

/// Two stations side by side.
#[derive(Template)]
#[template(path = "comparison.html")]
struct ComparisonPage {
    t: Frame,
    silent_since: Option<Report>,
    first: StationField,
    second: StationField,
    outcome: ComparisonPart,
}

/// The part of the page under its form.
enum ComparisonPart {
    /// Two stations have not been chosen yet.
    Nothing,
    /// One of them has no chances.
    NoChances,
    /// Both, hour by hour.
    Compared(Compared),
}

struct Compared {
    heading: String,
    answer: String,
    caption: String,
    names: (String, String),
    rows: Vec<ComparedRow>,
}

struct ComparedRow {
    moment: String,
    instant: String,
    first: String,
    second: String,
}

/// `GET /comparer`.
pub(crate) async fn show_comparison(
    State(web): State<Web>,
    Extension(t): Extension<Frame>,
    query: Result<Query<ComparisonQuery>, QueryRejection>,
) -> Result<Response, PageError> {
    let latest = web.data_api().stations().await?;
    let query = query.map(|Query(query)| query).unwrap_or_default();

    let mut page = ComparisonPage::new(t, &latest, &query, web.now());
    if let Some(pair) = page.pair(&latest.stations.list, &query) {
        let chances = web.model_api().chances(&pair, HOURS).await;
        page.outcome = ComparisonPart::new(&page.t, pair, chances.as_ref(), web.now());
    }
    Ok(render(&page))
}

impl ComparisonPage {
    fn new(t: Frame, latest: &LatestStations, query: &ComparisonQuery, now: DateTime<Utc>) -> Self {
        let list = &latest.stations.list;
        let (premiere, seconde) = query.stations();
        let (one, other) = (Meant::read(list, premiere), Meant::read(list, seconde));
        // Both fields are in the address once the form was sent.
        let was_sent = query.seconde.is_some();

        let field = |id, key: &str, typed: &str, meant: &Meant<'_>| {
            StationField::new(&t, (id, t.say(key)), typed, meant, was_sent)
        };
        let first = field("premiere", "comparison-first", premiere, &one);
        let mut second = field("seconde", "comparison-second", seconde, &other);
        if let (Some(one), Some(other)) = (one.station(), other.station())
            && one.station_id == other.station_id
        {
            second.error = Some(t.say("field-same"));
        }

        Self {
            silent_since: latest.silent_since(&t, now),
            first,
            second,
            outcome: ComparisonPart::Nothing,
            t,
        }
    }

    /// The two stations, when nothing is wrong with them.
    fn pair<'a>(
        &self,
        list: &'a [StationItem],
        query: &ComparisonQuery,
    ) -> Option<[&'a StationItem; 2]> {
        if self.has_error() {
            return None;
        }
        let (premiere, seconde) = query.stations();
        let one = Meant::read(list, premiere).station()?;
        Some([one, Meant::read(list, seconde).station()?])
    }

    fn has_error(&self) -> bool {
        self.first.error.is_some() || self.second.error.is_some()
    }

    fn title(&self) -> String {
        let heading = self.t.say("comparison-heading");
        match &self.outcome {
            _ if self.has_error() => self.t.tell("title-error", [("title", heading.into())]),
            ComparisonPart::Compared(compared) => compared.heading.clone(),
            ComparisonPart::Nothing | ComparisonPart::NoChances => heading,
        }
    }
}

impl ComparisonQuery {
    fn stations(&self) -> (&str, &str) {
        (
            self.premiere.as_deref().unwrap_or_default(),
            self.seconde.as_deref().unwrap_or_default(),
        )
    }
}

impl ComparisonPart {
    fn new(
        t: &Frame,
        [one, other]: [&StationItem; 2],
        chances: Option<&Chances>,
        now: DateTime<Utc>,
    ) -> Self {
        let hours = |station: &StationItem| {
            let hours = chances.map(|chances| chances.of(&station.station_id));
            hours.unwrap_or_default().to_vec()
        };
        let pairs: Vec<_> = hours(one).into_iter().zip(hours(other)).collect();
        if pairs.is_empty() {
            return Self::NoChances;
        }

        let today = t.today(now);
        let names = [
            ("first", one.name.as_str().into()),
            ("second", other.name.as_str().into()),
        ];
        Self::Compared(Compared {
            heading: t.tell("comparison-outcome", names),
            answer: answer(t, &one.name, &other.name, &pairs),
            caption: t.tell("comparison-caption", [("zone", t.zone().into())]),
            names: (one.name.clone(), other.name.clone()),
            rows: pairs.iter().map(|pair| row(t, pair, today)).collect(),
        })
    }
}

fn row(
    t: &Frame,
    (first, second): &(HourAvailability, HourAvailability),
    today: NaiveDate,
) -> ComparedRow {
    ComparedRow {
        moment: t.moment(first.hour.start(), today),
        instant: machine_time(first.hour.start()),
        first: t.short_odds(first.bike),
        second: t.short_odds(second.bike),
    }
}

/// Which station is surer, and when.
fn answer(
    t: &Frame,
    first: &str,
    second: &str,
    pairs: &[(HourAvailability, HourAvailability)],
) -> String {
    let gap = |(one, other): &(HourAvailability, HourAvailability)| one.bike - other.bike;
    let better_first = longest_run(pairs, |pair| gap(pair) >= DIFFERENT);
    let better_second = longest_run(pairs, |pair| gap(pair) <= -DIFFERENT);

    let sentences = [(first, better_first), (second, better_second)];
    let told: Vec<_> = sentences
        .into_iter()
        .filter_map(|(name, run)| Some(better(t, name, run?)))
        .collect();
    if told.is_empty() {
        return t.say("comparison-equal");
    }
    told.join(" ")
}

/// `Marché a plus de chances d’avoir un vélo de 7 h à 10 h.`
fn better(t: &Frame, name: &str, run: &[(HourAvailability, HourAvailability)]) -> String {
    let hour = |pair: Option<&(HourAvailability, HourAvailability)>| {
        let hour = pair.map_or(0, |(one, _)| t.local_hour(one.hour));
        t.tell("hour", [("hour", hour.into())])
    };
    let name = ("name", name.into());
    let from = ("from", hour(run.first()).into());

    match run {
        [_] => t.tell("comparison-better-once", [name, from]),
        _ => {
            let until = ("until", hour(run.last()).into());
            t.tell("comparison-better", [name, from, until])
        }
    }
}

/// The longest stretch of hours that are all so; the first of those that are as long.
fn longest_run<T>(items: &[T], is_so: impl Fn(&T) -> bool) -> Option<&[T]> {
    let runs = items.split(|item| !is_so(item));
    runs.filter(|run| !run.is_empty())
        // `max_by_key` keeps the last of equals: backwards, that is the first one.
        .rev()
        .max_by_key(|run| run.len())
}

/// The form, a comparison, one without chances, and a form with an error.
#[cfg(test)]
pub(super) fn samples(t: &Frame) -> Vec<(&'static str, String)> {
    let latest = crate::data_api::sample();
    let now = crate::data_api::SAMPLE_TIME;
    let page = |premiere: &str, seconde: Option<&str>, chances: Option<Chances>| {
        let query = ComparisonQuery {
            premiere: Some(premiere.to_owned()),
            seconde: seconde.map(str::to_owned),
        };
        let mut page = ComparisonPage::new(t.clone(), &latest, &query, now);
        if let Some(pair) = page.pair(&latest.stations.list, &query) {
            page.outcome = ComparisonPart::new(t, pair, chances.as_ref(), now);
        }
        page.render().unwrap()
    };
    let two = crate::model_api::sample_chances_of_two;

    vec![
        ("comparison", page("", None, None)),
        (
            "comparison_answer",
            page("RIV-001", Some("RIV-002"), Some(two())),
        ),
        (
            "comparison_without_chances",
            page("RIV-001", Some("RIV-002"), None),
        ),
        ("comparison_errors", page("RIV-001", Some("RIV-001"), None)),
    ]
}

#[cfg(test)]
mod tests;
