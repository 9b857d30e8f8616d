//! What leaves, and what is written down.

use std::io::Write;
use std::sync::{Arc, Mutex};

use filrouge_providers::TriageService as _;
use tracing_subscriber::fmt::MakeWriter;

use crate::harness::{Choices, Harness, Target};
use crate::recorded::{BRAKES, Recorded, RecordedServer};

#[tokio::test]
async fn personal_data_is_taken_out_before_anything_leaves() {
    let server = RecordedServer::start([BRAKES]).await;
    let harness = Harness::new(&Target::recorded(&server.base), Choices::default());

    harness
        .service
        .triage("Sophie, frein mort du 4521")
        .await
        .unwrap();

    let sent = server.requests()[0].to_string();
    assert!(!sent.contains("Sophie"), "{sent}");
    assert!(sent.contains("[nom]") && sent.contains("4521"), "{sent}");
}

/// Logs, kept in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

// Preuve: C20.4 ni le texte d’un signalement, ni la réponse d’un service ne sont journalisés
#[tokio::test]
async fn no_log_and_no_error_holds_a_report_an_answer_or_a_key() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .with_ansi(false)
        .finish();
    // For every thread: with a subscriber of this thread alone, a line that another test meets first
    // stays switched off.
    tracing::subscriber::set_global_default(subscriber).unwrap();

    for answer in [
        BRAKES,
        Recorded::Text(r#"{"category":"confidentiel"#, "length"),
        Recorded::Text(r#"{"category":"confidentiel","urgent":true}"#, "stop"),
        Recorded::Raw("confidentiel"),
        Recorded::Status(500, None),
        Recorded::Status(401, None),
    ] {
        let server = RecordedServer::start([answer]).await;
        let harness = Harness::new(&Target::recorded(&server.base), Choices::default());
        if let Err(error) = harness.service.triage("secret-du-signalement").await {
            let told = format!("{error} {error:?}");
            assert!(
                !told.contains("confidentiel") && !told.contains("secret"),
                "{told}"
            );
        }
    }

    let told = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(told.contains("reason=\"cut\""), "{told}");
    for word in ["confidentiel", "secret-du-signalement", "recorded-key"] {
        assert!(!told.contains(word), "{word} is in the log:\n{told}");
    }
}
