use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use filrouge_database::gdpr::{AuditSeal, EndsStore};
use filrouge_database::{Begun, Database};
use serde_json::{Value, json};

use crate::service::{Answer, TestService, now};

/// The outcome of each check, by name.
fn statuses(answer: &Answer) -> Value {
    let checks = answer.json()["checks"].as_array().cloned();
    let by_name = checks.unwrap_or_default().into_iter().map(|check| {
        let name = check["name"].as_str().unwrap().to_owned();
        (name, check["status"].clone())
    });
    Value::Object(by_name.collect())
}

// Preuve: C20.3 la disponibilité dit si le service peut lire et écrire, et de quand sont ses données
#[tokio::test]
async fn a_service_that_can_work_tells_each_check() {
    let service = TestService::start().await;

    let answer = service.get_with("/health/ready", &[]).await;

    assert_eq!(
        (answer.status.as_u16(), &answer.json()["status"]),
        (200, &json!("ok"))
    );
    let all_ok = json!({"read": "ok", "write": "ok", "integrity": "ok", "freshness": "ok", "audit_log": "ok"});
    assert_eq!(statuses(&answer), all_ok);
}

#[tokio::test]
async fn a_service_whose_writing_waits_still_serves_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.sqlite");
    let database = Database::open_file(&path).await.unwrap();
    let service = TestService::start_on(database).await;
    // An import holds the right to write from its first statement to its last.
    let other = Database::open_file(&path).await.unwrap();
    let import = other.begin_import(&"0".repeat(64), now()).await.unwrap();
    assert!(matches!(import, Begun::Awaiting(_)));

    let answer = service.get_with("/health/ready", &[]).await;

    assert_eq!(answer.status, 200);
    assert_eq!(statuses(&answer)["write"], "degraded");
    assert_eq!(answer.json()["status"], "degraded");
}

#[tokio::test]
async fn a_service_without_its_database_is_not_ready_and_says_why() {
    let service = TestService::start().await;
    service.database.close().await;

    let answer = service.get_with("/health/ready", &[]).await;

    assert_eq!(answer.status, 503);
    let statuses = statuses(&answer);
    assert_eq!(
        (&statuses["read"], &statuses["write"]),
        (&json!("failed"), &json!("failed"))
    );
    assert!(
        answer.json()["detail"]
            .as_str()
            .unwrap()
            .contains("ne répond pas")
    );
}

/// A place for the signed ends, which may be full.
#[derive(Clone, Default)]
struct MemoryEnds {
    text: Arc<Mutex<Option<String>>>,
    is_full: Arc<AtomicBool>,
}

impl EndsStore for MemoryEnds {
    fn read(&self) -> io::Result<Option<String>> {
        Ok(self.text.lock().unwrap().clone())
    }

    fn write(&self, text: &str) -> io::Result<()> {
        if self.is_full.load(Ordering::Relaxed) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        *self.text.lock().unwrap() = Some(text.to_owned());
        Ok(())
    }
}

#[tokio::test]
async fn an_audit_log_whose_end_could_not_be_signed_is_told_until_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.sqlite");
    let (place, clock) = (MemoryEnds::default(), now());
    let seal = AuditSeal::new(b"the key of the test", place.clone());
    let database = Database::open_file(&path).await.unwrap();
    let database = database.sealed(seal).await.unwrap();
    let service = TestService::start_on(database.clone()).await;

    let status = async || {
        // An outcome stands for a second.
        tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
        let answer = service.get_with("/health/ready", &[]).await;
        assert_eq!(answer.status, 200);
        statuses(&answer)["audit_log"].clone()
    };
    assert_eq!(status().await, "ok");

    place.is_full.store(true, Ordering::Relaxed);
    database.record_access("test", "one", clock).await.unwrap();
    assert_eq!(status().await, "degraded");
    let metrics = service.get_with("/metrics", &[]).await;
    let text = String::from_utf8_lossy(&metrics.body).into_owned();
    assert!(
        text.contains("service_check_status{check=\"audit_log\"} 1"),
        "{text}"
    );

    place.is_full.store(false, Ordering::Relaxed);
    database.catch_up_audit_signature().await;
    assert_eq!(status().await, "ok");
}
