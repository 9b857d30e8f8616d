//! The reader that the application is given, in front of a server that plays its failures.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU16, Ordering};

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use clap::Parser as _;
use filrouge_http::Metrics;
use filrouge_types::FixedClock;
use filrouge_web::{REPORT_CATEGORIES, REPORT_URGENCIES};
use serde_json::{Value, json};
use url::Url;

use super::*;
use crate::cli::{Cli, Command};
use crate::state;

const KEY: &str = "recorded-key-of-thirty-two-characters";
const MODEL: &str = "smollm2-135m-instruct";

/// Brakes, and a fall: any service would say so, by its rules or by its words.
const REPORT: &str = "freins morts, je suis tombé et je saigne";

/// The status of a server that lets its callers wait.
const SLOW: u16 = 0;

/// A server of chat completions, and what it received.
struct Recorded {
    url: Url,
    status: Arc<AtomicU16>,
    received: Arc<Mutex<Vec<Value>>>,
}

impl Recorded {
    /// One that says `answer` with `status`, to whoever has the key.
    async fn start(status: u16, answer: &'static str) -> Self {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
            .await
            .unwrap();
        let server = Self {
            url: format!("http://{}/v1/", listener.local_addr().unwrap())
                .parse()
                .unwrap(),
            status: Arc::new(AtomicU16::new(status)),
            received: Arc::default(),
        };

        let (status, received) = (Arc::clone(&server.status), Arc::clone(&server.received));
        let route = post(async move |headers: HeaderMap, Json(body): Json<Value>| {
            received.lock().unwrap().push(body);
            let status = status.load(Ordering::Relaxed);
            answer_of(&headers, status, answer).await
        });
        let router = Router::new().route("/v1/chat/completions", route);
        tokio::spawn(axum::serve(listener, router).into_future());
        server
    }

    fn received(&self) -> usize {
        self.received.lock().unwrap().len()
    }
}

async fn answer_of(headers: &HeaderMap, status: u16, answer: &str) -> Response {
    if status == SLOW {
        std::future::pending::<()>().await;
    }
    let bearer = headers.get(header::AUTHORIZATION);
    if bearer.is_none_or(|bearer| bearer != &format!("Bearer {KEY}")) {
        return StatusCode::UNAUTHORIZED.into_response();
    }

    let message = json!({"role": "assistant", "content": answer});
    let completion = json!({
        "model": MODEL,
        "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
        "usage": {"prompt_tokens": 150, "completion_tokens": 12, "total_tokens": 162},
    });
    (StatusCode::from_u16(status).unwrap(), Json(completion)).into_response()
}

/// A reader, its clock, and what `/metrics` of the application would show.
struct Opened {
    reader: ServiceReader,
    clock: FixedClock,
    metrics: Metrics,
    _folder: tempfile::TempDir,
}

impl Opened {
    /// The reader of the server at `url`, with a key and a budget in tokens.
    fn new(url: &Url, key: &str, tokens: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key_file = folder.path().join("key");
        std::fs::write(&key_file, key).unwrap();
        let mut chosen = chosen(&TriageServiceArguments {
            triage_service: Some("llama-server".to_owned()),
            triage_url: Some(url.clone()),
            triage_key_file: Some(key_file),
            triage_tokens: Some(tokens),
            ..TriageServiceArguments::default()
        })
        .unwrap()
        .unwrap();
        // The preset's half a minute is for a real model.
        chosen.endpoint.timeout = Duration::from_millis(300);

        let clock = FixedClock::at("2026-11-30T08:00:00Z".parse().unwrap());
        let mut catalogue = Catalogue::default();
        let metrics = Metrics::new("web", Arc::new(clock.clone()), &mut catalogue).unwrap();
        let state = state::open(folder.path()).unwrap();
        let reader = open(
            Some(&chosen),
            &state,
            Arc::new(clock.clone()),
            &mut catalogue,
        );
        Self {
            reader: reader.unwrap(),
            clock,
            metrics,
            _folder: folder,
        }
    }

    /// The value of a series, such as `ai_fallbacks_total{…}`; 0 when it was never counted.
    fn counted(&self, series: &str) -> f64 {
        let text = self.metrics.text().unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix(series));

        line.map_or(0.0, |value| value.trim().parse().unwrap())
    }

    fn fallbacks(&self, reason: &str) -> f64 {
        self.counted(&format!(
            r#"ai_fallbacks_total{{reason="{reason}",service="llama-server"}}"#
        ))
    }
}

