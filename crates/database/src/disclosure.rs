//! Disclosure control of tables of counts: no group of fewer than five shows, neither in a cell nor
//! by subtraction from the totals.
//!
//! The hypercube method (D. Repsilber, used by statistical offices): a small cell is hidden
//! together with three others that make a rectangle with it, and whose own counts are large enough
//! for the small one to be five or more without any published cell or any total being different.
//! Who knows all the totals still cannot tell that the group is small.

use std::collections::{BTreeMap, BTreeSet};

/// The smallest group that is shown.
pub const SMALLEST_GROUP: u64 = 5;

/// The name under which rows and columns too small to be shown are added up.
pub const OTHERS: &str = "autres";

/// Counts by two columns. Cells that are not given are zero.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CountTable(BTreeMap<(String, String), u64>);

/// A table that may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedTable {
    /// The names of the rows, in order.
    pub rows: Vec<String>,
    /// The names of the columns, in order.
    pub columns: Vec<String>,
    /// The counts, row by row; a hidden one is none.
    pub counts: Vec<Vec<Option<u64>>>,
}

impl FromIterator<(String, String, u64)> for CountTable {
    fn from_iter<I: IntoIterator<Item = (String, String, u64)>>(counts: I) -> Self {
        let mut table = Self::default();
        for (row, column, count) in counts {
            *table.0.entry((row, column)).or_default() += count;
        }
        table
    }
}

impl CountTable {
    /// The sum of all counts.
    pub fn total(&self) -> u64 {
        self.0.values().sum()
    }

    /// The counts whose row and column are wanted.
    #[must_use]
    pub fn filtered(&self, wanted: impl Fn(&str, &str) -> bool) -> Self {
        Self(
            self.0
                .iter()
                .filter(|((row, column), _)| wanted(row, column))
                .map(|(key, count)| (key.clone(), *count))
                .collect(),
        )
    }

    /// The table as it may be shown; none when no way of hiding is safe.
    ///
    /// With `merge`, rows and columns whose total is itself a small group are first added up as
    /// [`OTHERS`]. Without, the totals are taken to be public already and are left to whoever
    /// publishes them.
    pub fn published(&self, merge: bool) -> Option<PublishedTable> {
        let table = if merge { self.merged() } else { self.clone() };
        let (rows, columns, counts) = table.matrix();
        let hidden = hide(&counts)?;
        let shown = |row: usize, column: usize| {
            (!hidden.contains(&(row, column))).then_some(counts[row][column])
        };

        let counts = (0..rows.len())
            .map(|row| {
                (0..columns.len())
                    .map(|column| shown(row, column))
                    .collect()
            })
            .collect();

        Some(PublishedTable {
            rows,
            columns,
            counts,
        })
    }

    fn merged(&self) -> Self {
        let rows = small_names(
            self.0
                .iter()
                .map(|((row, _), count)| (row.as_str(), *count)),
        );
        let columns = small_names(
            self.0
                .iter()
                .map(|((_, column), count)| (column.as_str(), *count)),
        );

        let name = |name: &str, small: &BTreeSet<String>| {
            if small.contains(name) {
                OTHERS.to_owned()
            } else {
                name.to_owned()
            }
        };

        self.0
            .iter()
            .map(|((row, column), count)| (name(row, &rows), name(column, &columns), *count))
            .collect()
    }

    fn matrix(&self) -> (Vec<String>, Vec<String>, Vec<Vec<u64>>) {
        let rows: BTreeSet<&String> = self.0.keys().map(|(row, _)| row).collect();
        let columns: BTreeSet<&String> = self.0.keys().map(|(_, column)| column).collect();

        let count = |row: &String, column: &String| {
            self.0
                .get(&(row.clone(), column.clone()))
                .copied()
                .unwrap_or_default()
        };

        let counts = rows
            .iter()
            .map(|row| columns.iter().map(|column| count(row, column)).collect())
            .collect();

        (
            rows.into_iter().cloned().collect(),
            columns.into_iter().cloned().collect(),
            counts,
        )
    }
}

/// The names whose total is too small, and as many of the next smallest as make their sum large
/// enough.
fn small_names<'a>(counts: impl Iterator<Item = (&'a str, u64)>) -> BTreeSet<String> {
    let mut totals: BTreeMap<&str, u64> = BTreeMap::new();

    for (name, count) in counts {
        *totals.entry(name).or_default() += count;
    }

    let mut by_size: Vec<(u64, &str)> = totals
        .into_iter()
        .map(|(name, total)| (total, name))
        .collect();
    // The smallest first: as few as possible are added up.
    by_size.sort_unstable();
    let mut merged = 0;
    let mut names = BTreeSet::new();

    for (total, name) in by_size {
        let is_small = (1..SMALLEST_GROUP).contains(&total);
        let is_short = (1..SMALLEST_GROUP).contains(&merged);
        if is_small || is_short {
            merged += total;
            names.insert(name.to_owned());
        }
    }

    names
}

/// Row and column of a count.
type Cell = (usize, usize);

/// The cells to hide.
fn hide(counts: &[Vec<u64>]) -> Option<BTreeSet<Cell>> {
    let mut hidden = BTreeSet::new();

    for (row, line) in counts.iter().enumerate() {
        for (column, &count) in line.iter().enumerate() {
            if (1..SMALLEST_GROUP).contains(&count) {
                let rectangle = rectangle(counts, &hidden, (row, column))?;
                hidden.extend(rectangle);
            }
        }
    }

    Some(hidden)
}

/// The cheapest rectangle that lets this cell be as large as the smallest group that is shown.
fn rectangle(
    counts: &[Vec<u64>],
    hidden: &BTreeSet<Cell>,
    (row, column): Cell,
) -> Option<[Cell; 4]> {
    // Counts that could move around the rectangle to make the cell large enough.
    let missing = SMALLEST_GROUP - counts[row][column];
    let rows = (0..counts.len()).filter(|&other| other != row && counts[other][column] >= missing);

    let rectangles = rows.flat_map(|other_row| {
        let columns = (0..counts[row].len())
            .filter(move |&other| other != column && counts[row][other] >= missing);

        columns.map(move |other_column| {
            [
                (row, column),
                (row, other_column),
                (other_row, column),
                (other_row, other_column),
            ]
        })
    });

    rectangles.min_by_key(|cells| {
        let others = cells[1..].iter();
        others.map(|&cell| cost(counts, hidden, cell)).sum::<u64>()
    })
}

fn cost(counts: &[Vec<u64>], hidden: &BTreeSet<Cell>, cell: Cell) -> u64 {
    if hidden.contains(&cell) {
        return 0;
    }
    // One for the cell itself: of two rectangles of the same count, the one that hides fewer.
    1 + counts[cell.0][cell.1]
}

#[cfg(test)]
mod tests;
