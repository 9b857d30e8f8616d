use std::path::Path;
use std::process::Command;

use filrouge_prerequisites as prerequisites;
use serde_json::json;

use crate::support::Service;

/// What brings the fuzzer, which takes a minute or two and is asked for.
const SCHEMATHESIS: &str =
    ".ci/install && export SCHEMATHESIS=~/.cache/filrouge/python/bin/schemathesis";

// Preuve: C9.10 l’API répond comme son document OpenAPI l’annonce à tout ce que schemathesis lui demande
#[tokio::test(flavor = "multi_thread")]
async fn a_fuzzer_finds_nothing() {
    if prerequisites::variable("SCHEMATHESIS", SCHEMATHESIS).is_none() {
        return;
    }
    let service = Service::ready().await;
    // The hour of the document's examples is over: counts of an hour under way are refused.
    service.advance(1);
    let address = format!("http://{}", service.listen().await);
    let folder = tempfile::tempdir().unwrap();
    let credentials = folder.path().join("credentials.json");
    let clients = ["demo", "admin"]
        .map(|client| json!({"client_id": client, "client_secret": format!("secret-of-{client}")}));
    std::fs::write(&credentials, json!(clients).to_string()).unwrap();

    let run = tokio::task::spawn_blocking(move || {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/api/fuzz");
        Command::new(script).arg(address).arg(credentials).output()
    });
    let run = run.await.unwrap().unwrap();

    let told = String::from_utf8_lossy(&run.stdout) + String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{told}");
}
