//! The smallest model that keeps the contract: demand is one feature, the station's level as a
//! rule, the interval half and double of it.

use std::fs;
use std::path::Path;

use filrouge_model::{FEATURE_COUNT, FEATURE_NAMES, LEVEL};
use sha2::{Digest, Sha256};

/// Writes `models/<version>/` with its `model.onnx` and `model.json`: its demand is the station's
/// level.
pub(crate) fn write_version(models: &Path, version: &str) {
    write_version_of(models, version, FEATURE_NAMES[LEVEL]);
}

/// The same, whose demand is this feature.
pub(crate) fn write_version_of(models: &Path, version: &str, feature: &str) {
    let folder = models.join(version);
    fs::create_dir_all(&folder).unwrap();
    let index = FEATURE_NAMES
        .iter()
        .position(|name| *name == feature)
        .unwrap();
    let onnx = model(index as i64);

    fs::write(
        folder.join("model.json"),
        description(version, &onnx).to_string(),
    )
    .unwrap();
    fs::write(folder.join("model.onnx"), onnx).unwrap();
}

fn description(version: &str, onnx: &[u8]) -> serde_json::Value {
    let measures = serde_json::to_value(filrouge_model::evaluation::Evaluation::default()).unwrap();
    serde_json::json!({
        "format": filrouge_model::FORMAT, "name": "demand", "version": version, "created_at": "2026-03-01T00:00:00Z", "program_version": "0.1.0",
        "commit": null, "seed": 1, "trees": 0, "time_zone": "Europe/Paris", "feature_names": FEATURE_NAMES.as_slice(),
        "training": {"from": "2026-01-01T00:00:00Z", "to": "2026-02-01T00:00:00Z", "rows": 0, "sampled_rows": 0,
                     "stations": 0},
        "dataset_sha256": "", "model_sha256": format!("{:x}", Sha256::digest(onnx)),
        "evaluation": measures, "backtest_days": [], "system_demand": null, "correction_strength": 0.0,
        // A usual hour counts four departures.
        "reference": [{"name": "level", "missing_share": 0.0, "edges": [4.0], "shares": [0.5, 0.5]}],
    })
}

/// `demand = Gather(features, feature)`, `demand_p10 = demand × 0.5`, `demand_p90 = demand × 2`, as
/// ONNX protobuf.
fn model(feature: i64) -> Vec<u8> {
    let float = |name: &str, value: f32| {
        [number(2, 1), text(8, name), bytes(9, &value.to_le_bytes())].concat()
    };
    let axis = bytes(5, &[text(1, "axis"), number(3, 1), number(20, 2)].concat());
    let index = [
        number(1, 1),
        number(2, 7),
        text(8, "index"),
        bytes(9, &feature.to_le_bytes()),
    ]
    .concat();
    let graph = [
        bytes(
            1,
            &[
                text(1, "features"),
                text(1, "index"),
                text(2, "demand"),
                text(4, "Gather"),
                axis,
            ]
            .concat(),
        ),
        bytes(
            1,
            &[
                text(1, "demand"),
                text(1, "half"),
                text(2, "demand_p10"),
                text(4, "Mul"),
            ]
            .concat(),
        ),
        bytes(
            1,
            &[
                text(1, "demand"),
                text(1, "double"),
                text(2, "demand_p90"),
                text(4, "Mul"),
            ]
            .concat(),
        ),
        text(2, "demand"),
        bytes(5, &index),
        bytes(5, &float("half", 0.5)),
        bytes(5, &float("double", 2.0)),
        bytes(11, &tensor("features", FEATURE_COUNT as u64)),
        ["demand", "demand_p10", "demand_p90"]
            .map(|name| bytes(12, &tensor(name, 1)))
            .concat(),
    ];
    let opset = number(2, 17);
    [number(1, 8), bytes(7, &graph.concat()), bytes(8, &opset)].concat()
}

/// A `ValueInfoProto`: float32 `[N, columns]`.
fn tensor(name: &str, columns: u64) -> Vec<u8> {
    let shape = [bytes(1, &text(2, "N")), bytes(1, &number(1, columns))].concat();
    let float = [number(1, 1), bytes(2, &shape)].concat();
    [text(1, name), bytes(2, &bytes(1, &float))].concat()
}

fn text(field: u64, value: &str) -> Vec<u8> {
    bytes(field, value.as_bytes())
}

fn bytes(field: u64, value: &[u8]) -> Vec<u8> {
    [
        varint(field << 3 | 2),
        varint(value.len() as u64),
        value.to_vec(),
    ]
    .concat()
}

fn number(field: u64, value: u64) -> Vec<u8> {
    [varint(field << 3), varint(value)].concat()
}

fn varint(mut value: u64) -> Vec<u8> {
    let mut encoded = Vec::new();
    while value >= 0x80 {
        encoded.push(value as u8 | 0x80);
        value >>= 7;
    }
    encoded.push(value as u8);
    encoded
}
