use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::Request;
use axum::routing::{get, post};
use filrouge_types::FixedClock;
use tracing::instrument::WithSubscriber;

use crate::testing::{self, SECRET, TestState, authority, config, send, start};
use crate::{Limits, Problem};

fn routes() -> Router<TestState> {
    Router::new()
        .route("/slow", get(std::future::pending::<()>))
        .route(
            "/panic",
            get(|| async { panic!("a defect") as &'static str }),
        )
        .route("/item/{id}", get(|| async { "item" }))
        .route(
            "/body",
            post(|crate::Json(_): crate::Json<serde_json::Value>| async {}),
        )
        .route("/bytes", post(|_: Bytes| async {}))
        .route("/hasty", get(|| async { hasty() }))
}

fn hasty() -> Problem {
    Problem::new(&crate::problem::TOO_MANY_REQUESTS, "trop de requêtes")
}

fn router(limits: Limits) -> Router {
    let authority = authority(config(), &FixedClock::at(start()));
    testing::service(authority, limits, routes())
}

#[tokio::test]
async fn every_refusal_of_the_shell_is_a_problem() {
    let router = router(Limits {
        time_to_answer: Duration::ZERO,
        body_bytes: 10,
        ..Limits::default()
    });

    let send_to = |path: &str, body: &'static str| {
        let body = Body::from(body);
        Request::post(path)
            .header("content-type", "application/json")
            .body(body)
            .unwrap()
    };
    let post = |path: &str| send_to(path, "");

    let cases = [
        (testing::get("/nowhere"), 404, "/problems/not-found"),
        (post("/closed"), 405, "/problems/method-not-allowed"),
        (post("/metrics"), 405, "/problems/method-not-allowed"),
        (post("/openapi.json"), 405, "/problems/method-not-allowed"),
        (
            send_to("/body", "\"more than ten bytes\""),
            413,
            "/problems/body-too-large",
        ),
        (testing::get("/panic"), 500, "/problems/internal"),
        (testing::get("/slow"), 503, "/problems/timed-out"),
    ];

    for (request, status, kind) in cases {
        let address = request.uri().clone();
        let answer = send(&router, request).await;

        assert_eq!(
            (answer.status.as_u16(), &answer.json()["type"]),
            (status, &kind.into()),
            "{address}"
        );
        assert_eq!(
            answer.header("content-type"),
            "application/problem+json",
            "{address}"
        );

        assert!(
            !answer.body.contains("a defect"),
            "the cause stays in the log"
        );
    }
}

#[tokio::test]
async fn one_request_too_many_is_refused_at_once_and_health_still_answers() {
    let router = router(Limits {
        concurrent_requests: 1,
        ..Limits::default()
    });
    let busy = tokio::spawn({
        let router = router.clone();
        async move { send(&router, testing::get("/slow")).await.status }
    });
    tokio::task::yield_now().await;
    let refused = send(&router, testing::get("/item/1")).await;
    assert_eq!(
        (refused.status.as_u16(), refused.header("retry-after")),
        (503, "1")
    );
    assert_eq!(refused.json()["type"], "/problems/overloaded");
    assert_eq!(
        send(&router, testing::get("/health/ready")).await.status,
        200
    );
    busy.abort();
    assert!(busy.await.unwrap_err().is_cancelled());
    assert_eq!(
        send(&router, testing::get("/item/1")).await.status,
        200,
        "the place is free again"
    );
}

// Preuve: C20.4 les métriques comptent par route déclarée, comme le journal, et ne disent rien des adresses
#[tokio::test]
async fn metrics_count_by_matched_route_and_say_nothing_of_addresses() {
    let router = router(Limits::default());
    for id in ["1", "2"] {
        send(&router, testing::get(&format!("/item/{id}?secret=hidden"))).await;
    }
    send(&router, testing::get("/nowhere/at/all")).await;
    let text = send(&router, testing::get("/metrics")).await.body;
    assert!(
        text.contains(r#"http_requests_total{method="GET",route="/item/{id}",status="200"} 2"#),
        "{text}"
    );
    assert!(
        text.contains(r#"http_requests_total{method="GET",route="unmatched",status="404"} 1"#),
        "{text}"
    );
    assert!(
        text.contains("http_requests_in_flight 1"),
        "the request for metrics itself"
    );
    assert!(!text.contains("hidden") && !text.contains("nowhere"));
}

#[tokio::test]
async fn a_request_keeps_its_id_and_gets_one_otherwise() {
    let router = router(Limits::default());
    let with_id = |id: &str| {
        Request::get("/item/1")
            .header("x-request-id", id)
            .body(Body::empty())
            .unwrap()
    };

    let known = "4f1c9a2e-0000-4000-8000-000000000001";
    let answer = send(&router, with_id(known)).await;
    assert_eq!(answer.header("x-request-id"), known);

    for bad in [
        "two words",
        "jeanne-martin-1970",
        "0612345678",
        &"a".repeat(65),
        "",
    ] {
        let answer = send(&router, with_id(bad)).await;
        assert_eq!(answer.header("x-request-id").len(), 32, "{bad}");
    }
}

#[tokio::test]
async fn the_documentation_is_served_from_the_binary() {
    let router = router(Limits::default());
    let document = send(&router, testing::get("/openapi.json")).await.json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    assert!(document["paths"]["/oauth/token"]["post"].is_object());
    let page = send(&router, testing::get("/swagger/")).await;
    assert!(page.status.is_success() && page.body.contains("swagger-ui"));
    assert!(
        !page.body.contains("https://"),
        "nothing is fetched from elsewhere"
    );
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

// Preuve: C5.4 ni secret ni jeton n’atteignent le journal
// Preuve principale: C20.4 chaque réponse est journalisée avec sa route, son statut et sa durée, les étiquettes des métriques, sans jeton ni secret [code : crates/http/src/observe.rs#observe]
#[tokio::test]
async fn the_log_tells_of_requests_and_never_of_their_secrets() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();

    async {
        let router = router(Limits::default());
        let form = format!("grant_type=client_credentials&client_id=demo&client_secret={SECRET}");
        let request = Request::post("/oauth/token")
            .header("content-type", "application/x-www-form-urlencoded");
        let answer = send(&router, request.body(Body::from(form)).unwrap()).await;
        let token = answer.json()["access_token"].as_str().unwrap().to_owned();

        send(&router, testing::get_with("/closed", &token)).await;
        send(&router, testing::get_with("/closed", &format!("{token}x"))).await;
        send(&router, testing::get(&format!("/nowhere?token={token}"))).await;
        let text = log.text();

        assert!(
            [
                "request answered",
                "\"status\":401",
                "\"duration_ms\":",
                "\"route\":\"/closed\""
            ]
            .iter()
            .all(|part| text.contains(part)),
            "{text}"
        );
        assert!(!text.contains(&token) && !text.contains(SECRET));
    }
    .with_subscriber(subscriber)
    .await;
}

// Preuve: C20.4 au niveau ordinaire (`warn`), chaque ligne d’une réponse en erreur porte sa route et l’identifiant de requête
#[tokio::test]
async fn a_line_that_somebody_has_to_read_says_which_request_it_is_about() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        // What a service has when nobody asks for more.
        .with_env_filter("warn")
        .with_writer(move || writer.clone())
        .finish();

    let id = "4f1c9a2e00004000800000000000000a";
    let request = Request::get("/panic")
        .header("x-request-id", id)
        .body(Body::empty())
        .unwrap();
    let router = router(Limits::default());
    let answer = send(&router, request).with_subscriber(subscriber).await;
    assert_eq!(answer.status, 500);

    let text = log.text();
    assert!(text.contains("request answered"), "{text}");
    for line in text.lines() {
        assert!(
            line.contains(id) && line.contains("\"route\":\"/panic\""),
            "{line}"
        );
    }
}

#[test]
fn an_internal_problem_says_nothing_of_its_cause() {
    let problem = Problem::internal(&"password in a connection string");
    assert!(
        !serde_json::to_string(&problem.body())
            .unwrap()
            .contains("password")
    );
}

#[tokio::test(start_paused = true)]
async fn a_client_past_its_limit_waits_for_its_refusal_and_holds_no_place() {
    let router = router(Limits {
        concurrent_requests: 1,
        ..Limits::default()
    });
    let asked_at = tokio::time::Instant::now();
    let hasty = {
        let router = router.clone();
        tokio::spawn(async move { send(&router, testing::get("/hasty")).await.status })
    };
    tokio::task::yield_now().await;

    assert_eq!(send(&router, testing::get("/item/1")).await.status, 200);
    assert!(asked_at.elapsed().is_zero(), "nobody else waits");
    assert_eq!(hasty.await.unwrap(), 429);
    assert_eq!(asked_at.elapsed(), Duration::from_millis(200));
}
