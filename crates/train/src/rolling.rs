use std::ops::Range;

use anyhow::{Result, ensure};
use chrono_tz::Tz;
use filrouge_dataset::Dataset;
use filrouge_model::{BiasCorrection, Expected, ForecastActual, History};
use filrouge_types::Hour;
use rayon::prelude::*;

use crate::examples::Examples;
use crate::fit::{Fit, Growth};
use crate::followed::{self, Told};
use crate::head::{Head, Rehearsed, Scale};
use crate::total::Laws;

/// Number of origins from which the future is forecast.
pub(crate) const FOLDS: i64 = 4;

/// The longest stretch forecast from one origin, hours: four weeks.
const LONGEST_FOLD: i64 = 28 * 24;

/// The shortest history that can be learnt from, hours: two weeks, then a day to try the model on.
const SHORTEST_HISTORY: i64 = 15 * 24;

/// Share of the history that one fold may hold out: the first origin still has half of it behind.
const FOLD_SHARE: i64 = 8;

/// Trees that a fold may grow.
const MOST_TREES: usize = 200;

/// Rehearsals under way at the same time: growing trees leaves threads idle between two steps, and
/// each takes memory.
const AT_ONCE: usize = 2;

/// Hours held out together: forecast from models that know nothing after `start`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fold {
    /// First hour held out.
    pub(crate) start: Hour,
    /// First hour after them.
    pub(crate) end: Hour,
}

/// What the models of the folds said of the hours that they had not seen.
#[derive(Default)]
pub(crate) struct Rehearsal {
    /// Number of trees, the median of the folds' best.
    pub(crate) trees: usize,
    /// The row of the data set that each forecast is of, its hour, its usual demand and what it
    /// counted.
    pub(crate) rows: Vec<usize>,
    pub(crate) hours: Vec<Hour>,
    usual: Vec<f32>,
    truths: Vec<f32>,
    /// What the forecasts of the days before it, in the same fold, were worth; missing on the first
    /// day of a fold.
    pub(crate) records: Vec<f32>,
    /// What makes a scale of a usual demand and a record.
    scale: Scale,
    /// Forecasts of the root of demand over the root of the scale.
    pub(crate) relative_roots: Vec<f64>,
    /// Number of rows of each fold, in the order of `rows`.
    lengths: Vec<usize>,
}

/// What follows the trees: for the version, and for judging each fold without having learnt from
/// it.
pub(crate) struct Heads {
    pub(crate) all: Head,
    /// One a row of the rehearsal, by position.
    held_out: Vec<Head>,
    lengths: Vec<usize>,
}

/// The last hours of a history that spans `first..=last`, as folds in order.
///
/// # Errors
/// A history shorter than fifteen days.
pub(crate) fn folds(first: Hour, last: Hour) -> Result<Vec<Fold>> {
    let span = last - first + 1;

    ensure!(
        span >= SHORTEST_HISTORY,
        "the data set spans {span} hours ({first} to {last}): {SHORTEST_HISTORY} at least are needed to train"
    );
    let length = (span / FOLD_SHARE).min(LONGEST_FOLD);

    let fold = |number| {
        let end = last + 1 - (FOLDS - 1 - number) * length;
        Fold {
            start: end - length,
            end,
        }
    };

    Ok((0..FOLDS).map(fold).collect())
}

/// What the rehearsals draw from.
pub(crate) struct Stage<'a> {
    pub(crate) dataset: &'a Dataset,
    pub(crate) history: &'a History,
    pub(crate) folds: &'a [Fold],
    pub(crate) laws: &'a Laws,
    pub(crate) time_zone: Tz,
    pub(crate) growth: Growth,
}

/// Trains one model a fold, on the rows of `sample` before it, and forecasts those of `held_out`
/// inside.
pub(crate) fn rehearse(
    stage: &Stage<'_>,
    sample: &[usize],
    held_out: &[usize],
    seed: u64,
    progress: impl Fn(usize) + Sync,
) -> Result<Rehearsal> {
    let grow = |number: &usize| -> Result<Option<(Vec<Fit>, Examples)>> {
        progress(number + 1);
        let (before, inside) = stage.examples(*number, sample, held_out);

        if before.len() == 0 || inside.len() == 0 {
            return Ok(None);
        }

        Ok(Some((
            Fit::grow(&before, Some(&inside), stage.growth, MOST_TREES, seed)?,
            inside,
        )))
    };

    let mut fits = Vec::new();

    for numbers in (0..stage.folds.len()).collect::<Vec<_>>().chunks(AT_ONCE) {
        let grown: Vec<_> = numbers.par_iter().map(grow).collect::<Result<_>>()?;
        fits.extend(grown.into_iter().flatten());
    }

    ensure!(
        !fits.is_empty(),
        "no hour has demand known a day before it: the data set cannot be learnt from"
    );
    let mut best: Vec<usize> = fits
        .iter()
        .flat_map(|(fits, _)| fits)
        .map(Fit::best_trees)
        .collect();

    best.sort_unstable();
    let mut rehearsal = Rehearsal {
        trees: best[best.len() / 2].max(1),
        ..Rehearsal::default()
    };

    for (grown, inside) in fits {
        let Some(fit) = Fit::mean_of(grown, rehearsal.trees) else {
            continue;
        };
        rehearsal.relative_roots.extend(fit.predict(&inside));
        rehearsal.add(&inside);
    }

    let usual = rehearsal.usual.iter().map(|usual| f64::from(*usual));
    rehearsal.scale.default = usual.sum::<f64>() / rehearsal.usual.len() as f64;
    rehearsal.follow(stage.dataset, stage.history);

    Ok(rehearsal)
}

