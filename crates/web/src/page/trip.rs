use askama::Template;
use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use chrono::{DateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use filrouge_api_client::data::StationItem;
use serde::Deserialize;

use super::availability::Report;
use super::chances::{RiderNeed, chance_at};
use super::error::PageError;
use super::render::render;
use super::station_field::{Meant, StationField};
use crate::assets;
use crate::data_api::LatestStations;
use crate::frame::Frame;
use crate::markup::Markup;
use crate::model_api::Chances;
use crate::search::LONGEST;
use crate::web::Web;

/// Hours of chances: the next time that a clock shows an hour is within a day.
const HOURS: u32 = 24;

/// Below this chance, a safer station nearby is proposed.
const UNSURE: f64 = 0.8;

/// A station is proposed when its chance is better by this much.
const BETTER: f64 = 0.1;

/// The farthest that a person is asked to walk, metres.
const WALK: f64 = 700.0;

/// Stations around each end of the trip whose chances are asked for.
const NEIGHBOURS: usize = 5;

/// Streets are a third longer than the crow flies; a cautious rider does 12 km/h, and takes two minutes
/// to unlock a bike and to lock it.
const DETOUR: f64 = 1.33;
const METRES_A_MINUTE: f64 = 200.0;
const HANDLING_MINUTES: f64 = 2.0;

/// Parameters of the address.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct TripQuery {
    depart: Option<String>,
    arrivee: Option<String>,
    heure: Option<String>,
}

/// A trip: a bike at its start, a dock at its end.
#[derive(Template)]
#[template(path = "trip.html")]
struct TripPage {
    t: Frame,
    silent_since: Option<Report>,
    origin: StationField,
    destination: StationField,
    time: String,
    time_error: Option<String>,
    outcome: Option<TripOutcome>,
}

/// The answer, ready to be written.
struct TripOutcome {
    heading: String,
    answer: String,
    safer: Vec<Markup>,
    reverse: String,
}

/// A trip that can be looked at: two stations and an instant.
struct Trip<'a> {
    origin: &'a StationItem,
    destination: &'a StationItem,
    leaves_at: DateTime<Utc>,
    arrives_at: DateTime<Utc>,
}

/// `GET /trajet`.
pub(crate) async fn show_trip(
    State(web): State<Web>,
    Extension(t): Extension<Frame>,
    query: Result<Query<TripQuery>, QueryRejection>,
) -> Result<Response, PageError> {
    let latest = web.data_api().stations().await?;
    let query = query.map(|Query(query)| query).unwrap_or_default();
    let now = web.now();

    let mut page = TripPage::new(t, &latest, &query, now);
    if let Some(trip) = page.trip(&latest.stations.list, &query, now) {
        let asked = trip.stations(&latest.stations.list);
        let chances = web.model_api().chances(&asked, HOURS).await;
        page.outcome = Some(TripOutcome::new(
            &page.t,
            &trip,
            &asked,
            chances.as_ref(),
            now,
        ));
    }
    Ok(render(&page))
}

impl TripPage {
    fn new(t: Frame, latest: &LatestStations, query: &TripQuery, now: DateTime<Utc>) -> Self {
        let list = &latest.stations.list;
        let (depart, arrivee) = query.stations();
        let (from, to) = (Meant::read(list, depart), Meant::read(list, arrivee));
        // A link may bring the first station alone: nothing is wrong yet.
        let was_sent = query.heure.is_some();

        let field = |id, key: &str, typed: &str, meant: &Meant<'_>| {
            StationField::new(&t, (id, t.say(key)), typed, meant, was_sent)
        };
        let origin = field("depart", "trip-origin", depart, &from);
        let mut destination = field("arrivee", "trip-destination", arrivee, &to);
        if is_same(&from, &to) {
            destination.error = Some(t.say("field-same"));
        }

        let typed = query.heure.as_deref().unwrap_or_default();
        let time = read_time(typed);
        let is_wrong = was_sent && time.is_none();
        Self {
            silent_since: latest.silent_since(&t, now),
            origin,
            destination,
            time: time.map_or_else(String::new, |time| time.format("%H:%M").to_string()),
            time_error: is_wrong.then(|| t.say("trip-time-unreadable")),
            outcome: None,
            t,
        }
    }

    /// The trip that is asked for, when nothing is wrong with it.
    fn trip<'a>(
        &self,
        list: &'a [StationItem],
        query: &TripQuery,
        now: DateTime<Utc>,
    ) -> Option<Trip<'a>> {
        if self.has_error() {
            return None;
        }
        let (depart, arrivee) = query.stations();
        let origin = Meant::read(list, depart).station()?;
        let destination = Meant::read(list, arrivee).station()?;
        let leaves_at = next_time(&self.t, read_time(query.heure.as_deref()?)?, now)?;

        let minutes = HANDLING_MINUTES + DETOUR * metres(origin, destination) / METRES_A_MINUTE;
        Some(Trip {
            origin,
            destination,
            leaves_at,
            arrives_at: leaves_at + TimeDelta::minutes(minutes.ceil() as i64),
        })
    }

    fn has_error(&self) -> bool {
        let errors = [
            &self.origin.error,
            &self.destination.error,
            &self.time_error,
        ];
        errors.iter().any(|error| error.is_some())
    }

    /// An error is told first: the title is what a screen reader says first.
    fn title(&self) -> String {
        match (&self.outcome, self.has_error()) {
            (_, true) => {
                let title = self.t.say("trip-heading");
                self.t.tell("title-error", [("title", title.into())])
            }
            (Some(outcome), _) => outcome.heading.clone(),
            (None, _) => self.t.say("trip-heading"),
        }
    }
}

