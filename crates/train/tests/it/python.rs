use std::fs;
use std::process::Command;

use filrouge_model::{FEATURE_COUNT, Predictor};
use filrouge_onnx_runtime::PoolSize;
use filrouge_prerequisites as prerequisites;
use tempfile::TempDir;

use crate::place::{runtime, shared_version};

const SCRIPT: &str = "
import sys, numpy, onnx, onnxruntime
model, rows, answers, columns = sys.argv[1:5]
onnx.checker.check_model(model, full_check=True)
session = onnxruntime.InferenceSession(model, providers=['CPUExecutionProvider'])
features = numpy.fromfile(rows, dtype='<f4').reshape(-1, int(columns))
outputs = session.run(['demand', 'demand_p10', 'demand_p90'], {'features': features})
assert all(output.shape == (len(features), 1) and output.dtype == numpy.float32 for output in outputs)
numpy.hstack(outputs).astype('<f4').tofile(answers)
";

// Preuve: C12.3 le fichier livré passe `onnx.checker` et donne les mêmes prévisions dans un autre langage
#[test]
fn the_file_passes_the_checker_of_onnx_and_answers_the_same_in_python() {
    let packages = ["numpy", "onnx", "onnxruntime"];
    let Some(python) = prerequisites::python(&packages, ".ci/install") else {
        return;
    };

    let place = TempDir::new().unwrap();
    let folder = &shared_version().1.folder;

    let rows: Vec<f32> = (0..200 * FEATURE_COUNT)
        .map(|index| {
            if index % 13 == 0 {
                f32::NAN
            } else {
                (index * 31 % 97) as f32 / 24.0
            }
        })
        .collect();

    let (input, output) = (place.path().join("rows"), place.path().join("answers"));

    fs::write(
        &input,
        rows.iter()
            .flat_map(|value| value.to_le_bytes())
            .collect::<Vec<_>>(),
    )
    .unwrap();

    let mut command = Command::new(&python);

    command
        .args(["-c", SCRIPT])
        .arg(folder.join("model.onnx"))
        .args([&input, &output]);
    let run = command.arg(FEATURE_COUNT.to_string()).output().unwrap();

    assert!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );

    let bytes = fs::read(&output).unwrap();
    let theirs: Vec<f32> = bytes
        .as_chunks()
        .0
        .iter()
        .map(|bytes| f32::from_le_bytes(*bytes))
        .collect();

    let ours = Predictor::load(&runtime(), folder, PoolSize::SINGLE)
        .unwrap()
        .predict(&rows)
        .unwrap();
    let ours = ours
        .iter()
        .flat_map(|row| [row.demand, row.demand_p10, row.demand_p90]);

    assert_eq!(theirs.len(), 600);

    for (theirs, ours) in theirs.into_iter().zip(ours) {
        assert!(
            (theirs - ours).abs() <= 1e-5 * ours.abs().max(1e-3),
            "{theirs} in Python, {ours} here"
        );
    }
}
