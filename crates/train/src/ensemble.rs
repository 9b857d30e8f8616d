use forust_ml::GradientBooster;
use forust_ml::tree::Tree;

/// Boosted trees as they are exported: `base + Σ leaf(tree)`, an answer `√demand / √scale`.
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
    /// The value that it adds.
    Leaf(f32),
}

/// Rounds a booster to 32 bits without changing its answers.
///
/// - Thresholds: features are 32-bit numbers, so `x < t` with a 64-bit `t` is the same as with `t`
///   raised to the next 32-bit number. No row changes side.
/// - Leaves: multiples of a power of two, small enough to be negligible and large enough that every
///   partial sum is a 32-bit number. A sum then depends neither on its order nor on its precision.
pub(crate) fn round_booster(booster: &mut GradientBooster) {
    let bound = booster.base_score.abs() + booster.trees.iter().map(largest_leaf).sum::<f64>();
    let step = rounding_step(bound);
    let round = |value: f64| (value / step).round() * step;

    booster.base_score = round(booster.base_score);

    for node in booster.trees.iter_mut().flat_map(|tree| &mut tree.nodes) {
        node.weight_value = round(f64::from(node.weight_value)) as f32;
        node.split_value = f64::from(round_up(node.split_value));
    }
}

/// Magnitude of the largest leaf.
fn largest_leaf(tree: &Tree) -> f64 {
    let leaves = tree.nodes.iter().filter(|node| node.is_leaf);

    leaves
        .map(|node| f64::from(node.weight_value.abs()))
        .fold(0.0, f64::max)
}

impl Ensemble {
    /// The trees of a rounded booster that was grown on the columns `columns` of the features.
    pub(crate) fn of_booster(booster: &GradientBooster, columns: &[usize]) -> Self {
        let tree = |tree: &Tree| {
            let nodes = tree.nodes.iter().map(|node| match node.is_leaf {
                true => TreeNode::Leaf(node.weight_value),
                false => TreeNode::Split {
                    feature: columns[node.split_feature],
                    threshold: node.split_value as f32,
                    below: node.left_child,
                    above: node.right_child,
                    // XGBoost calls it the default direction, learnt for each split.
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
    // The threshold that parts known values from missing ones is the largest 64-bit number.
    let nearest = value.clamp(f64::from(f32::MIN), f64::from(f32::MAX)) as f32;
    if f64::from(nearest) < value {
        nearest.next_up().min(f32::MAX)
    } else {
        nearest
    }
}

/// The rounding step for partial sums of magnitude `bound` at most: a 32-bit number has 24
/// significant bits (IEEE 754), and rounding the leaves may add one to the bound.
fn rounding_step(bound: f64) -> f64 {
    (bound.max(1e-6).log2().ceil() - 23.0).exp2()
}

#[cfg(test)]
mod tests;
