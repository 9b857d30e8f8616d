use filrouge_model::{CORRECTION, FEATURE_COUNT, SCALE};

use crate::calibration::Calibration;
use crate::ensemble::Ensemble;
use crate::onnx::{Attribute, DOUBLE, FLOAT, Graph, Node, Tensor, Value};

mod trees;

use trees::tree_ensemble;

/// The whole model as one ONNX graph: `features` float32 `[N, F]` in, `demand`, `demand_p10`,
/// `demand_p90` float32 `[N, 1]` out.
///
/// After the trees, the graph is [`Calibration::predict`] step by step, in 64 bits.
pub(crate) fn graph(ensemble: &Ensemble, calibration: &Calibration) -> Graph {
    let trees = std::iter::once(tree_ensemble(ensemble));
    let outputs = ["demand", "demand_p10", "demand_p90"];

    Graph {
        node: trees.chain(STEPS.iter().map(node)).collect(),
        name: Some("demand".to_owned()),
        initializer: constants(calibration),
        input: vec![Value::rows("features", FEATURE_COUNT)],
        output: outputs.map(|name| Value::rows(name, 1)).to_vec(),
    }
}

/// Operator, inputs, output. `Widen` and `Narrow` are `Cast`s to 64 and 32 bits.
type Step = (&'static str, &'static [&'static str], &'static str);

// The names of the values are part of the file: changing one changes the hash that names versions.
const STEPS: [Step; 35] = [
    // scale = usual_demand · counted_over_forecast ^ correction_strength
    ("Gather", &["features", "usual_index"], "given_usual"),
    ("Widen", &["given_usual"], "wide_usual"),
    ("IsNaN", &["wide_usual"], "usual_is_missing"),
    (
        "Where",
        &["usual_is_missing", "default_scale", "wide_usual"],
        "usual",
    ),
    ("Gather", &["features", "ratio_index"], "given_ratio"),
    ("Widen", &["given_ratio"], "wide_ratio"),
    ("IsNaN", &["wide_ratio"], "ratio_is_missing"),
    (
        "Where",
        &["ratio_is_missing", "no_bias", "wide_ratio"],
        "counted_over_forecast",
    ),
    (
        "Pow",
        &["counted_over_forecast", "correction_strength"],
        "change",
    ),
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

fn node((operator, inputs, output): &Step) -> Node {
    let cast_to = |kind| vec![Attribute::integer("to", i64::from(kind))];
    let (operator, attributes) = match *operator {
        "Gather" => ("Gather", vec![Attribute::integer("axis", 1)]),
        "Widen" => ("Cast", cast_to(DOUBLE)),
        "Narrow" => ("Cast", cast_to(FLOAT)),
        operator => (operator, Vec::new()),
    };

    Node::new("", operator, inputs, output, attributes)
}

fn constants(calibration: &Calibration) -> Vec<Tensor> {
    let Calibration {
        scale,
        knots,
        values,
    } = calibration;
    // Curves are flat beyond the last knot: no ramp starts there.
    let knots = &knots[..knots.len() - 1];
    let count = knots.len() as i64;
    let (widths, slopes) = (calibration.widths(), calibration.slopes().concat());

    vec![
        Tensor::doubles("default_scale", &[1, 1], &[scale.default]),
        Tensor::doubles("no_bias", &[1, 1], &[1.0]),
        Tensor::doubles("correction_strength", &[1, 1], &[scale.correction_strength]),
        Tensor::doubles("knots", &[1, count], knots),
        Tensor::doubles("widths", &[1, count], &widths),
        Tensor::doubles("slopes", &[count, 3], &slopes),
        Tensor::doubles("starts", &[1, 3], &values[0]),
        Tensor::integer("usual_index", SCALE as i64),
        Tensor::integer("ratio_index", CORRECTION as i64),
        Tensor::integer("correction_index", 0),
        Tensor::integer("lower_index", 1),
        Tensor::integer("upper_index", 2),
    ]
}
