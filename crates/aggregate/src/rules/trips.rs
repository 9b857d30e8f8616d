//! The rules that judge trips. To add one: its declaration, its function, its line in
//! [`TRIP_RULES`], which all that cleans reads.

// A rule that is declared and not in the table would never run: it does not build.
#![deny(dead_code)]

use chrono::DateTime;

use crate::instant::SECOND;
use crate::rule::{Check, CleaningRule, told};
use crate::text::repaired_encoding;
use crate::trip::{PublishedTrip, Trip};

/// First the faults that one trip shows alone, then the copies, last the repairs.
pub(crate) static TRIP_RULES: &[CleaningRule] = &[
    // Without a start nothing else can be judged.
    UNREADABLE_INSTANT,
    // An absent station is not an unknown one.
    MISSING_STATION,
    UNKNOWN_STATION,
    NEGATIVE_DURATION,
    EXCESSIVE_DURATION,
    // Last of the rejections: a copy of a bad row has the reason of that row.
    DUPLICATE_TRIP,
    // Only rows that are kept are worth repairing.
    WRONG_ENCODING,
];

pub(crate) const UNREADABLE_INSTANT: CleaningRule = CleaningRule {
    code: "R06",
    name: "unreadable_instant",
    reason: "Le début du trajet n’est pas une date, ou tombe hors des années 1990 à 2099 : le trajet n’appartient à \
             aucune heure. La ligne est écartée.",
    check: Check::Trip(unreadable_instant),
};

/// 1990-01-01: clocks that were never set show 1970, and 1900 or 9999 stand for nothing.
const EARLIEST_START: i64 = 631_152_000 * SECOND;
/// 2100-01-01, the first instant that is too late.
const LATEST_START: i64 = 4_102_444_800 * SECOND;

fn unreadable_instant(trip: &Trip) -> Option<String> {
    match trip.start {
        Some(EARLIEST_START..LATEST_START) => None,
        Some(start) => Some(told("started_at", date(start))),
        None => Some(told("started_at", "")),
    }
}

const MISSING_STATION: CleaningRule = CleaningRule {
    code: "R05",
    name: "missing_station",
    reason: "La station de départ n’est pas donnée : le trajet n’appartient à aucune station. La ligne est écartée.",
    check: Check::Trip(missing_station),
};

fn missing_station(trip: &Trip) -> Option<String> {
    let is_missing = trip.start_station.id.is_none_or(str::is_empty);
    is_missing.then(|| told("start_station_id", ""))
}

pub(crate) const UNKNOWN_STATION: CleaningRule = CleaningRule {
    code: "R04",
    name: "unknown_station",
    reason: "La station de départ n’est connue ni du service web ni de l’opérateur, ou son identifiant n’en est pas \
             un. Sans aucune source de stations, toute station d’où part un trajet est connue. La ligne est écartée.",
    check: Check::Trip(unknown_station),
};

fn unknown_station(trip: &Trip) -> Option<String> {
    let station = trip.start_station;
    let is_unknown = station.number.is_none();
    is_unknown.then(|| told("start_station_id", station.id.unwrap_or_default()))
}

const NEGATIVE_DURATION: CleaningRule = CleaningRule {
    code: "R02",
    name: "negative_duration",
    reason: "Le trajet finit avant d’avoir commencé : instants inversés, ou fin écrite en heure locale la nuit \
             où l’on revient à l’heure d’hiver. Aucun des deux instants n’est sûr. La ligne est écartée.",
    check: Check::Trip(negative_duration),
};

fn negative_duration(trip: &Trip) -> Option<String> {
    let seconds = trip.seconds().filter(|&seconds| seconds < 0.0)?;
    Some(told("seconds", format_args!("{seconds:?}")))
}

const EXCESSIVE_DURATION: CleaningRule = CleaningRule {
    code: "R03",
    name: "excessive_duration",
    reason: "Le trajet dure plus de 24 heures : vélo perdu, volé ou mal raccroché, ce n’est pas un usage. La ligne \
             est écartée.",
    check: Check::Trip(excessive_duration),
};

/// A day.
const LONGEST_SECONDS: f64 = 86_400.0;

fn excessive_duration(trip: &Trip) -> Option<String> {
    let seconds = trip
        .seconds()
        .filter(|&seconds| seconds > LONGEST_SECONDS)?;
    Some(told("seconds", format_args!("{seconds:?}")))
}

const DUPLICATE_TRIP: CleaningRule = CleaningRule {
    code: "R01",
    name: "duplicate_trip",
    reason: "Le trajet a déjà été lu : même identifiant, même début et même station ou, sans identifiant, tous les \
             champs publiés égaux. La première ligne (par nom de fichier, puis par numéro de ligne) est gardée, les \
             suivantes sont écartées.",
    check: Check::Copies(compared_fields),
};

/// An identifier, a start and a station are a trip's own: no other field is compared. Without an
/// identifier all of them are.
fn compared_fields<'t, 'a>(published: &'t PublishedTrip<'a>) -> Option<&'t PublishedTrip<'a>> {
    published.trip.id.is_none().then_some(published)
}

const WRONG_ENCODING: CleaningRule = CleaningRule {
    code: "R07",
    name: "wrong_encoding",
    reason: "Le nom de la station de départ est de l’UTF-8 lu comme du Windows-1252 (« RÃ©publique »). Le nom voulu \
             est retrouvé sans perte. La ligne est réparée.",
    check: Check::Name(repaired_encoding),
};

fn date(microseconds: i64) -> String {
    let instant = DateTime::from_timestamp_micros(microseconds);
    instant.map_or_else(String::new, |instant| {
        instant.format("%Y-%m-%d").to_string()
    })
}

#[cfg(test)]
mod tests;
