use askama::Template;
use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use chrono::{DateTime, Days, TimeDelta, Timelike, Utc};
use filrouge_types::{Hour, StationId};
use serde::Deserialize;

use super::availability::Report;
use super::error::PageError;
use super::render::render;
use crate::assets;
use crate::data_api::{LatestStations, StationList};
use crate::form::{Field, FieldKind};
use crate::frame::Frame;
use crate::markup::Markup;
use crate::model_api::{
    Chances, DemandExplanation, NoForecast, StationHourAnswer, StationHourAnswers,
    StationHourQuestion,
};
use crate::rebalancing::{EveningStation, Handling, MorningHour, Stop, Swing, plan};
use crate::web::Web;

/// Hours of the morning that a night prepares, on the riders' clock.
const MORNING: std::ops::Range<u32> = 6..10;
/// Hours ahead that the model foresees.
const HORIZON: TimeDelta = TimeDelta::hours(24);
/// Bikes that a truck holds unless told otherwise; a trailer holds no more than the most.
const USUAL_TRUCK: u32 = 20;
const LARGEST_TRUCK: u32 = 60;
/// Stations of a city that one question of the model API holds, four hours each.
const MOST_STATIONS: usize = 240;

/// Parameters of the address; one that cannot be read counts as absent.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct PlanQuery {
    /// Bikes that the truck holds.
    camion: Option<String>,
    /// The station whose prediction is to be explained.
    pourquoi: Option<String>,
}

/// The plan of the night.
#[derive(Template)]
#[template(path = "operations.html")]
struct OperationsPage {
    t: Frame,
    truck: u32,
    truck_field: Field,
    silent_since: Option<Report>,
    /// Nothing when the model API does not answer.
    night: Option<Night>,
    why: Option<Why>,
}

/// The plan in words.
struct Night {
    summary: String,
    origin: String,
    /// What the plan does not know.
    limit: String,
    stops: Vec<StopLine>,
}

struct StopLine {
    number: usize,
    station_id: StationId,
    name: String,
    what: String,
    load: String,
    why: String,
}

/// The explanation of the busiest hour of a station.
struct Why {
    title: String,
    sentence: String,
    parts: Vec<WhyPart>,
}

/// Departures that one family of features adds or takes away.
struct WhyPart {
    family: String,
    departures: String,
}

/// The morning of every station, as the model foresees it.
struct Mornings {
    model_version: String,
    stations: Vec<Morning>,
    /// False where no arrival is expected of any station: none was told.
    counts_arrivals: bool,
}

struct Morning {
    evening: EveningStation<StationId>,
    busiest: Option<Hour>,
}

/// `GET /exploitation?camion=20&pourquoi=RIV-001`.
pub(crate) async fn show_plan(
    State(web): State<Web>,
    Extension(t): Extension<Frame>,
    query: Result<Query<PlanQuery>, QueryRejection>,
) -> Result<Response, PageError> {
    let query = query.map(|Query(query)| query).unwrap_or_default();
    let latest = web.data_api().stations().await?;
    let mornings = read_mornings(&web, &t, &latest.stations).await.ok();

    let why = match (&mornings, query.pourquoi.as_deref()) {
        (Some(mornings), Some(station_id)) => {
            explain(&web, &t, mornings, &latest, station_id).await
        }
        _ => None,
    };
    let page = OperationsPage::new(t, &latest, mornings, &query, why, web.now());
    Ok(render(&page))
}

/// The hours of the next morning that the model foresees.
fn morning_hours(t: &Frame, now: DateTime<Utc>) -> Vec<Hour> {
    let local = |hour: &Hour| hour.start().with_timezone(&t.city().time_zone);
    let first = Hour::containing(now) + 1;
    let today = t.today(now);
    // Before the morning, that of today; after, that of tomorrow.
    let is_night = local(&first).date_naive() == today && local(&first).hour() <= MORNING.start;
    let day = if is_night {
        Some(today)
    } else {
        today.checked_add_days(Days::new(1))
    };

    let ahead = (0..24).map(|ahead| first + ahead);
    ahead
        .filter(|hour| hour.start() < now + HORIZON)
        .filter(|hour| Some(local(hour).date_naive()) == day)
        .filter(|hour| MORNING.contains(&local(hour).hour()))
        .collect()
}

