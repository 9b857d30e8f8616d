use proptest::prelude::*;

use super::*;

fn table(counts: &[Vec<u64>]) -> CountTable {
    let cells = counts.iter().enumerate().flat_map(|(row, line)| {
        line.iter()
            .enumerate()
            .map(move |(column, count)| (format!("r{row:02}"), format!("c{column:02}"), *count))
    });
    cells.collect()
}

#[test]
fn a_small_group_is_hidden_with_three_others() {
    let shown = table(&[vec![2, 30, 9], vec![7, 40, 50], vec![60, 8, 70]])
        .published(false)
        .unwrap();
    assert_eq!(
        shown.counts,
        [
            vec![None, Some(30), None],
            vec![None, Some(40), None],
            vec![Some(60), Some(8), Some(70)]
        ]
    );
}

#[test]
fn a_table_without_small_groups_is_shown_whole_and_zeros_are_no_group() {
    let counts = [vec![0, 5], vec![12, 0]];
    let shown = table(&counts).published(true).unwrap();
    assert_eq!(
        shown.counts,
        [vec![Some(0), Some(5)], vec![Some(12), Some(0)]]
    );
}

#[test]
fn a_table_that_cannot_be_made_safe_is_not_shown() {
    assert_eq!(table(&[vec![3, 0], vec![0, 9]]).published(false), None);
    assert_eq!(table(&[vec![3]]).published(true), None);
}

#[test]
fn small_rows_and_columns_are_added_up() {
    let shown = table(&[vec![20, 30], vec![1, 2], vec![2, 2], vec![40, 50]])
        .published(true)
        .unwrap();
    assert_eq!(shown.rows, [OTHERS, "r00", "r03"]);

    let small: CountTable = [("a", "x", 2), ("b", "x", 50), ("c", "x", 60)]
        .map(|(row, column, count)| (row.to_owned(), column.to_owned(), count))
        .into_iter()
        .collect();
    let shown = small.published(true).unwrap();

    assert_eq!(
        shown.rows,
        [OTHERS, "c"],
        "one small row alone takes the next smallest with it"
    );
}

fn totals(counts: &[Vec<u64>]) -> (Vec<u64>, Vec<u64>) {
    let rows = counts.iter().map(|line| line.iter().sum()).collect();
    let columns = (0..counts[0].len())
        .map(|column| counts.iter().map(|line| line[column]).sum())
        .collect();
    (rows, columns)
}

/// A table that shows the same, has the same totals, and in which this cell is no small group.
fn another_that_shows_the_same(
    counts: &[Vec<u64>],
    shown: &PublishedTable,
    row: usize,
    column: usize,
) -> bool {
    let is_hidden = |row: usize, column: usize| shown.counts[row][column].is_none();
    let missing = SMALLEST_GROUP - counts[row][column];

    (0..counts.len()).any(|other_row| {
        (0..counts[0].len()).any(|other_column| {
            let corners = [
                (row, other_column),
                (other_row, column),
                (other_row, other_column),
            ];
            if other_row == row
                || other_column == column
                || !corners.iter().all(|&(r, c)| is_hidden(r, c))
            {
                return false;
            }
            let mut other = counts.to_vec();
            other[row][column] += missing;
            other[other_row][other_column] += missing;
            for (r, c) in [(row, other_column), (other_row, column)] {
                let Some(less) = other[r][c].checked_sub(missing) else {
                    return false;
                };
                other[r][c] = less;
            }
            totals(&other) == totals(counts)
        })
    })
}

proptest! {
    #[test]
    fn totals_do_not_give_small_groups_away(
        counts in (2_usize..7, 2_usize..7).prop_flat_map(|(rows, columns)| {
            prop::collection::vec(prop::collection::vec(prop_oneof![0_u64..8, 0_u64..60], columns), rows)
        })
    ) {
        if let Some(shown) = table(&counts).published(false) {
            for (row, line) in counts.iter().enumerate() {
                for (column, &count) in line.iter().enumerate() {
                    if let Some(published) = shown.counts[row][column] {
                        prop_assert_eq!(published, count, "what is shown is true");
                        prop_assert!(count == 0 || count >= SMALLEST_GROUP);
                    } else if (1..SMALLEST_GROUP).contains(&count) {
                        prop_assert!(another_that_shows_the_same(&counts, &shown, row, column));
                    }
                }
            }
        }
    }

    #[test]
    fn merging_leaves_no_small_total_but_in_a_table_that_is_small_as_a_whole(
        counts in prop::collection::vec(prop::collection::vec(0_u64..12, 4), 5)
    ) {
        let merged = table(&counts).merged();
        let (_, _, matrix) = merged.matrix();
        let all: u64 = counts.iter().flatten().sum();
        let (rows, columns) = totals(&matrix);
        for total in rows.into_iter().chain(columns) {
            prop_assert!(total == 0 || total >= SMALLEST_GROUP || all < SMALLEST_GROUP);
        }
        prop_assert_eq!(matrix.iter().flatten().sum::<u64>(), all);
    }
}
