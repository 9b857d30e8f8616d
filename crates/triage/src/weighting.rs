//! tf-idf: how much a column says of a text, given how rare it is.

use std::collections::BTreeMap;

use crate::features::{ColumnCount, Counts, is_word};

/// Texts in which a column must be met: one that was met once teaches nothing about others.
const MIN_TEXTS: u32 = 2;

/// The columns that a model knows, each with its rarity.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Weighting {
    /// In increasing order.
    pub(crate) columns: Vec<u32>,
    /// `ln((1 + texts) / (1 + texts with the column)) + 1`, one for each column.
    pub(crate) rarities: Vec<f32>,
}

/// Weighed texts, one after the other: the known columns of each, by their place in `Weighting`.
#[derive(Debug, Default)]
pub(crate) struct Matrix {
    /// Where each text begins in `entries`, and where the last one ends.
    starts: Vec<usize>,
    entries: Vec<Entry>,
}

/// A column of a text, by its place in [`Weighting::columns`], and its weight.
pub(crate) type Entry = (u32, f32);

impl Weighting {
    /// Learns the columns of `texts` and how rare they are.
    pub(crate) fn learn<'a>(texts: impl ExactSizeIterator<Item = &'a Counts>) -> Self {
        let total = texts.len() as f32;
        let mut met = BTreeMap::<u32, u32>::new();
        for count in texts.flatten() {
            *met.entry(count.column()).or_default() += 1;
        }

        met.retain(|_, texts| *texts >= MIN_TEXTS);
        Self {
            columns: met.keys().copied().collect(),
            rarities: met
                .values()
                .map(|texts| ((1.0 + total) / (1.0 + *texts as f32)).ln() + 1.0)
                .collect(),
        }
    }

    /// True when one whole word of the text at least is known.
    pub(crate) fn knows_a_word(&self, counts: &Counts) -> bool {
        let mut words = counts.iter().filter(|count| is_word(count.column()));
        words.any(|count| self.columns.binary_search(&count.column()).is_ok())
    }

    /// `(1 + ln count) × rarity` for each known column, then words and pieces each brought to
    /// length 1: neither weighs more because it is more numerous.
    pub(crate) fn weigh(&self, counts: &Counts) -> Vec<Entry> {
        let (words, pieces): (Vec<_>, Vec<_>) =
            counts.iter().partition(|count| is_word(count.column()));
        let mut entries = self.unit(&words);
        entries.extend(self.unit(&pieces));
        entries
    }

    fn unit(&self, counts: &[ColumnCount]) -> Vec<Entry> {
        let weigh = |count: &ColumnCount| {
            let place = self.columns.binary_search(&count.column()).ok()?;
            Some((
                place as u32,
                (1.0 + count.times().ln()) * self.rarities[place],
            ))
        };
        let mut entries: Vec<Entry> = counts.iter().filter_map(weigh).collect();

        let length = entries
            .iter()
            .map(|(_, weight)| weight * weight)
            .sum::<f32>()
            .sqrt();
        for (_, weight) in &mut entries {
            *weight /= length;
        }
        entries
    }
}

impl Matrix {
    /// Weighs each of `texts`.
    pub(crate) fn of<'a>(
        texts: impl Iterator<Item = &'a Counts> + Clone,
        weighting: &Weighting,
    ) -> Self {
        // Grown by doubling, it would be in memory twice.
        let most = texts.clone().map(Vec::len).sum();
        let mut matrix = Self {
            starts: vec![0],
            entries: Vec::with_capacity(most),
        };
        for counts in texts {
            matrix.entries.extend(weighting.weigh(counts));
            matrix.starts.push(matrix.entries.len());
        }
        matrix
    }

    pub(crate) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    pub(crate) fn text(&self, index: usize) -> &[Entry] {
        &self.entries[self.starts[index]..self.starts[index + 1]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::count;

    fn weighting(texts: &[&str]) -> Weighting {
        let counts: Vec<Counts> = texts.iter().map(|text| count(text)).collect();
        Weighting::learn(counts.iter())
    }

    #[test]
    fn a_column_met_once_is_left_out() {
        assert!(weighting(&["frein", "pneu"]).columns.len() < 5);
        assert_eq!(
            weighting(&["frein", "frein"]).columns.len(),
            count("frein").len()
        );
    }

    #[test]
    fn a_common_column_weighs_less_than_a_rare_one() {
        let weighting = weighting(&["velo frein", "velo pneu", "velo pneu", "velo frein"]);
        let weight = |word: &str| {
            let column = count(word)
                .iter()
                .map(|count| count.column())
                .find(|column| is_word(*column));
            weighting.rarities[weighting.columns.binary_search(&column.unwrap()).unwrap()]
        };
        assert!(weight("velo") < weight("frein"));
    }

    #[test]
    fn words_and_pieces_have_length_one() {
        let weighting = weighting(&["velo frein", "velo frein"]);
        let entries = weighting.weigh(&count("Vélo : frein !"));
        let square: f32 = entries.iter().map(|(_, weight)| weight * weight).sum();
        assert!((square - 2.0).abs() < 1e-5);
        assert!(weighting.weigh(&count("???")).is_empty());
    }
}