async fn read_mornings(
    web: &Web,
    t: &Frame,
    stations: &StationList,
) -> Result<Mornings, NoForecast> {
    let hours = morning_hours(t, web.now());
    let served = stations.list.iter().take(MOST_STATIONS);
    let questions: Vec<_> = served
        .flat_map(|station| {
            hours.iter().map(|hour| StationHourQuestion {
                station_id: station.station_id.clone(),
                hour: *hour,
            })
        })
        .collect();
    if questions.is_empty() {
        return Err(NoForecast::Unavailable);
    }

    let served: Vec<_> = stations.list.iter().take(MOST_STATIONS).collect();
    let hours_ahead = HORIZON.num_hours() as u32;
    let (answers, chances) = tokio::join!(
        web.model_api().predictions(&questions),
        web.model_api().chances(&served, hours_ahead),
    );
    let arrivals = chances.unwrap_or_default();
    Ok(Mornings::new(stations, &hours, answers?, &arrivals))
}

impl Mornings {
    fn new(
        stations: &StationList,
        hours: &[Hour],
        answers: StationHourAnswers,
        arrivals: &Chances,
    ) -> Self {
        let of_each = answers.items.chunks(hours.len().max(1));
        let known = stations
            .list
            .iter()
            .zip(of_each)
            .filter_map(|(station, answers)| {
                // A station that says nothing cannot be planned for.
                let bikes = station.bikes_available?;
                let morning = morning(hours, answers, &station.station_id, arrivals);
                Some(Morning {
                    evening: EveningStation {
                        id: station.station_id.clone(),
                        latitude: station.latitude,
                        longitude: station.longitude,
                        capacity: station.capacity,
                        bikes,
                        morning: Swing::of(&morning),
                    },
                    busiest: busiest(hours, answers),
                })
            });

        Self {
            stations: known.collect(),
            model_version: answers.model_version,
            counts_arrivals: stations
                .list
                .iter()
                .any(|station| !arrivals.of(&station.station_id).is_empty()),
        }
    }

    fn find(&self, station_id: &StationId) -> Option<&Morning> {
        self.stations
            .iter()
            .find(|morning| morning.evening.id == *station_id)
    }
}

/// The hours of one station. Arrivals that are not told, where no habit was learnt, are none.
fn morning(
    hours: &[Hour],
    answers: &[StationHourAnswer],
    station_id: &StationId,
    arrivals: &Chances,
) -> Vec<MorningHour> {
    let ends = arrivals.of(station_id);
    let hour = |(hour, answer): (&Hour, &StationHourAnswer)| {
        // The arrivals of an hour are told with the state at its end.
        let end = ends.iter().find(|end| end.hour == *hour + 1);
        MorningHour {
            departures: answer.demand,
            departures_p90: answer.demand_p90,
            arrivals: end.map_or(0.0, |end| end.arrivals),
        }
    };
    hours.iter().zip(answers).map(hour).collect()
}

/// The hour of the highest demand.
fn busiest(hours: &[Hour], answers: &[StationHourAnswer]) -> Option<Hour> {
    let hours = hours.iter().zip(answers);
    let busiest = hours.max_by(|(_, one), (_, other)| one.demand.total_cmp(&other.demand));
    busiest.map(|(hour, _)| *hour)
}

async fn explain(
    web: &Web,
    t: &Frame,
    mornings: &Mornings,
    latest: &LatestStations,
    station_id: &str,
) -> Option<Why> {
    let station_id = station_id.parse::<StationId>().ok()?;
    let hour = mornings.find(&station_id)?.busiest?;
    let name = latest.stations.find(&station_id)?.name.clone();

    let question = StationHourQuestion { station_id, hour };
    let explanation = web.model_api().explanation(&question).await.ok()?;
    Some(Why::new(t, &name, hour, &explanation, web.now()))
}

impl OperationsPage {
    fn new(
        t: Frame,
        latest: &LatestStations,
        mornings: Option<Mornings>,
        query: &PlanQuery,
        why: Option<Why>,
        now: DateTime<Utc>,
    ) -> Self {
        let truck = query.camion.as_deref().and_then(|text| text.parse().ok());
        let truck: u32 = truck.unwrap_or(USUAL_TRUCK).clamp(1, LARGEST_TRUCK);
        let field = Field::new(&t, "camion", "operations-truck", FieldKind::Line("number"));

        Self {
            truck,
            truck_field: field
                .holding(&truck.to_string())
                .of_at_most(LARGEST_TRUCK as usize)
                .helped_by(t.count("operations-truck-help", LARGEST_TRUCK)),
            silent_since: latest.silent_since(&t, now),
            night: mornings.map(|mornings| Night::new(&t, latest, &mornings, truck, now)),
            why,
            t,
        }
    }

    fn link_why(&self, station_id: &StationId) -> String {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("camion", &self.truck.to_string())
            .append_pair("pourquoi", station_id.as_str())
            .finish();
        format!(
            "{}#pourquoi",
            self.t.link(&format!("/exploitation?{query}"))
        )
    }
}

