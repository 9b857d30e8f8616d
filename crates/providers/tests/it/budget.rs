//! Money: what is paid once, what is never paid, what falls back.

use std::sync::Arc;
use std::time::Duration;

use filrouge_providers::{
    BudgetLimits, ServiceError, TokenUsage, TriageService, Triaged, WithFallback,
};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use serde_json::json;

use crate::harness::{Choices, Harness, Target};
use crate::recorded::{BRAKES, MODEL, Recorded, RecordedServer, completion_body};

async fn harness(answers: &[Recorded], choices: Choices) -> (Harness, RecordedServer) {
    let server = RecordedServer::start(answers.iter().cloned()).await;

    (
        Harness::new(&Target::recorded(&server.base), choices),
        server,
    )
}

#[tokio::test]
async fn the_same_report_is_paid_once() {
    let (harness, server) = harness(&[BRAKES], Choices::default()).await;

    let first = harness.service.triage("frein mort").await.unwrap();
    let again = harness.service.triage("frein mort").await.unwrap();

    assert_eq!(again.category, first.category);
    assert_eq!(again.usage, TokenUsage::default());
    assert_eq!(server.requests().len(), 1);
    // 154 tokens read at 1, 25 written at 2.
    let spent = harness.budget.spent().unwrap();
    assert_eq!((spent.tokens, spent.micros), (179, 204));
    assert_eq!((harness.ends("answered"), harness.ends("cached")), (1, 1));
    let spend = harness.metrics.spend.with_label_values(&["tested"]).get();
    assert_eq!(spend, 204);
}

// Preuve: C20.2 la dépense s’arrête avant de passer le plafond du mois
#[tokio::test]
async fn the_budget_stops_before_it_is_passed() {
    let choices = Choices {
        limits: BudgetLimits {
            micros: 1_000_000,
            tokens: 3000,
        },
        ..Choices::default()
    };
    let (harness, server) = harness(&[BRAKES], choices).await;

    let mut ends = Vec::new();
    for report in 0..30 {
        ends.push(harness.service.triage(&format!("vélo {report}")).await);
    }

    let answered = ends.iter().filter(|end| end.is_ok()).count();
    assert!(ends.contains(&Err(ServiceError::BudgetSpent)));
    assert_eq!(server.requests().len(), answered, "nothing is sent beyond");
    assert!(harness.budget.spent().unwrap().tokens <= 3000);
    let share = harness
        .metrics
        .budget_spent
        .with_label_values(&["tested"])
        .get();
    assert!((0.3..=1.0).contains(&share), "{share}");
}

#[tokio::test]
async fn a_bill_without_end_spends_the_month_and_no_more() {
    let mut answer = completion_body(r#"{"category":"freins","urgent":true}"#, "stop", MODEL);
    answer["usage"] = json!({"prompt_tokens": u64::MAX, "completion_tokens": u64::MAX});
    let (harness, server) = harness(&[BRAKES, Recorded::Json(answer)], Choices::default()).await;

    harness.service.triage("frein mort").await.unwrap();
    harness.service.triage("frein usé").await.unwrap();
    assert_eq!(
        harness.service.triage("pneu crevé").await,
        Err(ServiceError::BudgetSpent)
    );

    assert_eq!(server.requests().len(), 2);
    let spent = harness.budget.spent().unwrap();
    assert_eq!((spent.tokens, spent.micros), (u64::MAX, u64::MAX));
}

#[tokio::test]
async fn the_state_of_a_service_says_what_is_left_and_why_it_failed() {
    let answers = [BRAKES, Recorded::Text("", "length"), Recorded::Drip];
    let server = RecordedServer::start(answers).await;
    let target = Target {
        timeout: Duration::from_millis(300),
        ..Target::recorded(&server.base)
    };
    let choices = Choices {
        limits: BudgetLimits {
            micros: 1_000_000,
            tokens: 17_900,
        },
        ..Choices::default()
    };
    let harness = Harness::new(&target, choices);
    let state = || harness.service.state().unwrap();
    let seen = || (state().last_failure, state().is_resting);
    assert_eq!((seen(), state().budget_left), ((None, false), 1.0));

    harness.service.triage("frein mort").await.unwrap();
    // 179 tokens of 17,900.
    assert_eq!((seen(), state().budget_left), ((None, false), 0.99));

    harness.service.triage("pneu crevé").await.unwrap_err();
    assert_eq!(seen(), (Some("cut"), false));

    harness.service.triage("borne éteinte").await.unwrap_err();
    assert_eq!(seen(), (Some("too_slow"), true));
    harness.clock.advance(chrono::TimeDelta::seconds(30));
    assert_eq!(seen(), (Some("too_slow"), false), "it may be asked again");
}

#[tokio::test]
async fn nothing_is_sent_without_its_account() {
    let (harness, server) = harness(&[BRAKES], Choices::default()).await;
    std::fs::write(harness.folder().join("budget.json"), "torn").unwrap();

    let refused = harness.service.triage("frein").await.unwrap_err();

    assert_eq!(refused.code(), "no_account");
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_full_queue_refuses_at_once() {
    let choices = Choices {
        most_at_once: 1,
        most_waiting: 1,
        ..Choices::default()
    };
    let server = RecordedServer::start([Recorded::Drip]).await;
    let target = Target {
        timeout: Duration::from_millis(300),
        ..Target::recorded(&server.base)
    };
    let harness = Harness::new(&target, choices);

    let ends = futures::future::join_all(["a", "b", "c"].map(|text| harness.service.triage(text)));
    let codes: Vec<_> = ends
        .await
        .into_iter()
        .map(|end| end.unwrap_err().code())
        .collect();

    assert_eq!(
        codes.iter().filter(|code| **code == "queue_full").count(),
        1,
        "{codes:?}"
    );
    assert!(codes.contains(&"too_slow"), "{codes:?}");
    let waiting = harness.metrics.waiting.with_label_values(&["tested"]).get();
    assert!(waiting.abs() < f64::EPSILON, "nobody waits any more");
}

/// A service in the program.
struct Embedded;

impl TriageService for Embedded {
    fn name(&self) -> &'static str {
        "embarque"
    }

    fn triage<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<Triaged, ServiceError>> {
        let category = Some("pneu".to_owned());
        std::future::ready(Ok(Triaged {
            category,
            ..Triaged::default()
        }))
        .boxed()
    }
}

// Preuve: C10.4 l’application marche sans le service : le classifieur embarqué prend sa place
#[tokio::test]
async fn the_embedded_service_answers_when_the_other_one_fails() {
    let (harness, _) = harness(&[Recorded::Text("", "length")], Choices::default()).await;
    let metrics = harness.metrics.clone();
    let service = WithFallback::new(
        Arc::new(harness.service),
        Arc::new(Embedded),
        metrics.clone(),
    );

    let triaged = service.triage("pneu à plat").await.unwrap();

    assert_eq!(triaged.category.as_deref(), Some("pneu"));
    assert_eq!(
        metrics
            .fallbacks
            .with_label_values(&["tested", "cut"])
            .get(),
        1
    );
}
