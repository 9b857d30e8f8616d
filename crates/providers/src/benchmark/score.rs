//! Accuracy and macro-F1 of a list of answers.

use std::collections::BTreeSet;

/// The label that was right, and the one that was given; `None` for an abstention or a failure.
pub(super) type Pair<'a> = (Option<&'a str>, Option<&'a str>);

/// Share of right answers; 1 where nothing was asked.
pub(super) fn accuracy(pairs: &[Pair<'_>]) -> f64 {
    let right = pairs.iter().filter(|(actual, given)| actual == given);

    share(right.count(), pairs.len())
}

/// F1 = 2·TP / (2·TP + FP + FN), averaged over the labels that were right at least once.
pub(super) fn macro_f1(pairs: &[Pair<'_>]) -> f64 {
    let labels: BTreeSet<Option<&str>> = pairs.iter().map(|(actual, _)| *actual).collect();
    let count = |is: &dyn Fn(&Pair<'_>) -> bool| pairs.iter().filter(|pair| is(pair)).count();

    let sum: f64 = labels
        .iter()
        .map(|label| {
            let both = count(&|(actual, given)| actual == label && given == label);
            let either = count(&|(actual, given)| (actual == label) != (given == label));
            share(2 * both, 2 * both + either)
        })
        .sum();
    sum / share_of(labels.len().max(1))
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        return 1.0;
    }
    share_of(part) / share_of(whole)
}

#[expect(clippy::cast_precision_loss, reason = "a few hundred texts")]
fn share_of(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn macro_f1_gives_each_label_the_same_weight() {
        let pairs = [
            (Some("a"), Some("a")),
            (Some("a"), Some("a")),
            (Some("a"), Some("b")),
            (Some("b"), None),
        ];

        assert!((accuracy(&pairs) - 0.5).abs() < 1e-9);
        // a: 2·2 / (4 + 0 + 1) = 0.8; b: 0.
        assert!((macro_f1(&pairs) - 0.4).abs() < 1e-9);
    }
}
