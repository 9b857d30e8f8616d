//! The metrics of every process, as Prometheus reads them and as the page declares them.

use std::fs;
use std::path::Path;

use filrouge_prerequisites as prerequisites;

use crate::real::real_state;
use crate::service::{Served, free_ports};

/// Everything that answers `/metrics`.
const PROCESSES: [&str; 6] = [
    "city",
    "data-api",
    "model-api",
    "web",
    "refresh",
    "incidents",
];

/// The names that an exposition declares: `# TYPE name kind`.
fn names(metrics: &str) -> Vec<&str> {
    let types = metrics
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE "));
    types.filter_map(|line| line.split(' ').next()).collect()
}

// Preuve: C20.1 chaque processus a ses métriques, et `promtool check metrics` n’y trouve rien à redire
// Preuve: C20.4 chaque métrique qu’un processus donne est dans le tableau des métriques
#[test]
fn the_metrics_of_every_process_follow_the_conventions_and_are_in_the_table() {
    let Some(promtool) = prerequisites::promtool() else {
        return;
    };
    let (program, base) = (real_state(), free_ports());
    let certificate = program.write("certificate.pem", "not one");
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/metriques.md");
    let table = fs::read_to_string(page).unwrap();

    // All at once, as in a deployment: each has something to tell of the others.
    let served = PROCESSES.map(|name| {
        let process = Served::start_as(&program, name, base, |mut command| {
            command.env("FILROUGE_TLS_CERTIFICATE", &certificate);
            command
        });
        (name, process)
    });
    for (name, process) in &served {
        let (status, metrics) = process.get("/metrics");
        assert_eq!(status, 200, "{name}");
        assert_eq!(promtool.objections(&metrics).unwrap(), "", "{name}");

        let names = names(&metrics);
        for common in [
            "service_info",
            "http_requests_in_flight",
            "tls_certificate_end_timestamp_seconds",
        ] {
            assert!(names.contains(&common), "{name} does not give `{common}`");
        }
        for metric in names {
            assert!(
                table.contains(&format!("| `{metric}` |")),
                "{name}: `{metric}` is not in the table"
            );
        }
    }
}
