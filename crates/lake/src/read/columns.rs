//! Meaning of the columns of a public trip history, whoever publishes it.

use crate::LakeError;

/// A field of the canonical trip, or a part of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    TripId,
    StartedAt,
    /// The hour of a start whose date stands in a column of its own.
    StartTime,
    EndedAt,
    /// The hour of an end whose date stands in a column of its own.
    EndTime,
    StartStationId,
    StartStationName,
    /// An identifier where nothing else is one, else a name.
    StartStation,
    EndStationId,
    EndStationName,
    /// An identifier where nothing else is one, else a name.
    EndStation,
    StartLatitude,
    StartLongitude,
    EndLatitude,
    EndLongitude,
    Duration,
    RiderType,
    /// Read past, told in the report.
    Ignored,
    /// Never read: it describes a person.
    Personal,
}

use Field::{
    Duration, EndLatitude, EndLongitude, EndStation, EndStationId, EndStationName, EndTime,
    EndedAt, Ignored, Personal, RiderType, StartLatitude, StartLongitude, StartStation,
    StartStationId, StartStationName, StartTime, StartedAt, TripId,
};

/// The names under which each field is published, compared without capitals, spaces and
/// punctuation: `Start Time`, `starttime` and `start_time` are one. From the public histories of
/// North American, European and Mexican systems, old and new.
static NAMES: [(Field, &[&str]); 17] = [
    (
        TripId,
        &[
            "ride id",
            "trip id",
            "rental id",
            "rental details rental id",
            "viaje id",
            "number",
        ],
    ),
    (
        StartedAt,
        &[
            "started at",
            "start time",
            "start date",
            "trip start time",
            "start time ms",
            "start datetime",
            "departure",
            "departure time",
            "rental details local start time",
            "checkout date",
            "inicio del viaje",
            "fecha retiro",
        ],
    ),
    (StartTime, &["checkout time", "hora retiro"]),
    (
        EndedAt,
        &[
            "ended at",
            "stop time",
            "end time",
            "end date",
            "trip stop time",
            "trip end time",
            "end time ms",
            "end datetime",
            "return",
            "return time",
            "rental details local end time",
            "return date",
            "fin del viaje",
            "fecha arribo",
        ],
    ),
    (EndTime, &["hora arribo"]),
    (
        StartStationId,
        &[
            "start station id",
            "start station number",
            "start station code",
            "start terminal",
            "from station id",
            "emplacement pk start",
            "departure station id",
            "rental start station id",
            "checkout kiosk id",
            "ciclo estacion retiro",
            "origen id",
        ],
    ),
    (
        StartStationName,
        &[
            "start station name",
            "from station name",
            "departure station name",
            "rental start station name",
            "checkout kiosk",
        ],
    ),
    (
        StartStation,
        &["start station", "from station", "departure station"],
    ),
    (
        EndStationId,
        &[
            "end station id",
            "end station number",
            "end station code",
            "end terminal",
            "to station id",
            "emplacement pk end",
            "return station id",
            "rental end station id",
            "return kiosk id",
            "ciclo estacion arribo",
            "ciclo estacionarribo",
            "destino id",
        ],
    ),
    (
        EndStationName,
        &[
            "end station name",
            "to station name",
            "return station name",
            "rental end station name",
            "return kiosk",
        ],
    ),
    (EndStation, &["end station", "to station", "return station"]),
    (
        StartLatitude,
        &["start lat", "start latitude", "start station latitude"],
    ),
    (
        StartLongitude,
        &[
            "start lng",
            "start lon",
            "start longitude",
            "start station longitude",
        ],
    ),
    (
        EndLatitude,
        &["end lat", "end latitude", "end station latitude"],
    ),
    (
        EndLongitude,
        &[
            "end lng",
            "end lon",
            "end longitude",
            "end station longitude",
        ],
    ),
    (
        Duration,
        &[
            "duration",
            "trip duration",
            "duration sec",
            "duration ms",
            "total duration",
            "total duration ms",
            "total duration seconds",
            "trip duration seconds",
            "trip duration minutes",
            "rental details duration in seconds uncapped",
        ],
    ),
    (
        RiderType,
        &[
            "member casual",
            "user type",
            "member type",
            "account type",
            "subscriber type",
            "subscription type",
            "passholder type",
            "membership type",
            "is member",
        ],
    ),
];

/// Parts of the names of columns that describe people, in the same writing.
const PERSONAL: [&str; 13] = [
    "birth",
    "gender",
    "genero",
    "postal",
    "zip",
    "edad",
    "nacimiento",
    "usuario",
    "email",
    "phone",
    "user id",
    "customer",
    "rider id",
];

