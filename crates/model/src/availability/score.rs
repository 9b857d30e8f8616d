use serde::Serialize;

/// Bins of a reliability table: tenths.
pub const RELIABILITY_BINS: usize = 10;

/// Brier score of chances: the mean of (probability − 1)² where the thing happened, of chance² where it
/// did not. 0 is perfect; always saying one half gives 0.25 (G. Brier, 1950).
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct BrierScore {
    rows: u64,
    sum: f64,
}

/// Chances told, and how often the thing then happened: the closer both are, the more reliable.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ReliabilityTable {
    bins: [ReliabilityBin; RELIABILITY_BINS],
}

/// The chances of one tenth.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct ReliabilityBin {
    /// Times that such a probability was told.
    pub rows: u64,
    told: f64,
    happened: u64,
}

impl BrierScore {
    /// Adds one probability, 0 to 1.
    pub fn add(&mut self, probability: f64, happened: bool) {
        self.rows += 1;
        self.sum += (probability - f64::from(u8::from(happened))).powi(2);
    }

    /// Adds those of another score.
    pub fn merge(&mut self, other: &Self) {
        self.rows += other.rows;
        self.sum += other.sum;
    }

    /// The score; none without a row.
    pub fn value(&self) -> Option<f64> {
        (self.rows > 0).then(|| self.sum / self.rows as f64)
    }

    /// Share of the score of `reference` that is avoided: 0.1 is a tenth better.
    pub fn skill(&self, reference: &Self) -> Option<f64> {
        let reference = reference.value().filter(|value| *value > 0.0)?;
        Some(1.0 - self.value()? / reference)
    }
}

impl ReliabilityTable {
    /// Adds one probability, 0 to 1.
    pub fn add(&mut self, probability: f64, happened: bool) {
        let bin = (probability * RELIABILITY_BINS as f64) as usize;
        let bin = &mut self.bins[bin.min(RELIABILITY_BINS - 1)];
        bin.rows += 1;
        bin.told += probability;
        bin.happened += u64::from(happened);
    }

    /// Adds those of another table.
    pub fn merge(&mut self, other: &Self) {
        for (bin, other) in self.bins.iter_mut().zip(&other.bins) {
            bin.rows += other.rows;
            bin.told += other.told;
            bin.happened += other.happened;
        }
    }

    /// Its tenths, from 0 to 1.
    pub fn bins(&self) -> &[ReliabilityBin; RELIABILITY_BINS] {
        &self.bins
    }

    /// Mean gap between chances told and things that happened, each tenth by its number of rows.
    pub fn gap(&self) -> Option<f64> {
        let rows: u64 = self.bins.iter().map(|bin| bin.rows).sum();
        let gap = |bin: &ReliabilityBin| (bin.told - bin.happened as f64).abs();
        let gaps: f64 = self.bins.iter().map(gap).sum();
        (rows > 0).then(|| gaps / rows as f64)
    }
}

impl ReliabilityBin {
    /// Mean of the chances told.
    pub fn told(&self) -> Option<f64> {
        (self.rows > 0).then(|| self.told / self.rows as f64)
    }

    /// Share of the times that it happened.
    pub fn happened(&self) -> Option<f64> {
        (self.rows > 0).then(|| self.happened as f64 / self.rows as f64)
    }
}
