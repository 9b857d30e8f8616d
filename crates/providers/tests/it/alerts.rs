//! The rules of `docker/alerts-ia.yaml`: they name metrics that are declared, and each one fires.

use std::path::{Path, PathBuf};
use std::process::Command;

use filrouge_http::Catalogue;
use filrouge_prerequisites as prerequisites;
use filrouge_providers::ServiceMetrics;

fn docker() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docker")
}

#[test]
fn the_rules_name_metrics_that_are_declared() {
    let mut catalogue = Catalogue::default();
    ServiceMetrics::new(&mut catalogue).unwrap();
    let declared: Vec<&str> = catalogue
        .metrics()
        .iter()
        .map(|(_, metric)| metric.name)
        .collect();
    let rules = std::fs::read_to_string(docker().join("alerts-ia.yaml")).unwrap();

    let words = rules.split(|sign: char| !sign.is_ascii_alphanumeric() && sign != '_');
    let named: Vec<&str> = words
        .filter(|word| word.starts_with("ai_") && word.len() > 3)
        .collect();

    assert!(named.len() >= 5, "{named:?}");
    assert!(
        named.iter().all(|name| declared.contains(name)),
        "{named:?}"
    );
}

// Preuve: C20.1 chaque alerte des services d’IA sonne quand elle le doit, et se tait ensuite
#[test]
fn each_rule_fires_and_falls_silent() {
    let promtool = prerequisites::program("promtool", "apt-get install prometheus");
    let Some(promtool) = promtool else { return };

    let run = Command::new(promtool)
        .args(["test", "rules", "alerts-ia.test.yaml"])
        .current_dir(docker())
        .output()
        .unwrap();

    assert!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
    let rules = std::fs::read_to_string(docker().join("alerts-ia.yaml")).unwrap();
    let tests = std::fs::read_to_string(docker().join("alerts-ia.test.yaml")).unwrap();
    for name in rules
        .lines()
        .filter_map(|line| line.trim().strip_prefix("- alert: "))
    {
        assert!(
            tests.contains(&format!("alertname: {name}")),
            "{name} is never fired"
        );
    }
}
