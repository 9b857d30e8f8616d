//! The real server of llama.cpp: installed, started, secured, read, and lost.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta};
use filrouge_providers::TriageService as _;
use filrouge_providers::monitoring::{Moment, OwnCounts, ScrapeError, Watcher, monitoring_page};
use filrouge_types::Secret;

use crate::contract;
use crate::harness::{Choices, Harness, Target};
use crate::llama::{Llama, key_file, python, refused};

fn watcher(target: &Target) -> Watcher {
    let key = target
        .key
        .clone()
        .map(|key| Arc::new(Secret::from(key)) as _);

    Watcher::new(&target.base.parse().unwrap(), key).unwrap()
}

// Preuve principale: C8.1 le service est installé, démarre, répond à qui a la clé et refuse les autres [code : deployment/llama/serve]
#[tokio::test]
async fn the_real_server_answers_who_has_the_key_and_keeps_the_contract() {
    let Some(python) = python() else { return };
    let llama = Llama::start(&python);

    contract::holds(&llama.target()).await;

    let log = llama.log();
    for word in ["Hôtel de Ville", "real-key", "freins"] {
        assert!(!log.contains(word), "{word} is in the server's log:\n{log}");
    }
}

// Preuve principale: C8.3 le monitorage que fournit le service est lu, et tracé à côté de nos compteurs [code : crates/providers/src/monitoring/page.rs#monitoring_page]
#[tokio::test]
async fn the_monitoring_of_the_service_is_read_and_drawn_beside_ours() {
    let Some(python) = python() else { return };
    let llama = Llama::start(&python);
    let target = llama.target();
    let watcher = watcher(&target);
    let harness = Harness::new(&target, Choices::default());
    let mut moments = Vec::new();

    for (second, report) in (0..).zip(["frein mort", "pneu crevé"]) {
        // A cut or a wrong answer is counted too.
        let _ = harness.service.triage(report).await;
        moments.push(Moment {
            at: DateTime::UNIX_EPOCH + TimeDelta::seconds(second),
            service: watcher.read().await.unwrap(),
            own: OwnCounts::of(&harness.metrics, "tested"),
        });
    }

    let [first, last] = [moments[0], moments[1]];
    assert!(first.service.written_tokens > 0.0, "{first:?}");
    assert!(
        last.service.written_tokens > first.service.written_tokens,
        "{last:?}"
    );
    // The service counts a token of the end that no answer shows.
    #[expect(clippy::cast_precision_loss, reason = "a few dozen tokens")]
    let difference = last.service.written_tokens - last.own.written_tokens as f64;
    assert!(difference.abs() <= 4.0, "{last:?}");
    let page = monitoring_page("llama-server", &moments);
    assert!(
        page.contains("<svg") && page.contains("2 relevés"),
        "{page}"
    );
}

#[tokio::test]
async fn the_monitoring_needs_the_key_too() {
    let Some(python) = python() else { return };
    let llama = Llama::start(&python);
    let stranger = Target {
        key: None,
        ..llama.target()
    };

    let refused = watcher(&stranger).read().await.unwrap_err();

    assert!(
        matches!(refused, ScrapeError::Status(status) if status == 401),
        "{refused}"
    );
}

// Preuve: C8.2 les bornes sont celles des réglages : la réponse est coupée à leur limite
#[tokio::test]
async fn a_server_that_is_killed_is_told_and_then_left_alone() {
    let Some(python) = python() else { return };
    let mut llama = Llama::start(&python);
    let harness = Harness::new(&llama.target(), Choices::default());
    let asked = harness
        .service
        .triage("frein arrière mort sur le vélo 4521, je suis tombé");

    let (end, ()) = tokio::join!(asked, async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        llama.kill();
    });

    assert_eq!(end.unwrap_err().code(), "unreachable");
    for report in ["b", "c"] {
        harness.service.triage(report).await.unwrap_err();
    }
    assert_eq!(
        harness.service.triage("d").await.unwrap_err().code(),
        "resting"
    );
    assert_eq!(
        watcher(&llama.target()).read().await,
        Err(ScrapeError::Unreachable)
    );
}

// Preuve: C8.2 une clé faible ou lisible par d’autres, un modèle qui n’est pas celui des réglages : le service ne démarre pas [code : deployment/llama/server.toml]
#[test]
fn a_server_that_is_badly_configured_does_not_start() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let strong = "a-key-of-more-than-thirty-two-characters";
    let model = folder.path().join("other.gguf");
    std::fs::write(&model, "not a model").unwrap();
    let model = [("LLAMA_MODEL", model.to_str().unwrap())];

    for (key, mode, variables, reason) in [
        ("short", 0o600, &[][..], "moins de 32 caractères"),
        (strong, 0o644, &[][..], "lisible par d’autres"),
        (
            strong,
            0o600,
            &model[..],
            "n’est pas le modèle des réglages",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let key = key_file(folder.path(), key, mode);
        let end = refused(&python, &key, variables);
        let told = String::from_utf8_lossy(&end.stderr);

        assert!(!end.status.success(), "{reason}");
        assert!(told.contains(reason), "{told}");
    }
}
