use filrouge_types::Hour;

/// One number an hour, without gaps in time (`NaN` where unknown), with running sums so that any
/// mean costs two look-ups.
///
/// Counts are whole numbers, which `f64` adds exactly: a mean depends on the hours inside its
/// window and on no other.
#[derive(Debug, Clone, Default)]
pub(crate) struct Series {
    first: i64,
    values: Vec<f32>,
    /// `sums[i]`, `counts[i]`: over the known values before position `i`.
    sums: Vec<f64>,
    counts: Vec<u32>,
    /// The running sums are right up to this position.
    fresh: usize,
}

impl Series {
    /// `values`, the first of which is that of `first`.
    pub(crate) fn starting(first: Hour, values: Vec<f32>) -> Self {
        let mut series = Self {
            first: first.hours_since_epoch(),
            values,
            ..Self::default()
        };
        series.refresh();
        series
    }

    /// The value of `hour`, or `NaN`.
    pub(crate) fn at(&self, hour: Hour) -> f32 {
        self.offset(hour)
            .map_or(f32::NAN, |offset| self.values[offset])
    }

    /// Sum and number of the known values among the `hours` hours that end with `last`, included.
    pub(crate) fn window(&self, last: Hour, hours: i64) -> (f64, u32) {
        let end = last.hours_since_epoch() + 1;
        // The sums beyond `fresh` are not right yet.
        let position = |hour: i64| (hour - self.first).clamp(0, self.fresh as i64) as usize;
        let (from, to) = (position(end - hours), position(end));

        match (self.sums.get(from), self.sums.get(to)) {
            (Some(before), Some(until)) => (until - before, self.counts[to] - self.counts[from]),
            _ => (0.0, 0),
        }
    }

    /// Mean of the known values among the `hours` hours that end with `last`; `NaN` when there is
    /// none.
    pub(crate) fn mean(&self, last: Hour, hours: i64) -> f32 {
        mean(self.window(last, hours))
    }

    /// Every hour with its value.
    pub(super) fn hours(&self) -> impl Iterator<Item = (Hour, f32)> {
        (self.first..)
            .map(Hour::from_hours_since_epoch)
            .zip(self.values.iter().copied())
    }

    /// The last hour whose value is known.
    pub(crate) fn last_counted_hour(&self) -> Option<Hour> {
        let offset = self.values.iter().rposition(|value| !value.is_nan())?;
        Some(Hour::from_hours_since_epoch(self.first + offset as i64))
    }

    /// The mean, hour by hour, of the series that know that hour.
    pub(super) fn mean_of<'a>(all: impl Iterator<Item = &'a Self> + Clone) -> Self {
        let known = all.filter(|series| !series.values.is_empty());
        let Some(first) = known.clone().map(|series| series.first).min() else {
            return Self::default();
        };

        let end = known.clone().map(Self::end).max().unwrap_or(first);
        let mut totals = vec![(0.0_f64, 0_u32); (end - first) as usize];
        for series in known {
            let own = &mut totals[(series.first - first) as usize..];
            for (value, (sum, count)) in series.values.iter().zip(own) {
                if !value.is_nan() {
                    *sum += f64::from(*value);
                    *count += 1;
                }
            }
        }

        let means = totals.into_iter().map(mean).collect();
        Self::starting(Hour::from_hours_since_epoch(first), means)
    }

    /// The first hour, and the hour after the last one.
    pub(super) fn span(&self) -> (Hour, Hour) {
        (
            Hour::from_hours_since_epoch(self.first),
            Hour::from_hours_since_epoch(self.end()),
        )
    }

    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    pub(super) fn offset(&self, hour: Hour) -> Option<usize> {
        // An hour before the first is below zero, and refused here.
        let offset = usize::try_from(hour.hours_since_epoch() - self.first).ok()?;
        (offset < self.values.len()).then_some(offset)
    }

    /// Hours that the series would span with `hour` in it.
    pub(super) fn span_with(&self, hour: Hour) -> i64 {
        let hour = hour.hours_since_epoch();
        if self.values.is_empty() {
            return 1;
        }
        self.end()
            .max(hour.saturating_add(1))
            .saturating_sub(self.first.min(hour))
    }

    /// Makes room for `hour`; returns how many positions were added in front.
    pub(super) fn reach(&mut self, hour: Hour) -> usize {
        let hour = hour.hours_since_epoch();
        if self.values.is_empty() {
            self.first = hour;
        }

        let prepended = (self.first - hour).max(0) as usize;
        if prepended > 0 {
            let unknown = std::iter::repeat_n(f32::NAN, prepended);
            self.values.splice(0..0, unknown);
            self.first = hour;
            self.fresh = 0;
        }

        let needed = (hour - self.first) as usize + 1;
        self.values.resize(self.values.len().max(needed), f32::NAN);
        prepended
    }

    pub(super) fn set(&mut self, offset: usize, value: f32) {
        // A missing value never erases a known one.
        if !value.is_nan() {
            self.values[offset] = value;
            self.fresh = self.fresh.min(offset);
        }
    }

    pub(super) fn forget_before(&mut self, hour: Hour) -> usize {
        let dropped =
            (hour.hours_since_epoch() - self.first).clamp(0, self.values.len() as i64) as usize;
        // Sums run from the first value, which is another one from here on.
        self.values.drain(..dropped);
        self.first += dropped as i64;
        self.fresh = 0;
        dropped
    }

    /// Brings the running sums up to date.
    pub(super) fn refresh(&mut self) {
        self.sums.resize(self.values.len() + 1, 0.0);
        self.counts.resize(self.values.len() + 1, 0);

        for offset in self.fresh..self.values.len() {
            let value = self.values[offset];
            let known = !value.is_nan();
            self.sums[offset + 1] = self.sums[offset] + if known { f64::from(value) } else { 0.0 };
            self.counts[offset + 1] = self.counts[offset] + u32::from(known);
        }
        self.fresh = self.values.len();
    }

    fn end(&self) -> i64 {
        self.first + self.values.len() as i64
    }
}

fn mean((sum, count): (f64, u32)) -> f32 {
    if count == 0 {
        f32::NAN
    } else {
        (sum / f64::from(count)) as f32
    }
}
