use forust_ml::GradientBooster;

/// Boosted trees as they are exported: `base + Σ leaf(tree)`, the root of demand relative to the
/// root of the level.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ensemble {
    pub(crate) base: f32,
    pub(crate) trees: Vec<Vec<TreeNode>>,
}

/// A node of a tree; the root is the first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum TreeNode {
    /// Goes to `below` when the feature is below the threshold, or missing and `missing_below`;
    /// else to `above`.
    Split {
        feature: usize,
        threshold: f32,
        below: usize,
        above: usize,
        missing_below: bool,
    },
    /// Adds its value.
    Leaf(f32),
}

/// Rounds what 32 bits cannot hold.
///
/// Features are 32-bit numbers, so `x < t` with a 64-bit `t` says the same as with `t` raised to
/// the next 32-bit number: no row changes side. Leaves become multiples of a power of two, small
/// enough to be negligible and large enough that every partial sum is a 32-bit number: a sum then
/// depends neither on its order nor on its precision.
pub(crate) fn round_booster(booster: &mut GradientBooster) {
    let largest = |tree: &forust_ml::tree::Tree| {
        let leaves = tree.nodes.iter().filter(|node| node.is_leaf);
        leaves
            .map(|node| f64::from(node.weight_value.abs()))
            .fold(0.0, f64::max)
    };

    let bound = booster.base_score.abs() + booster.trees.iter().map(largest).sum::<f64>();
    let grain = grain(bound);
    let round = |value: f64| (value / grain).round() * grain;
    booster.base_score = round(booster.base_score);

    for node in booster.trees.iter_mut().flat_map(|tree| &mut tree.nodes) {
        node.weight_value = round(f64::from(node.weight_value)) as f32;
        node.split_value = f64::from(round_up(node.split_value));
    }
}

impl Ensemble {
    /// The trees of a rounded booster that was grown on the columns `columns` of the features.
    pub(crate) fn of_booster(booster: &GradientBooster, columns: &[usize]) -> Self {
        let tree = |tree: &forust_ml::tree::Tree| {
            let nodes = tree.nodes.iter().map(|node| match node.is_leaf {
                true => TreeNode::Leaf(node.weight_value),
                false => TreeNode::Split {
                    feature: columns[node.split_feature],
                    threshold: node.split_value as f32,
                    below: node.left_child,
                    above: node.right_child,
                    missing_below: node.missing_node == node.left_child,
                },
            });

            nodes.collect()
        };

        Self {
            base: booster.base_score as f32,
            trees: booster.trees.iter().map(tree).collect(),
        }
    }

    /// Every threshold, with the feature it belongs to.
    pub(crate) fn thresholds(&self) -> impl Iterator<Item = (usize, f32)> {
        self.trees.iter().flatten().filter_map(|node| match node {
            TreeNode::Split {
                feature, threshold, ..
            } => Some((*feature, *threshold)),
            TreeNode::Leaf(_) => None,
        })
    }
}

/// The smallest 32-bit number that is not below `value`, kept finite.
fn round_up(value: f64) -> f32 {
    let nearest = value.clamp(f64::from(f32::MIN), f64::from(f32::MAX)) as f32;
    if f64::from(nearest) < value {
        nearest.next_up().min(f32::MAX)
    } else {
        nearest
    }
}

/// The grain for partial sums of magnitude `bound` at most: a 32-bit number has 24 significant
/// bits, and one is kept for what rounding the leaves adds to the bound.
fn grain(bound: f64) -> f64 {
    (bound.max(1e-6).log2().ceil() - 23.0).exp2()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_rounded_threshold_sends_every_32_bit_number_to_the_same_side(threshold in -1e6_f64..1e6, ulps in -3_i32..4) {
            let rounded = round_up(threshold);
            let mut value = threshold as f32;
            for _ in 0..ulps.abs() {
                value = if ulps < 0 { value.next_down() } else { value.next_up() };
            }
            prop_assert_eq!(f64::from(value) < threshold, value < rounded);
        }

        #[test]
        fn sums_of_rounded_leaves_are_the_same_in_32_and_64_bits(leaves in prop::collection::vec(-0.5_f64..0.5, 1..300)) {
            let grain = grain(leaves.iter().map(|leaf| leaf.abs()).sum());
            let rounded: Vec<f32> = leaves.iter().map(|leaf| ((leaf / grain).round() * grain) as f32).collect();
            let wide: f64 = rounded.iter().map(|leaf| f64::from(*leaf)).sum();
            prop_assert_eq!(f64::from(rounded.iter().sum::<f32>()), wide);
            prop_assert_eq!(f64::from(rounded.iter().rev().sum::<f32>()), wide);
        }
    }

    #[test]
    fn the_threshold_that_parts_known_from_missing_stays_finite() {
        assert_eq!(round_up(f64::MAX), f32::MAX);
    }
}
