//! GBFS 3.0, <https://github.com/MobilityData/gbfs/blob/v3.0/gbfs.md>, and 2.3, which says the same
//! in older words.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, DurationRound, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};

use super::town::Town;
use crate::city::Availability;
use crate::day::Vehicle;
use crate::geography::{DISTRICTS, STATIONS};

mod v2_3;

/// The feeds that the discovery file lists, itself apart.
const FEEDS: [&str; 5] = [
    "system_information",
    "vehicle_types",
    "station_information",
    "station_status",
    "system_regions",
];

/// Seconds for which an answer stays true: the city speaks once a minute.
const TTL: u32 = 60;

/// The fields of bikes and docks in `station_status`.
const COUNTS: [&str; 2] = ["num_vehicles_available", "num_docks_available"];

/// Names that an incident gives them.
const OTHER_COUNTS: [&str; 2] = ["vehicles", "docks"];

pub(super) async fn find_feed(
    State(town): State<Town>,
    Path((version, file)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    // Two requests within a minute get the same answer.
    let now = to_the_minute(town.now());
    let data = match file.strip_suffix(".json") {
        Some("gbfs") => discovery(&headers, &version),
        Some("system_information") => system_information(),
        Some("vehicle_types") => vehicle_types(),
        Some("station_information") => station_information(&town),
        Some("station_status") => station_status(&town, now),
        Some("system_regions") => system_regions(),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };

    let feed = json!({ "last_updated": rfc_3339(now), "ttl": TTL, "version": "3.0", "data": data });

    match version.as_str() {
        // One text of the facts, in the newest words; the older version is a translation.
        "3" => Json(feed).into_response(),
        "2.3" => Json(v2_3::translate(feed)).into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

fn discovery(headers: &HeaderMap, version: &str) -> Value {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        // HTTP/1.0 clients send no host.
        .unwrap_or("localhost");
    let feed = |name: &&str| json!({ "name": name, "url": format!("http://{host}/gbfs/{version}/{name}.json") });
    json!({ "feeds": FEEDS.iter().map(feed).collect::<Vec<_>>() })
}

fn system_information() -> Value {
    json!({
        "system_id": "velorive_rivemont",
        "languages": ["fr"],
        "name": french("Vélorive"),
        "short_name": french("Vélorive"),
        "operator": french("Vélorive"),
        "opening_hours": "24/7",
        "start_date": "2023-01-01",
        "timezone": "Europe/Paris",
        "feed_contact_email": "donnees@velorive.example",
    })
}

fn vehicle_types() -> Value {
    let kind = |vehicle: Vehicle, propulsion: &str, name: &str| {
        json!({
            "vehicle_type_id": vehicle.name(),
            "form_factor": "bicycle",
            "propulsion_type": propulsion,
            "name": french(name),
            "return_constraint": "any_station",
        })
    };

    let classic = kind(Vehicle::Classic, "human", "Vélo classique");
    let mut electric = kind(
        Vehicle::Electric,
        "electric_assist",
        "Vélo à assistance électrique",
    );

    // GBFS 3.0 requires a range of any vehicle with a motor.
    electric["max_range_meters"] = json!(60_000);
    json!({ "vehicle_types": [classic, electric] })
}

fn system_regions() -> Value {
    let region = DISTRICTS
        .iter()
        .map(|one| json!({ "region_id": one.id, "name": french(one.name) }));
    json!({ "regions": region.collect::<Vec<_>>() })
}

fn station_information(town: &Town) -> Value {
    let stations = town
        .city
        .stations()
        .iter()
        .zip(&STATIONS)
        .map(|(station, site)| {
            json!({
                "station_id": station.station_id,
                "name": french(&station.name),
                "lat": station.latitude,
                "lon": station.longitude,
                "region_id": DISTRICTS[site.district].id,
                "capacity": station.capacity,
                "is_virtual_station": false,
            })
        });

    json!({ "stations": stations.collect::<Vec<_>>() })
}

fn station_status(town: &Town, now: DateTime<Utc>) -> Value {
    let counts = if town.city.world().has_other_schema(now) {
        OTHER_COUNTS
    } else {
        COUNTS
    };
    let stations = town
        .city
        .availability(now)
        .into_iter()
        .map(|station| status(&station, counts, now));
    json!({ "stations": stations.collect::<Vec<_>>() })
}

fn status(station: &Availability, [bikes, docks]: [&str; 2], now: DateTime<Utc>) -> Value {
    let of_type =
        |vehicle: Vehicle, count: u16| json!({ "vehicle_type_id": vehicle.name(), "count": count });

    json!({
        "station_id": station.station_id,
        bikes: station.classic_bikes + station.electric_bikes,
        "vehicle_types_available": [
            of_type(Vehicle::Classic, station.classic_bikes),
            of_type(Vehicle::Electric, station.electric_bikes),
        ],
        docks: station.free_docks,
        "is_installed": true,
        "is_renting": true,
        "is_returning": true,
        "last_reported": rfc_3339(now),
    })
}

/// A text in the one language of the system.
fn french(text: &str) -> Value {
    json!([{ "text": text, "language": "fr" }])
}

fn rfc_3339(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn to_the_minute(instant: DateTime<Utc>) -> DateTime<Utc> {
    instant
        .duration_trunc(TimeDelta::minutes(1))
        .unwrap_or(instant)
}
