use super::*;

fn hour(index: i64) -> Hour {
    Hour::from_hours_since_epoch(490_000 + index)
}

// Preuve: C12.3 la séparation est temporelle : chaque pli n’apprend que du passé
#[test]
fn folds_are_the_last_hours_in_order_without_overlap() {
    let folds = rolling_folds(hour(0), hour(2 * 365 * 24 - 1)).unwrap();

    assert_eq!(folds.len(), 4);
    assert_eq!(folds[3].end, hour(2 * 365 * 24));
    for pair in folds.windows(2) {
        assert_eq!(pair[0].end, pair[1].start);
    }
    assert_eq!(folds[0].end - folds[0].start, 28 * 24);
}

#[test]
fn a_short_history_is_held_out_by_half_at_most() {
    let folds = rolling_folds(hour(0), hour(20 * 24 - 1)).unwrap();

    assert_eq!(folds[0].start, hour(10 * 24));
}

#[test]
fn a_fortnight_is_too_short_and_the_error_says_how_much_is_needed() {
    let error = rolling_folds(hour(0), hour(14 * 24 - 1))
        .unwrap_err()
        .to_string();

    assert!(
        error.contains("spans 336 hours") && error.contains("360 at least"),
        "{error}"
    );
}