impl TripQuery {
    fn stations(&self) -> (&str, &str) {
        (
            self.depart.as_deref().unwrap_or_default(),
            self.arrivee.as_deref().unwrap_or_default(),
        )
    }
}

impl<'a> Trip<'a> {
    /// Both stations, then those around each.
    fn stations(&self, list: &'a [StationItem]) -> Vec<&'a StationItem> {
        let mut all = vec![self.origin, self.destination];
        all.extend(neighbours(list, self.origin));
        all.extend(neighbours(list, self.destination));
        all.sort_by(|one, other| one.station_id.cmp(&other.station_id));
        all.dedup_by(|one, other| one.station_id == other.station_id);
        all
    }
}

impl TripOutcome {
    fn new(
        t: &Frame,
        trip: &Trip<'_>,
        asked: &[&StationItem],
        chances: Option<&Chances>,
        now: DateTime<Utc>,
    ) -> Self {
        let heading = t.tell(
            "trip-outcome",
            [
                ("clock", t.clock(trip.leaves_at).into()),
                ("origin", trip.origin.name.as_str().into()),
                ("destination", trip.destination.name.as_str().into()),
            ],
        );
        let ends = Ends {
            t,
            asked,
            chances,
            now,
        };

        Self {
            heading,
            answer: ends.answer(trip),
            safer: [ends.safer_origin(trip), ends.safer_destination(trip)]
                .into_iter()
                .flatten()
                .collect(),
            reverse: reverse(t, trip),
        }
    }
}

/// The chances at both ends of a trip, and around them.
struct Ends<'a> {
    t: &'a Frame,
    asked: &'a [&'a StationItem],
    chances: Option<&'a Chances>,
    now: DateTime<Utc>,
}

impl Ends<'_> {
    fn answer(&self, trip: &Trip<'_>) -> String {
        let Trip {
            origin,
            destination,
            leaves_at,
            arrives_at,
        } = trip;
        let bike = self.chance(origin, RiderNeed::Bike, *leaves_at);
        let dock = self.chance(destination, RiderNeed::Dock, *arrives_at);
        let (Some(bike), Some(dock)) = (bike, dock) else {
            return self.no_answer(trip);
        };

        self.t.tell(
            "trip-answer",
            [
                ("origin", origin.name.as_str().into()),
                ("leaves", self.t.clock(*leaves_at).into()),
                ("bike", self.t.odds(bike).into()),
                ("destination", destination.name.as_str().into()),
                ("arrives", self.t.clock(*arrives_at).into()),
                ("dock", self.t.odds(dock).into()),
            ],
        )
    }

    /// Why there is none: the forecast ends before, or there is no forecast.
    fn no_answer(&self, trip: &Trip<'_>) -> String {
        let last = self
            .chances
            .and_then(|chances| chances.of(&trip.origin.station_id).last());
        match last {
            None => self.t.say("trip-no-chances"),
            Some(last) => {
                let today = self.t.today(self.now);
                let until = self.t.moment(last.hour.start(), today);
                self.t.tell("trip-too-far", [("until", until.into())])
            }
        }
    }

    fn safer_origin(&self, trip: &Trip<'_>) -> Option<Markup> {
        self.safer(
            trip.origin,
            RiderNeed::Bike,
            trip.leaves_at,
            "trip-safer-origin",
        )
    }

    fn safer_destination(&self, trip: &Trip<'_>) -> Option<Markup> {
        let key = "trip-safer-destination";
        self.safer(trip.destination, RiderNeed::Dock, trip.arrives_at, key)
    }

    /// The surest station that is near to one that is not sure.
    fn safer(
        &self,
        station: &StationItem,
        wanted: RiderNeed,
        instant: DateTime<Utc>,
        key: &str,
    ) -> Option<Markup> {
        let chance = self.chance(station, wanted, instant)?;
        if chance >= UNSURE {
            return None;
        }

        let near = self.asked.iter().filter(|other| {
            other.station_id != station.station_id && metres(station, other) <= WALK
        });
        let chances = near.filter_map(|other| Some((other, self.chance(other, wanted, instant)?)));
        let (other, better) = chances.max_by(|one, two| one.1.total_cmp(&two.1))?;
        (better >= chance + BETTER).then(|| self.proposed(key, station, other, better))
    }

    fn proposed(
        &self,
        key: &str,
        station: &StationItem,
        other: &StationItem,
        chance: f64,
    ) -> Markup {
        let encoded: String =
            url::form_urlencoded::byte_serialize(other.station_id.as_str().as_bytes()).collect();
        let address = format!("/stations/{}", encoded.replace('+', "%20"));
        // Nobody walks by the metre.
        let metres = (metres(station, other) / 50.0).round() * 50.0;

        self.t.markup(
            key,
            [
                ("link", Markup::text(&self.t.link(&address))),
                ("name", Markup::text(&other.name)),
                ("metres", Markup::text(&format!("{metres:.0}"))),
                ("odds", Markup::text(&self.t.odds(chance))),
            ],
        )
    }

    fn chance(
        &self,
        station: &StationItem,
        wanted: RiderNeed,
        instant: DateTime<Utc>,
    ) -> Option<f64> {
        let number = match wanted {
            RiderNeed::Bike => station.bikes_available?,
            RiderNeed::Dock => station.docks_available?,
        };
        let hours = self.chances?.of(&station.station_id);
        chance_at(hours, wanted, (self.now, number > 0), instant)
    }
}

