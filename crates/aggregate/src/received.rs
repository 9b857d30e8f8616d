//! Trips that are read whole: in the order of files and lines, each once, with the station that
//! their identifiers lead to.

use crate::identity::StationResolver;
use crate::ledger::Ledger;
use crate::trip::{ReceivedColumns, ReceivedTrip};

/// The trips to judge. They are noted as read.
pub(crate) fn receive<'a, 'r: 'a>(
    columns: &'a ReceivedColumns,
    stations: &mut StationResolver<'r>,
    ledger: &mut Ledger,
) -> Vec<ReceivedTrip<'a>> {
    let mut trips: Vec<ReceivedTrip> = columns.trips(stations).collect();

    // Stable: files are opened in the order of `SOURCES`, and the first of two equal rows is kept.
    trips.sort_by(|one, other| one.row().cmp(&other.row()));
    trips.dedup_by(|again, first| {
        let is_repeated = again.row() == first.row();
        if is_repeated {
            ledger.repeat(again.source, 1);
        }
        is_repeated
    });

    // Once they are each there once: a repeated row is neither read nor rejected.
    for trip in &trips {
        ledger.read(trip.source, 1);
        ledger.identify(trip.source, usize::from(trip.is_alias));
    }

    trips
}

#[cfg(test)]
mod tests;