/// Name of a field in reports: its column in the canonical trip.
const fn canonical(field: Field) -> Option<&'static str> {
    Some(match field {
        TripId => "trip_id",
        StartedAt | StartTime => "started_at",
        EndedAt | EndTime => "ended_at",
        StartStationId => "start_station_id",
        StartStationName => "start_station_name",
        EndStationId => "end_station_id",
        EndStationName => "end_station_name",
        StartLatitude => "start_latitude",
        StartLongitude => "start_longitude",
        EndLatitude => "end_latitude",
        EndLongitude => "end_longitude",
        Duration => "duration_seconds",
        RiderType => "rider_type",
        StartStation | EndStation | Ignored | Personal => return None,
    })
}

/// Recognises each column of a header.
pub(super) fn recognise(path: &str, header: &[String]) -> Result<Vec<Field>, LakeError> {
    let mut fields: Vec<Field> = header.iter().map(|name| field(&squeeze(name))).collect();

    split_date_and_time(&mut fields, header, StartedAt, StartTime);
    split_date_and_time(&mut fields, header, EndedAt, EndTime);
    // `Start station` is a name beside `Start station number`, an identifier alone.
    settle(&mut fields, StartStation, StartStationId, StartStationName);
    settle(&mut fields, EndStation, EndStationId, EndStationName);

    let has = |wanted: &[Field]| fields.iter().any(|field| wanted.contains(field));

    let needs: [(&'static str, &[Field]); 3] = [
        ("the instant of the start", &[StartedAt]),
        ("the start station", &[StartStationId, StartStationName]),
        (
            "the instant of the end, or the duration",
            &[EndedAt, Duration],
        ),
    ];

    let missing: Vec<_> = needs
        .into_iter()
        .filter(|(_, wanted)| !has(wanted))
        .map(|(need, _)| need)
        .collect();

    if missing.is_empty() {
        return Ok(fields);
    }

    Err(LakeError::UnknownColumns {
        path: path.to_owned(),
        found: list(header),
        missing: missing.join(", "),
    })
}

/// `name as field`, for each column that has a place in the canonical trip.
pub(super) fn describe(header: &[String], fields: &[Field]) -> Vec<String> {
    let named = header
        .iter()
        .zip(fields)
        .filter_map(|(name, field)| Some((name, canonical(*field)?)));

    named
        .map(|(name, field)| {
            if name == field {
                name.clone()
            } else {
                format!("{name} as {field}")
            }
        })
        .collect()
}

fn field(name: &str) -> Field {
    let known = NAMES
        .iter()
        .find(|(_, names)| names.iter().any(|one| squeeze(one) == name));
    match known {
        Some(&(field, _)) => field,
        // Looked for inside names too: `member_birth_year` is as personal as `birth`.
        None if PERSONAL.iter().any(|part| name.contains(&squeeze(part))) => Personal,
        None => Ignored,
    }
}

/// Of two columns that claim an instant, one named after a date and the other after a time: the
/// second is the time of day.
fn split_date_and_time(fields: &mut [Field], header: &[String], instant: Field, time: Field) {
    let claim: Vec<(usize, String)> = (0..fields.len())
        .filter(|&at| fields[at] == instant)
        .map(|at| (at, squeeze(&header[at])))
        .collect();
    if claim.iter().any(|(_, name)| name.contains("date")) {
        let times = claim
            .iter()
            .filter(|(_, name)| name.contains("time") && !name.contains("date"));
        times.for_each(|&(at, _)| fields[at] = time);
    }
}

/// Decides the meaning of a column named after a station alone.
fn settle(fields: &mut [Field], ambiguous: Field, id: Field, name: Field) {
    let settled = if fields.contains(&id) { name } else { id };
    fields
        .iter_mut()
        .filter(|field| **field == ambiguous)
        .for_each(|field| *field = settled);
}

fn list(names: &[String]) -> String {
    let shown = names
        .iter()
        // A file that is no table may have one column of a megabyte.
        .take(40)
        .map(|name| format!("`{}`", name.escape_debug().take(60).collect::<String>()));
    shown.collect::<Vec<_>>().join(", ")
}

/// Letters and digits in lower case, without the number that some publishers put before a name: `01
/// - Rental…`.
fn squeeze(name: &str) -> String {
    let unnumbered =
        name.trim_start_matches(|sign: char| sign.is_ascii_digit() || " -_".contains(sign));
    unnumbered
        .chars()
        .filter(|sign| sign.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests;
