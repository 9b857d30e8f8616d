//! The one passage over all trips: the sieve lets through what no rule can find, the rules judge
//! the rest.

use crate::AggregateError;
use crate::clean::clean;
use crate::drawers::{Drawers, Waiting};
use crate::identity::Aliases;
use crate::ledger::Ledger;
use crate::receive::receive;
use crate::rules::{Known, TRIP_RULES};
use crate::sieve::Sieve;
use crate::tally::Tallies;
use crate::trip::COLUMNS;
use crate::trips::{PieceRead, Position, Trips};

/// Rows that the rules judge together, about.
const BATCH_ROWS: usize = 1 << 18;

/// Reads every trip, cleans it and counts it.
pub(crate) fn count_clean_trips(
    trips: &Trips,
    known: &Known,
    aliases: &Aliases,
    ledger: &mut Ledger,
) -> Result<Tallies, AggregateError> {
    let mut passage = Passage {
        judges: Judges {
            trips,
            known,
            aliases,
        },
        ledger,
        drawers: Drawers::default(),
        doubtful: Vec::new(),
        clear: vec![Clear::default(); trips.len()],
        tallies: Tallies::default(),
    };

    let mut sieve = Sieve::new(known, aliases);
    trips.for_each_piece(&COLUMNS, |piece| passage.take(&mut sieve, &piece))?;
    passage.finish()
}

/// What the rules and those before them look at.
struct Judges<'a> {
    trips: &'a Trips,
    known: &'a Known,
    aliases: &'a Aliases,
}

/// Where the passage stands.
struct Passage<'a> {
    judges: Judges<'a>,
    ledger: &'a mut Ledger,
    drawers: Drawers,
    /// Rows that the rules will judge, and every row that could be a copy of theirs.
    doubtful: Vec<Position>,
    /// By piece.
    clear: Vec<Clear>,
    tallies: Tallies,
}

/// The trips of a piece that passed.
#[derive(Debug, Clone, Copy, Default)]
struct Clear {
    trips: usize,
    identified: usize,
}

impl Passage<'_> {
    fn take(&mut self, sieve: &mut Sieve, piece: &PieceRead) -> Result<(), AggregateError> {
        let passed = sieve.pass(piece, &mut self.tallies, &mut self.drawers);
        passed.map_err(AggregateError::engine("trips"))?;
        self.settle(piece.next_start)
    }

    /// Counts what waited in the drawers of the days that are over.
    fn settle(&mut self, next_start: Option<i64>) -> Result<(), AggregateError> {
        for drawer in self.drawers.close(next_start) {
            let (clear, doubtful) = drawer.sort();
            self.count(&clear);
            self.doubtful.extend(doubtful);
            if self.doubtful.len() >= BATCH_ROWS {
                self.judge()?;
            }
        }
        Ok(())
    }

    fn count(&mut self, trips: &[Waiting]) {
        for trip in trips {
            let clear = &mut self.clear[trip.position.piece as usize];
            clear.trips += 1;
            clear.identified += usize::from(trip.is_alias);
        }
        self.tallies.add_day(trips);
    }

    fn judge(&mut self) -> Result<(), AggregateError> {
        let Judges {
            trips,
            known,
            aliases,
        } = self.judges;
        let rows = trips.rows(std::mem::take(&mut self.doubtful))?;
        let rows = receive(rows, aliases, self.ledger).map_err(AggregateError::engine("trips"))?;
        let kept = clean(rows, &TRIP_RULES, known, self.ledger)?;
        self.tallies
            .add(&kept)
            .map_err(AggregateError::engine("departures"))
    }

    fn finish(mut self) -> Result<Tallies, AggregateError> {
        self.settle(None)?;
        self.doubtful.extend(self.drawers.undated());
        if !self.doubtful.is_empty() {
            self.judge()?;
        }
        for (piece, clear) in self.clear.iter().enumerate() {
            let source = self.judges.trips.source(piece);
            self.ledger.read(source, clear.trips);
            self.ledger.keep(source, clear.trips);
            self.ledger.identify(source, clear.identified);
        }
        Ok(self.tallies)
    }
}

#[cfg(test)]
mod tests;
