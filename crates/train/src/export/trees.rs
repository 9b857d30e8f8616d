use crate::ensemble::{Ensemble, TreeNode};
use crate::onnx::{Attribute, MACHINE_LEARNING, Node};

/// The trees as one node `TreeEnsembleRegressor` of the domain `ai.onnx.ml`.
pub(super) fn tree_ensemble(ensemble: &Ensemble) -> Node {
    let mut columns = TreeColumns::default();

    for (number, tree) in ensemble.trees.iter().enumerate() {
        for (position, node) in tree.iter().enumerate() {
            columns.push(number as i64, position as i64, *node);
        }
    }

    Node::new(
        MACHINE_LEARNING,
        "TreeEnsembleRegressor",
        &["features"],
        "trees",
        columns.attributes(ensemble.base),
    )
}

/// The attributes of `TreeEnsembleRegressor`: one value a node, in parallel lists.
#[derive(Default)]
struct TreeColumns {
    trees: Vec<i64>,
    nodes: Vec<i64>,
    features: Vec<i64>,
    thresholds: Vec<f32>,
    modes: Vec<&'static str>,
    below: Vec<i64>,
    above: Vec<i64>,
    missing_below: Vec<i64>,
    leaf_trees: Vec<i64>,
    leaf_nodes: Vec<i64>,
    leaf_values: Vec<f32>,
}

impl TreeColumns {
    fn push(&mut self, tree: i64, position: i64, node: TreeNode) {
        // Every list has one value a node: a leaf fills those of a split with zeros.
        let (mode, feature, threshold, below, above, missing_below) = match node {
            TreeNode::Leaf(_) => ("LEAF", 0, 0.0, 0, 0, false),
            TreeNode::Split {
                feature,
                threshold,
                below,
                above,
                missing_below,
            } => ("BRANCH_LT", feature, threshold, below, above, missing_below),
        };

        self.trees.push(tree);
        self.nodes.push(position);
        self.modes.push(mode);
        self.features.push(feature as i64);
        self.thresholds.push(threshold);
        self.below.push(below as i64);
        self.above.push(above as i64);
        self.missing_below.push(i64::from(missing_below));

        if let TreeNode::Leaf(value) = node {
            self.leaf_trees.push(tree);
            self.leaf_nodes.push(position);
            self.leaf_values.push(value);
        }
    }

    fn attributes(self, base: f32) -> Vec<Attribute> {
        let leaves = self.leaf_values.len();

        vec![
            Attribute::integers("nodes_treeids", self.trees),
            Attribute::integers("nodes_nodeids", self.nodes),
            Attribute::integers("nodes_featureids", self.features),
            Attribute::floats("nodes_values", self.thresholds),
            Attribute::texts("nodes_modes", &self.modes),
            Attribute::integers("nodes_truenodeids", self.below),
            Attribute::integers("nodes_falsenodeids", self.above),
            Attribute::integers("nodes_missing_value_tracks_true", self.missing_below),
            Attribute::integers("target_treeids", self.leaf_trees),
            Attribute::integers("target_nodeids", self.leaf_nodes),
            Attribute::integers("target_ids", vec![0; leaves]),
            Attribute::floats("target_weights", self.leaf_values),
            Attribute::integer("n_targets", 1),
            Attribute::floats("base_values", vec![base]),
            Attribute::text("aggregate_function", "SUM"),
            Attribute::text("post_transform", "NONE"),
        ]
    }
}