impl Fold {
    pub(crate) fn contains(&self, hour: Hour) -> bool {
        self.start <= hour && hour < self.end
    }
}

impl Stage<'_> {
    /// The rows learnt from before fold `number` and those forecast inside, as the law of the hours
    /// before it tells them.
    fn examples(
        &self,
        number: usize,
        sample: &[usize],
        held_out: &[usize],
    ) -> (Examples, Examples) {
        let fold = self.folds[number];
        let hours = &self.dataset.conditions.hour;
        let past = sample
            .iter()
            .copied()
            .filter(|row| hours[*row] < fold.start);
        let before: Vec<usize> = past.step_by(self.growth.rehearsed).collect();

        let inside: Vec<usize> = held_out
            .iter()
            .copied()
            .filter(|row| fold.contains(hours[*row]))
            .collect();
        let expected = Expected::of(self.history, self.laws.before(number), self.time_zone);
        let of = |rows: &[usize]| Examples::of(self.dataset, self.history, rows, &expected);

        (of(&before), of(&inside))
    }
}

impl Rehearsal {
    fn add(&mut self, inside: &Examples) {
        self.lengths.push(inside.len());
        self.rows.extend(&inside.row);
        self.hours.extend(&inside.hour);
        self.truths.extend(&inside.truth);
        self.usual
            .extend((0..inside.len()).map(|example| inside.scale(example)));
        self.records.resize(self.rows.len(), f32::NAN);
    }

    /// Tells each forecast what those of the days before it, in its fold, were worth, and chooses
    /// how far they are followed.
    fn follow(&mut self, dataset: &Dataset, history: &History) {
        let heads = self.heads();
        let forecast = |(index, head): (usize, &Head)| {
            head.predict(self.relative_roots[index], self.scale(index))
                .demand
        };
        let forecasts: Vec<f32> = heads.held_out().enumerate().map(forecast).collect();
        let (stations, station) = (&dataset.conditions.stations, &dataset.conditions.station);

        let judged = |index: usize| ForecastActual {
            station: &stations[station[self.rows[index]] as usize],
            hour: self.hours[index],
            actual: self.truths[index],
            forecast: forecasts[index],
        };

        for fold in self.folds() {
            let rows: Vec<ForecastActual<'_>> = fold.clone().map(judged).collect();
            let record = BiasCorrection::of(history, &rows);
            for (known, row) in self.records[fold].iter_mut().zip(&rows) {
                *known = record.ratio(row.station, row.hour);
            }
        }

        let told = self.records.iter().zip(&forecasts).zip(&self.truths);
        let told = told.map(|((&record, &forecast), &truth)| Told {
            record,
            forecast,
            truth,
        });

        self.scale.correction_strength = followed::least_wrong(&told.collect::<Vec<_>>());
    }

    /// Where the forecasts of each fold stand.
    fn folds(&self) -> Vec<Range<usize>> {
        let place = |end: &mut usize, length: &usize| {
            *end += length;
            Some(*end - length..*end)
        };
        self.lengths.iter().scan(0, place).collect()
    }

    /// The scale of the forecast `index`, departures an hour.
    pub(crate) fn scale(&self, index: usize) -> f64 {
        self.scale.from(self.usual[index], self.records[index])
    }

    /// The curves learnt from these forecasts.
    pub(crate) fn heads(&self) -> Heads {
        let root = |(index, root): (usize, &f64)| root.max(0.0) * self.scale(index).sqrt();
        let roots: Vec<f64> = self.relative_roots.iter().enumerate().map(root).collect();
        let mut rehearsed = Rehearsed::default();
        for fold in self.folds() {
            rehearsed.add(&roots[fold.clone()], &self.truths[fold]);
        }
        let missed = rehearsed.missed_share();
        Heads {
            all: rehearsed.head(missed, self.scale),
            held_out: rehearsed.held_out_heads(missed, self.scale),
            lengths: self.lengths.clone(),
        }
    }
}

impl Heads {
    /// The head that did not learn from the fold of each forecast, in the order of the rehearsal.
    pub(crate) fn held_out(&self) -> impl Iterator<Item = &Head> {
        self.held_out
            .iter()
            .zip(&self.lengths)
            .flat_map(|(head, length)| std::iter::repeat_n(head, *length))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hour(index: i64) -> Hour {
        Hour::from_hours_since_epoch(490_000 + index)
    }

    // Preuve: C12.3 la séparation est temporelle : chaque pli n’apprend que du passé
    #[test]
    fn folds_are_the_last_hours_in_order_without_overlap() {
        let folds = folds(hour(0), hour(2 * 365 * 24 - 1)).unwrap();
        assert_eq!(folds.len(), 4);
        assert_eq!(folds[3].end, hour(2 * 365 * 24));
        for pair in folds.windows(2) {
            assert_eq!(pair[0].end, pair[1].start);
        }
        assert_eq!(folds[0].end - folds[0].start, 28 * 24);
    }

    #[test]
    fn a_short_history_is_held_out_by_half_at_most() {
        let folds = folds(hour(0), hour(20 * 24 - 1)).unwrap();
        assert_eq!(folds[0].start, hour(10 * 24));
    }

    #[test]
    fn a_fortnight_is_too_short_and_the_error_says_how_much_is_needed() {
        let error = folds(hour(0), hour(14 * 24 - 1)).unwrap_err().to_string();
        assert!(
            error.contains("spans 336 hours") && error.contains("360 at least"),
            "{error}"
        );
    }
}
