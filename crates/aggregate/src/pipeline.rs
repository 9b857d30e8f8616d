//! All trips, read once: the fast path counts the clean ones, the rules judge the suspect ones.

use crate::AggregateError;
use crate::clean::judge;
use crate::dedup_buffer::{DedupBuffer, PendingTrip};
use crate::fast_path::FastPath;
use crate::hourly_counts::{HourlyCounter, HourlyCounts};
use crate::identity::StationResolver;
use crate::ledger::Ledger;
use crate::received::receive;
use crate::rules::TRIP_RULES;
use crate::trip::{COLUMNS, ReceivedColumns};
use crate::trips::{PieceRead, Position, Trips};

/// Rows that the rules judge together, about: enough to read each row group a few times only, few
/// enough for the memory of a laptop.
const BATCH_ROWS: usize = 1 << 18;

/// Reads every trip, cleans it and counts it.
pub(crate) fn count_clean_trips(
    trips: &Trips,
    stations: StationResolver,
    ledger: &mut Ledger,
) -> Result<HourlyCounts, AggregateError> {
    let mut pipeline = Pipeline::new(trips, stations, ledger);
    trips.for_each_piece(&COLUMNS, |piece| pipeline.take(&piece))?;
    pipeline.finish()
}

/// Trips under way.
struct Pipeline<'a> {
    trips: &'a Trips,
    stations: StationResolver<'a>,
    ledger: &'a mut Ledger,
    fast_path: FastPath,
    buffer: DedupBuffer,
    /// Rows that the rules will judge, and every row that could be a copy of theirs.
    suspect: Vec<Position>,
    /// Clean trips, by piece.
    clean: Vec<CleanCount>,
    counter: HourlyCounter,
}

#[derive(Debug, Clone, Copy, Default)]
struct CleanCount {
    trips: usize,
    aliases: usize,
}

impl<'a> Pipeline<'a> {
    fn new(trips: &'a Trips, stations: StationResolver<'a>, ledger: &'a mut Ledger) -> Self {
        Self {
            trips,
            stations,
            ledger,
            fast_path: FastPath::default(),
            buffer: DedupBuffer::default(),
            suspect: Vec::new(),
            clean: vec![CleanCount::default(); trips.len()],
            counter: HourlyCounter::default(),
        }
    }

    fn take(&mut self, piece: &PieceRead) -> Result<(), AggregateError> {
        self.fast_path
            .read(
                piece,
                &mut self.stations,
                &mut self.counter,
                &mut self.buffer,
            )
            .map_err(AggregateError::engine("trips"))?;
        self.settle_days_before(piece.next_start)
    }

    /// Counts the clean trips of the days that are over, and puts the suspect ones together.
    fn settle_days_before(&mut self, next_start: Option<i64>) -> Result<(), AggregateError> {
        for day in self.buffer.take_days_before(next_start) {
            let (clean, suspect) = day.split();
            self.count(&clean);
            self.suspect.extend(suspect);

            if self.suspect.len() >= BATCH_ROWS {
                self.judge_suspects()?;
            }
        }

        Ok(())
    }

    fn count(&mut self, trips: &[PendingTrip]) {
        for trip in trips {
            let clean = &mut self.clean[trip.position.piece as usize];
            clean.trips += 1;
            clean.aliases += usize::from(trip.is_alias);
        }

        self.counter.add_day(trips);
    }

    fn judge_suspects(&mut self) -> Result<(), AggregateError> {
        let rows = self.trips.rows(std::mem::take(&mut self.suspect))?;
        let columns = ReceivedColumns::of(&rows).map_err(AggregateError::engine("trips"))?;
        let received = receive(&columns, &mut self.stations, self.ledger);

        for trip in judge(received, TRIP_RULES) {
            if trip.is_kept {
                self.counter.add(trip.trip());
            }
            self.ledger.add_judged(trip);
        }

        Ok(())
    }

    fn finish(mut self) -> Result<HourlyCounts, AggregateError> {
        self.settle_days_before(None)?;
        // Without a start they belong to no day: copies among them are judged together.
        self.suspect.extend(self.buffer.take_undated());
        if !self.suspect.is_empty() {
            self.judge_suspects()?;
        }

        // Suspect trips were noted when they were judged.
        for (piece, clean) in self.clean.iter().enumerate() {
            let source = self.trips.source(piece);
            self.ledger.read(source, clean.trips);
            self.ledger.keep(source, clean.trips);
            self.ledger.identify(source, clean.aliases);
        }

        Ok(self.counter.finish(self.stations.into_ids()))
    }
}

#[cfg(test)]
mod tests;
