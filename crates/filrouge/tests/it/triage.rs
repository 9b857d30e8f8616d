//! `filrouge triage`: from a file of reports to its figures, and a text without personal data.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::Value;

use crate::program::{Program, text};

fn data(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../data/triage")
        .join(file)
}

/// Gives `input` to the command, and returns its answer.
fn answer(program: &Program, arguments: &[&str], input: &str) -> String {
    let mut command = program.command(arguments);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_model_is_trained_then_measured_with_the_keys_that_were_promised() {
    let program = Program::new();
    let model = program.path("model");
    let (train, held_out) = (data("signalements.csv"), data("signalements-reserve.csv"));
    program.succeed(&[
        "triage",
        "train",
        "--reports",
        text(&train),
        "--out",
        text(&model),
    ]);

    let json = program.succeed(&[
        "triage",
        "evaluate",
        "--model",
        text(&model),
        "--reports",
        text(&held_out),
        "--json",
    ]);
    let scores: Value = serde_json::from_str(&json).unwrap();
    for key in ["accuracy", "macro_f1", "coverage", "accuracy_when_sure"] {
        let value = scores[key].as_f64().unwrap();
        assert!((0.5..=1.0).contains(&value), "{key}: {value}");
    }
}

#[test]
fn a_report_is_sorted_by_the_model_of_the_project() {
    let report = "Frein arrière mort sur le 4521, station Hôtel de Ville";
    let json = answer(&Program::new(), &["triage", "classify", "--json"], report);
    let answer: Value = serde_json::from_str(&json).unwrap();

    assert_eq!(answer["category"], "frein");
    assert_eq!(answer["urgency"], "dans la journée");
    assert_eq!(answer["bikes"], serde_json::json!(["4521"]));
    assert_eq!(answer["station"], "Hôtel de Ville");
}

#[test]
fn a_bad_file_is_refused_with_its_line() {
    let program = Program::new();
    let reports = program.write(
        "r.csv",
        "text,category,date,city\nfrein,a,2026-03-01,\n,b,2026-03-01,\n",
    );
    let model = program.path("model");
    let complaint = program.fail(&[
        "triage",
        "train",
        "--reports",
        text(&reports),
        "--out",
        text(&model),
    ]);

    assert!(
        complaint.contains("r.csv") && complaint.contains("ligne 3"),
        "{complaint}"
    );
    assert!(!model.exists());
}

#[test]
fn personal_data_leaves_a_text_and_its_measure_is_printed() {
    let program = Program::new();
    let redacted = answer(
        &program,
        &["triage", "redact"],
        "Je m’appelle Julien Mercier, vélo 4521",
    );
    assert_eq!(redacted, "Je m’appelle [nom], vélo 4521");

    let json = program.succeed(&["triage", "redaction", "--json"]);
    let scores: Value = serde_json::from_str(&json).unwrap();
    assert!(
        scores["redaction-reserve.jsonl"]["recall"]
            .as_f64()
            .unwrap()
            >= 0.98
    );
}
