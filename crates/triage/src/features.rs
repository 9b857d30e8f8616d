//! From a text to the columns of a linear model: hashed words and pieces of words.

use crate::text::fold;

/// Columns of the words, and as many again for the pieces of words.
// Twenty thousand short reports hold about 100,000 of either: few of them share a column.
const BUCKETS: u32 = 1 << 18;

/// All the columns.
pub(crate) const COLUMNS: u32 = 2 * BUCKETS;

/// Letters of a report that are read: the longest report says its problem well before.
const MAX_LETTERS: usize = 2_000;

/// Lengths of the pieces of words, spaces around the word included: a typing error spoils one word,
/// and few of its pieces.
const PIECE_LETTERS: std::ops::RangeInclusive<usize> = 2..=5;

/// Times that each column is met in a text, in the order of the columns.
pub(crate) type Counts = Vec<ColumnCount>;

/// A column, and the times that it is met in a text, in four bytes: a training keeps those of all
/// its texts in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ColumnCount(u32);

/// Bits of the times: a text of [`MAX_LETTERS`] meets no column as often. The others hold a column.
const TIMES_BITS: u32 = 13;

impl ColumnCount {
    fn new(column: u32, times: usize) -> Self {
        Self((column << TIMES_BITS) | times as u32)
    }

    /// The column.
    pub(crate) fn column(self) -> u32 {
        self.0 >> TIMES_BITS
    }

    /// The times, which a weight is computed from.
    pub(crate) fn times(self) -> f32 {
        (self.0 & ((1 << TIMES_BITS) - 1)) as f32
    }
}

/// Counts the words, the pairs of words and the pieces of words of a text.
pub(crate) fn count(text: &str) -> Counts {
    let start: String = text.chars().take(MAX_LETTERS).collect();
    // 12 and 4521 are both numbers: their digits say little of the problem.
    let folded = fold(&start).replace(|letter: char| letter.is_ascii_digit(), "0");

    let mut columns: Vec<u32> = words(&folded).chain(pieces(&folded)).collect();
    columns.sort_unstable();

    let same = columns.chunk_by(|one, next| one == next);
    let mut counts: Counts = same
        .map(|same| ColumnCount::new(same[0], same.len()))
        .collect();
    counts.shrink_to_fit();
    counts
}

/// True for the columns of words, false for those of pieces.
pub(crate) fn is_word(column: u32) -> bool {
    column < BUCKETS
}

fn words(text: &str) -> impl Iterator<Item = u32> {
    let words = text.split(|letter: char| !letter.is_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();

    let singles = words.iter().map(|word| hash(word.chars()));
    let pairs = words.windows(2);
    let pairs = pairs.map(|pair| hash(pair[0].chars().chain([' ']).chain(pair[1].chars())));
    singles.chain(pairs).collect::<Vec<_>>().into_iter()
}

fn pieces(text: &str) -> impl Iterator<Item = u32> {
    text.split_whitespace().flat_map(|word| {
        let letters: Vec<char> = [' '].into_iter().chain(word.chars()).chain([' ']).collect();
        let pieces = PIECE_LETTERS.flat_map(|length| {
            let windows = letters.windows(length);
            windows
                .map(|piece| BUCKETS + hash(piece.iter().copied()))
                .collect::<Vec<_>>()
        });
        pieces.collect::<Vec<_>>()
    })
}

/// FNV-1a, whose high bits are mixed into the low ones that are kept.
fn hash(letters: impl Iterator<Item = char>) -> u32 {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;

    let hash = letters.fold(OFFSET, |hash, letter| {
        let hash = (hash ^ u64::from(u32::from(letter))).wrapping_mul(PRIME);
        hash ^ (hash >> 29)
    });
    u32::try_from(hash % u64::from(BUCKETS)).expect("a bucket fits in 18 bits")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shared(one: &str, other: &str) -> usize {
        let (one, other) = (count(one), count(other));
        let is_there = |column: u32| other.iter().any(|there| there.column() == column);
        one.iter().filter(|count| is_there(count.column())).count()
    }

    #[test]
    fn a_word_counts_as_itself_and_as_its_pieces() {
        // ` eau `: five letters, 4 + 3 + 2 + 1 pieces, and the word.
        assert_eq!(count("eau").len(), 11);
        assert!(count("eau eau").contains(&ColumnCount::new(hash("eau".chars()), 2)));
    }

    #[test]
    fn accents_case_and_digits_change_nothing() {
        assert_eq!(count("Freins du vélo 4521"), count("freins du velo 1987"));
    }

    #[test]
    fn a_typing_error_leaves_most_of_a_word() {
        assert!(shared("stationnement", "statoinnement") > 15);
        assert!(shared("stationnement", "pluie") < 3);
    }

    #[test]
    fn columns_are_sorted_and_bounded() {
        let counts = count(&"Voiture garée sur la piste cyclable 🚲 ".repeat(1_000));
        assert!(counts.is_sorted_by(|one, next| one.column() < next.column()));
        assert!(counts.iter().all(|count| count.column() < COLUMNS));
    }

    #[test]
    fn the_longest_text_of_one_letter_is_counted_whole() {
        let counts = count(&"a ".repeat(MAX_LETTERS));
        let most = counts.iter().map(|count| count.times()).fold(0.0, f32::max);

        assert_eq!(most, 1_000.0);
        assert!(COLUMNS.ilog2() + TIMES_BITS <= u32::BITS && MAX_LETTERS < 1 << TIMES_BITS);
    }
}