fn failure(state: &ReaderState) -> (Option<&str>, bool) {
    match state {
        ReaderState::Service {
            failure,
            is_resting,
            ..
        } => (failure.as_deref(), *is_resting),
        other => panic!("{other:?}"),
    }
}

// Preuve: C8.2 le tri appris ici lit les signalements de l’application, sans données personnelles
#[tokio::test]
async fn without_a_service_the_classifier_redacts_and_sorts_in_the_words_of_the_application() {
    let folder = tempfile::tempdir().unwrap();
    let state = state::open(folder.path()).unwrap();
    let opener = opener(&TriageServiceArguments::default(), &state).unwrap();
    let reader = opener(&mut Catalogue::default()).unwrap();

    let text = reader.redact("le frein ne tient plus, appelez-moi au 06 12 34 56 78");
    assert!(!text.contains("06 12"), "{text}");

    let sorting = reader.sort(REPORT).await.unwrap();
    assert!(
        REPORT_CATEGORIES.contains(&sorting.category.as_str()),
        "{sorting:?}"
    );
    assert_eq!(sorting.urgency, Urgency::Now.word());
    assert_eq!(reader.state(), ReaderState::Embedded);
    for urgency in [Urgency::Now, Urgency::Today, Urgency::Routine] {
        assert!(REPORT_URGENCIES.contains(&urgency.word()));
    }
}