impl Night {
    fn new(
        t: &Frame,
        latest: &LatestStations,
        mornings: &Mornings,
        truck: u32,
        now: DateTime<Utc>,
    ) -> Self {
        let evenings: Vec<_> = mornings
            .stations
            .iter()
            .map(|one| one.evening.clone())
            .collect();
        let at_risk = evenings
            .iter()
            .filter(|evening| evening.lacking() > 0)
            .count();
        let stops = plan(&evenings, truck);

        let summary = match (at_risk, stops.is_empty()) {
            (0, _) => t.say("operations-no-risk"),
            (_, true) => t.count("operations-no-donor", at_risk as u64),
            (_, false) => t.count("operations-risk", at_risk as u64),
        };
        let line = |(number, stop): (usize, &Stop<StationId>)| {
            let morning = mornings.find(&stop.id)?;
            let name = latest.stations.find(&stop.id)?.name.clone();
            Some(StopLine::new(t, number, stop, name, &morning.evening))
        };

        let read_at = t.age(now - latest.stations.read_at);
        let model = mornings.model_version.as_str();
        Self {
            summary,
            origin: t.tell(
                "operations-origin",
                [("age", read_at.into()), ("model", model.into())],
            ),
            limit: t.say(if mornings.counts_arrivals {
                "operations-limit"
            } else {
                "operations-limit-departures"
            }),
            stops: (1..).zip(&stops).filter_map(line).collect(),
        }
    }
}

impl StopLine {
    fn new(
        t: &Frame,
        number: usize,
        stop: &Stop<StationId>,
        name: String,
        evening: &EveningStation<StationId>,
    ) -> Self {
        let (what, why) = match stop.handling {
            Handling::Take(bikes) => (t.count("operations-take", bikes), "operations-why-take"),
            Handling::Leave(bikes) => (t.count("operations-leave", bikes), "operations-why-leave"),
        };
        let why = t.tell(
            why,
            [
                ("bikes", evening.bikes.into()),
                ("capacity", evening.capacity.into()),
                ("down", evening.morning.down.ceil().into()),
                ("up", evening.morning.up.ceil().into()),
            ],
        );

        Self {
            number,
            station_id: stop.id.clone(),
            name,
            what,
            load: t.count("count-bikes", stop.load),
            why,
        }
    }
}

/// Families of features, each with the words for it, in the order of the table.
const FAMILIES: [&str; 5] = [
    "family-station",
    "family-city",
    "family-calendar",
    "family-weather",
    "family-events",
];

/// The family of a feature: an operator acts on weather or events, not on `lag_168`.
fn family(feature: &str) -> &'static str {
    let holds = |words: &[&str]| words.iter().any(|word| feature.contains(word));
    let begins = |words: &[&str]| words.iter().any(|word| feature.starts_with(word));

    if holds(&["system"]) {
        "family-city"
    } else if holds(&[
        "temperature",
        "humidity",
        "wind",
        "precipitation",
        "rain",
        "weather",
        "wet",
    ]) {
        "family-weather"
    } else if holds(&["event"]) {
        "family-events"
    } else if begins(&[
        "level",
        "usual",
        "counted",
        "lag_",
        "around_",
        "mean_",
        "week_on",
        "same_",
        "profile",
        "expected_",
    ]) {
        "family-station"
    } else {
        "family-calendar"
    }
}

impl Why {
    fn new(
        t: &Frame,
        name: &str,
        hour: Hour,
        explanation: &DemandExplanation,
        now: DateTime<Utc>,
    ) -> Self {
        let moment = t.moment(hour.start(), t.today(now));
        let number = |value| t.number(value, 1);
        let part = |key: &str| {
            let own = explanation
                .contributions
                .iter()
                .filter(|one| family(&one.feature) == key);
            let departures: f64 = own.map(|one| one.contribution).sum();
            WhyPart {
                family: t.say(key),
                // Screen readers say the minus sign U+2212 and may skip a hyphen.
                departures: number(departures).replace('-', "−"),
            }
        };

        Self {
            title: t.tell("operations-why-title", [("name", name.into())]),
            sentence: t.tell(
                "operations-why-sentence",
                [
                    ("moment", moment.into()),
                    ("demand", number(explanation.demand).into()),
                    ("base", number(explanation.base).into()),
                ],
            ),
            parts: FAMILIES.into_iter().map(part).collect(),
        }
    }

    fn caption(&self, t: &Frame) -> Markup {
        t.markup("operations-why-caption", [])
    }
}

#[cfg(test)]
pub(super) use samples::samples;

#[cfg(test)]
mod samples;
