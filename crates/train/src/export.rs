use filrouge_model::{CORRECTION, FEATURE_COUNT, SCALE};

use crate::ensemble::{Ensemble, TreeNode};
use crate::head::Head;
use crate::onnx::{
    Attribute, AttributeValue, Constant, DOUBLE, FLOAT, Graph, MACHINE_LEARNING, Node, NodeMessage,
    Tensor, rows_of, tensor,
};

/// The whole model as one graph: `features` float32 `[N, F]` in, `demand`, `demand_p10`,
/// `demand_p90` float32 `[N, 1]` out. What follows the trees is [`Head::predict`], step by step, in
/// 64 bits.
pub(crate) fn graph(ensemble: &Ensemble, head: &Head) -> Graph {
    let steps = STEPS.iter().map(|(operator, inputs, output)| {
        let (operator, attributes) = match *operator {
            "Gather" => ("Gather", vec![integer("axis", 1)]),
            "Widen" => ("Cast", vec![integer("to", i64::from(DOUBLE))]),
            "Narrow" => ("Cast", vec![integer("to", i64::from(FLOAT))]),
            operator => (operator, Vec::new()),
        };

        NodeMessage::from(Node {
            operator,
            domain: "",
            inputs,
            output,
            attributes,
        })
    });

    Graph {
        node: std::iter::once(trees(ensemble)).chain(steps).collect(),
        name: Some("demand".to_owned()),
        initializer: constants(head),
        input: vec![rows_of("features", FEATURE_COUNT)],
        output: ["demand", "demand_p10", "demand_p90"]
            .map(|name| rows_of(name, 1))
            .to_vec(),
    }
}

/// Operator, inputs, output. `Widen` and `Narrow` are `Cast`s to 64 and 32 bits.
type Step = (&'static str, &'static [&'static str], &'static str);

const STEPS: [Step; 35] = [
    // scale = usual_demand · counted_over_forecast ^ followed
    ("Gather", &["features", "usual_index"], "given_usual"),
    ("Widen", &["given_usual"], "wide_usual"),
    ("IsNaN", &["wide_usual"], "usual_is_missing"),
    (
        "Where",
        &["usual_is_missing", "default_scale", "wide_usual"],
        "usual",
    ),
    ("Gather", &["features", "record_index"], "given_record"),
    ("Widen", &["given_record"], "wide_record"),
    ("IsNaN", &["wide_record"], "record_is_missing"),
    (
        "Where",
        &["record_is_missing", "no_record", "wide_record"],
        "record",
    ),
    ("Pow", &["record", "followed"], "change"),
    ("Mul", &["usual", "change"], "scale"),
    // x = max(trees, 0) · √scale
    ("Widen", &["trees"], "wide_trees"),
    ("Relu", &["wide_trees"], "relative_root"),
    ("Sqrt", &["scale"], "scale_root"),
    ("Mul", &["relative_root", "scale_root"], "root"),
    // The curves: straight between the knots, flat outside.
    ("Sub", &["root", "knots"], "beyond_knots"),
    ("Relu", &["beyond_knots"], "positive_beyond"),
    ("Min", &["positive_beyond", "widths"], "ramps"),
    ("MatMul", &["ramps", "slopes"], "rises"),
    ("Add", &["rises", "starts"], "curves"),
    ("Gather", &["curves", "correction_index"], "correction"),
    ("Gather", &["curves", "lower_index"], "lower"),
    ("Gather", &["curves", "upper_index"], "upper"),
    // demand = max(x² + correction, 0)
    ("Mul", &["root", "root"], "square"),
    ("Add", &["square", "correction"], "corrected"),
    ("Relu", &["corrected"], "wide_demand"),
    ("Narrow", &["wide_demand"], "demand"),
    // p10 = min(max(x − lower, 0)², demand)
    ("Sub", &["root", "lower"], "low_root"),
    ("Relu", &["low_root"], "positive_low_root"),
    ("Mul", &["positive_low_root", "positive_low_root"], "low"),
    ("Min", &["low", "wide_demand"], "wide_p10"),
    ("Narrow", &["wide_p10"], "demand_p10"),
    // p90 = max((x + upper)², demand)
    ("Add", &["root", "upper"], "high_root"),
    ("Mul", &["high_root", "high_root"], "high"),
    ("Max", &["high", "wide_demand"], "wide_p90"),
    ("Narrow", &["wide_p90"], "demand_p90"),
];

fn constants(head: &Head) -> Vec<Tensor> {
    let knots = &head.knots[..head.knots.len() - 1];
    let (widths, slopes) = (head.widths(), head.slopes().concat());
    let count = knots.len() as i64;
    let index = |name, value| tensor(name, &[1], Constant::Integers(&[value]));

    vec![
        tensor(
            "default_scale",
            &[1, 1],
            Constant::Doubles(&[head.scale.default]),
        ),
        tensor("no_record", &[1, 1], Constant::Doubles(&[1.0])),
        tensor(
            "followed",
            &[1, 1],
            Constant::Doubles(&[head.scale.correction_strength]),
        ),
        tensor("knots", &[1, count], Constant::Doubles(knots)),
        tensor("widths", &[1, count], Constant::Doubles(&widths)),
        tensor("slopes", &[count, 3], Constant::Doubles(&slopes)),
        tensor("starts", &[1, 3], Constant::Doubles(&head.values[0])),
        index("usual_index", SCALE as i64),
        index("record_index", CORRECTION as i64),
        index("correction_index", 0),
        index("lower_index", 1),
        index("upper_index", 2),
    ]
}

fn trees(ensemble: &Ensemble) -> NodeMessage {
    let mut columns = TreeColumns::default();
    for (number, tree) in ensemble.trees.iter().enumerate() {
        for (position, node) in tree.iter().enumerate() {
            columns.push(number as i64, position as i64, *node);
        }
    }
    let node = Node {
        operator: "TreeEnsembleRegressor",
        domain: MACHINE_LEARNING,
        inputs: &["features"],
        output: "trees",
        attributes: columns.attributes(ensemble.base),
    };
    node.into()
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
            integers("nodes_treeids", self.trees),
            integers("nodes_nodeids", self.nodes),
            integers("nodes_featureids", self.features),
            floats("nodes_values", self.thresholds),
            Attribute {
                name: "nodes_modes",
                value: AttributeValue::Strings(self.modes),
            },
            integers("nodes_truenodeids", self.below),
            integers("nodes_falsenodeids", self.above),
            integers("nodes_missing_value_tracks_true", self.missing_below),
            integers("target_treeids", self.leaf_trees),
            integers("target_nodeids", self.leaf_nodes),
            integers("target_ids", vec![0; leaves]),
            floats("target_weights", self.leaf_values),
            integer("n_targets", 1),
            floats("base_values", vec![base]),
            text("aggregate_function", "SUM"),
            text("post_transform", "NONE"),
        ]
    }
}

fn integers(name: &'static str, values: Vec<i64>) -> Attribute {
    Attribute {
        name,
        value: AttributeValue::Integers(values),
    }
}

fn floats(name: &'static str, values: Vec<f32>) -> Attribute {
    Attribute {
        name,
        value: AttributeValue::Floats(values),
    }
}

fn integer(name: &'static str, value: i64) -> Attribute {
    Attribute {
        name,
        value: AttributeValue::Integer(value),
    }
}

fn text(name: &'static str, value: &'static str) -> Attribute {
    Attribute {
        name,
        value: AttributeValue::String(value),
    }
}
