use std::path::Path;
use std::process::Command;

use filrouge_operations::{alert_rules, alerts, objectives};
use filrouge_prerequisites as prerequisites;

/// What the rules make of series: of minutes, then of days.
const SCENARIOS: [&str; 2] = ["scenarios.yaml", "days.yaml"];

/// Runs promtool where the rules are `alerts.yaml`; gives its words.
fn promtool(arguments: &[&str]) -> Option<String> {
    let promtool = prerequisites::program("promtool", "apt-get install prometheus")?;
    let folder = tempfile::tempdir().unwrap();
    let rules = alert_rules(&alerts().unwrap(), &objectives().unwrap());
    std::fs::write(folder.path().join("alerts.yaml"), rules).unwrap();

    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    for file in SCENARIOS {
        std::fs::copy(tests.join(file), folder.path().join(file)).unwrap();
    }

    let output = Command::new(promtool)
        .args(arguments)
        .current_dir(folder.path())
        .output()
        .unwrap();
    let words = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words}");
    Some(words.into_owned())
}

// Preuve: C20.5 les règles d’alarme sont de vraies règles pour Prometheus
#[test]
fn prometheus_accepts_the_rules() {
    let Some(words) = promtool(&["check", "rules", "alerts.yaml"]) else {
        return;
    };
    assert!(words.contains("SUCCESS"), "{words}");
}

// Preuve: C20.5 chaque fenêtre de consommation du budget d’erreur sonne quand il le faut, et se tait un jour calme
#[test]
fn the_scenarios_ring_what_they_must_and_nothing_else() {
    let Some(words) = promtool(&[&["test", "rules"], &SCENARIOS[..]].concat()) else {
        return;
    };
    assert_eq!(words.matches("SUCCESS").count(), 2, "{words}");
}
