use std::process::Command;

use filrouge_prerequisites as prerequisites;

use crate::support::{Service, this_hour};

// Preuve: C11.6 les métriques suivent les conventions de Prometheus : `promtool check metrics` n’y trouve rien à redire
#[tokio::test]
async fn the_metrics_follow_the_conventions_of_prometheus() {
    let Some(promtool) = prerequisites::promtool() else {
        return;
    };
    let service = Service::ready().await;
    service.predict(&[("A", this_hour())]).await;
    let metrics = service.open("/metrics").await.text;

    assert!(
        metrics.contains("model_rolling_quality") && metrics.contains("http_requests_total"),
        "{metrics}"
    );
    assert_eq!(promtool.objections(&metrics).unwrap(), "");
}

// The proof above, as any other one, on a machine without its tool.
#[test]
fn without_promtool_the_proof_is_not_played() {
    let run = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "metrics::the_metrics_follow_the_conventions_of_prometheus",
        ])
        .env("PATH", "")
        .env(prerequisites::STRICT, "1")
        .output()
        .unwrap();

    let told = String::from_utf8_lossy(&run.stdout);
    assert!(!run.status.success(), "{told}");
    assert!(
        told.contains("\nnot played: promtool; apt-get install prometheus\n"),
        "{told}"
    );
}
