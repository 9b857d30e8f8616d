//! The metrics of every process, as Prometheus reads them and as the page declares them.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

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

/// What `promtool check metrics` finds to say.
fn objections(promtool: &Path, metrics: &str) -> String {
    let mut checker = Command::new(promtool)
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = checker.stdin.take().unwrap();
    input.write_all(metrics.as_bytes()).unwrap();
    drop(input);

    let verdict = checker.wait_with_output().unwrap();
    let said = [verdict.stdout, verdict.stderr].concat();
    format!("{}{}", verdict.status, String::from_utf8(said).unwrap())
}

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
    let Some(promtool) = prerequisites::program("promtool", "apt-get install prometheus") else {
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
        assert_eq!(objections(&promtool, &metrics), "exit status: 0", "{name}");

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

#[test]
fn what_breaks_the_conventions_is_objected_to() {
    let Some(promtool) = prerequisites::program("promtool", "apt-get install prometheus") else {
        return;
    };
    let metrics = "# TYPE requests counter\nrequests 1\n";
    let said = objections(&promtool, metrics);
    assert!(said.contains("_total"), "{said}");
}