fn is_same(one: &Meant<'_>, other: &Meant<'_>) -> bool {
    match (one.station(), other.station()) {
        (Some(one), Some(other)) => one.station_id == other.station_id,
        _ => false,
    }
}

/// The stations nearest to one, itself apart.
fn neighbours<'a>(list: &'a [StationItem], station: &StationItem) -> Vec<&'a StationItem> {
    let mut near: Vec<_> = list
        .iter()
        .filter(|other| other.station_id != station.station_id && metres(station, other) <= WALK)
        .collect();
    near.sort_by(|one, other| metres(station, one).total_cmp(&metres(station, other)));
    near.truncate(NEIGHBOURS);
    near
}

/// Metres between two stations as the crow flies: a plane is flat enough for a city.
fn metres(one: &StationItem, other: &StationItem) -> f64 {
    const A_DEGREE: f64 = 111_320.0;
    let north = (one.latitude - other.latitude) * A_DEGREE;
    let middle = f64::midpoint(one.latitude, other.latitude).to_radians();
    let east = (one.longitude - other.longitude) * A_DEGREE * middle.cos();
    north.hypot(east)
}

/// `8:10`, `08h10`, `8 h 10` or `8`.
fn read_time(text: &str) -> Option<NaiveTime> {
    let text: String = text.split_whitespace().collect();
    let (hours, minutes) = text.split_once(['h', 'H', ':']).unwrap_or((&text, ""));
    let minutes = if minutes.is_empty() { "0" } else { minutes };
    NaiveTime::from_hms_opt(hours.parse().ok()?, minutes.parse().ok()?, 0)
}

/// The next instant at which the clocks of the city show `time`; the minute under way counts.
fn next_time(t: &Frame, time: NaiveTime, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let zone = t.city().time_zone;
    let today = t.today(now);
    let days = [Some(today), today.succ_opt(), today.succ_opt()?.succ_opt()];
    days.into_iter().flatten().find_map(|date| {
        // An hour that the clocks jump over does not exist: the next day has it.
        let instant = zone
            .from_local_datetime(&date.and_time(time))
            .earliest()?
            .to_utc();
        (instant > now - TimeDelta::minutes(1)).then_some(instant)
    })
}

/// The same trip the other way.
fn reverse(t: &Frame, trip: &Trip<'_>) -> String {
    let local = trip.leaves_at.with_timezone(&t.city().time_zone);
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("depart", trip.destination.station_id.as_str())
        .append_pair("arrivee", trip.origin.station_id.as_str())
        .append_pair("heure", &local.format("%H:%M").to_string())
        .finish();
    t.link(&format!("/trajet?{query}"))
}

/// The form, an answer, and a form with an error in each field.
#[cfg(test)]
pub(super) fn samples(t: &Frame) -> Vec<(&'static str, String)> {
    let latest = crate::data_api::sample();
    let now = crate::data_api::SAMPLE_TIME;
    let chances = crate::model_api::sample_chances();
    let page = |depart: &str, arrivee: &str, heure: Option<&str>, chances: Option<&Chances>| {
        let query = TripQuery {
            depart: Some(depart.to_owned()),
            arrivee: Some(arrivee.to_owned()),
            heure: heure.map(str::to_owned),
        };
        let mut page = TripPage::new(t.clone(), &latest, &query, now);
        if let Some(trip) = page.trip(&latest.stations.list, &query, now) {
            let asked = trip.stations(&latest.stations.list);
            page.outcome = Some(TripOutcome::new(t, &trip, &asked, chances, now));
        }
        page.render().unwrap()
    };

    vec![
        ("trip", page("", "", None, None)),
        (
            "trip_answer",
            page("RIV-001", "RIV-002", Some("18:10"), Some(&chances)),
        ),
        (
            "trip_without_answer",
            page("RIV-001", "RIV-002", Some("18:10"), None),
        ),
        ("trip_errors", page("centre", "zzz", Some("midi"), None)),
    ]
}

#[cfg(test)]
mod tests;