// Preuve: C10.4 l’application appelle le service configuré ; ses appels, ses jetons et son budget se lisent à /metrics
#[tokio::test]
async fn the_service_sorts_and_its_use_is_counted_beside_the_requests_of_the_application() {
    let server = Recorded::start(200, r#"{"category":"roue","urgent":true}"#).await;
    let opened = Opened::new(&server.url, KEY, 10_000);

    let sorting = opened
        .reader
        .sort("pneu à plat, dit Mme Mercier")
        .await
        .unwrap();

    assert_eq!(sorting.category, "roue");
    assert_eq!(
        (sorting.urgency.as_str(), sorting.confidence),
        ("dans la journée", None)
    );
    let sent = server.received.lock().unwrap()[0].to_string();
    assert!(
        sent.contains("[nom]") && !sent.contains("Mercier"),
        "{sent}"
    );

    let requests = r#"ai_requests_total{end="answered",service="llama-server"}"#;
    let tokens = r#"ai_tokens_total{kind="prompt",service="llama-server"}"#;
    assert_eq!(opened.counted(requests), 1.0);
    assert_eq!(opened.counted(tokens), 150.0);
    let ReaderState::Service { budget_left, .. } = opened.reader.state() else {
        panic!("a service was chosen");
    };
    assert_eq!(budget_left, Some(1.0 - 162.0 / 10_000.0));
}

// Preuve: C8.2 en panne, lent, clé refusée ou budget dépensé : le classifieur embarqué trie, et l’exploitation lit pourquoi
#[tokio::test]
async fn whatever_happens_to_the_service_the_embedded_classifier_sorts() {
    // What the server does, the key that it is shown, the tokens of the month; the reason told, and
    // whether the service is then left alone.
    for (status, key, tokens, reason, is_resting) in [
        (SLOW, KEY, 10_000, "too_slow", true),
        (503, KEY, 10_000, "failing", false),
        (
            200,
            "another key, of more than thirty letters",
            10_000,
            "key_refused",
            true,
        ),
        (200, KEY, 100, "budget_spent", false),
    ] {
        let server = Recorded::start(status, r#"{"category":"compte","urgent":false}"#).await;
        let opened = Opened::new(&server.url, key, tokens);

        let sorting = opened.reader.sort(REPORT).await.unwrap();

        assert_ne!(sorting.category, "compte", "{reason}");
        assert_eq!(sorting.urgency, Urgency::Now.word(), "{reason}");
        assert_eq!(opened.fallbacks(reason), 1.0, "{reason}");
        assert_eq!(failure(&opened.reader.state()), (Some(reason), is_resting));
        assert_eq!(server.received() == 0, reason == "budget_spent", "{reason}");
    }
}

#[tokio::test]
async fn a_server_that_is_down_is_left_alone_then_asked_again() {
    let server = Recorded::start(SLOW, r#"{"category":"frein","urgent":true}"#).await;
    let opened = Opened::new(&server.url, KEY, 100_000);
    opened.reader.sort(REPORT).await.unwrap();

    // During its rest nothing is sent.
    opened.reader.sort(REPORT).await.unwrap();
    assert_eq!((server.received(), opened.fallbacks("resting")), (1, 1.0));

    server.status.store(200, Ordering::Relaxed);
    opened.clock.advance(REST);
    let sorting = opened.reader.sort(REPORT).await.unwrap();
    assert_eq!((sorting.category.as_str(), server.received()), ("frein", 2));
    assert_eq!(failure(&opened.reader.state()), (None, false));
}

#[test]
fn a_service_makes_a_report_more_pressing_and_never_less() {
    let triaged = |category: Option<&str>, is_urgent| Triaged {
        category: category.map(str::to_owned),
        is_urgent,
        ..Triaged::default()
    };
    for (category, is_urgent, by_rules, told) in [
        (
            Some("roue"),
            Some(false),
            Urgency::Now,
            Some(("roue", "immédiate")),
        ),
        (
            Some("roue"),
            Some(true),
            Urgency::Routine,
            Some(("roue", "dans la journée")),
        ),
        (
            Some("roue"),
            None,
            Urgency::Routine,
            Some(("roue", "normale")),
        ),
        (
            None,
            Some(false),
            Urgency::Now,
            Some(("autre", "immédiate")),
        ),
        (None, Some(false), Urgency::Routine, None),
    ] {
        let sorting = sorting(triaged(category, is_urgent), by_rules);
        let sorting = sorting.as_ref().map(|one| (&*one.category, &*one.urgency));
        assert_eq!(sorting, told);
    }
}

#[test]
fn a_service_that_is_badly_chosen_is_told_before_anything_starts() {
    let folder = tempfile::tempdir().unwrap();
    let state = state::open(folder.path()).unwrap();
    let choose = |name: &str, url: Option<&str>, key_file: Option<&str>| TriageServiceArguments {
        triage_service: Some(name.to_owned()),
        triage_url: url.map(|url| url.parse().unwrap()),
        triage_key_file: key_file.map(Into::into),
        ..TriageServiceArguments::default()
    };
    for (arguments, told) in [
        (
            choose("mistal", None, None),
            "qui connaît embarque, llama-server",
        ),
        (choose("mistral", None, None), "MISTRAL_KEY_FILE"),
        (
            choose("mistral", Some("http://ia.example/v1/"), Some("key")),
            "use https",
        ),
    ] {
        let opened = opener(&arguments, &state).and_then(|open| open(&mut Catalogue::default()));
        let error = format!("{:#}", opened.map(|_| ()).unwrap_err());
        assert!(error.contains(told), "{error}");
    }
    assert!(chosen(&choose(EMBEDDED, None, None)).unwrap().is_none());
}

/// The containers call the server that stands beside them: the file that adds it says how.
#[test]
fn the_containers_are_given_options_that_the_program_knows() {
    #[derive(serde::Deserialize)]
    struct Compose {
        services: std::collections::BTreeMap<String, Service>,
    }
    #[derive(serde::Deserialize)]
    struct Service {
        #[serde(default)]
        environment: std::collections::BTreeMap<String, String>,
    }
    let text = std::fs::read_to_string(home().join("docker/ia.yaml")).unwrap();
    let compose: Compose = serde_saphyr::from_str(&text).unwrap();

    for name in ["web-1", "web-2"] {
        let environment = &compose.services[name].environment;
        // Each variable is that of an option, written as clap writes them.
        let options = environment.iter().flat_map(|(variable, value)| {
            let option = variable
                .strip_prefix("FILROUGE_")
                .unwrap()
                .replace('_', "-");
            let option = format!("--{}", option.to_lowercase());
            let value = (value != "true").then(|| value.clone());
            [option].into_iter().chain(value)
        });
        let line = ["filrouge", "serve", "web"].map(str::to_owned).into_iter();
        let cli = Cli::parse_from(line.chain(options));

        let Command::Serve { triage, .. } = cli.command else {
            panic!("it serves");
        };
        let chosen = chosen(&triage).unwrap().unwrap();
        assert_eq!(chosen.preset.name, "llama-server");
        assert!(chosen.endpoint.allow_plain_http && chosen.endpoint.key.is_some());
        assert_eq!(chosen.endpoint.base.as_str(), "http://llama:8089/v1/");
    }
}
