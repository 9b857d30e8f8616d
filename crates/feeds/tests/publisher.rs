//! Real exchanges with a publisher that plays what the web's publishers do.
#![expect(clippy::unwrap_used, reason = "a test fails where it unwraps")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{
    ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION, RETRY_AFTER,
};
use axum::http::{HeaderMap, Response, StatusCode};
use chrono::{DateTime, TimeDelta, Utc};
use filrouge_feeds::{Fetched, Fetcher, MAX_FEED_BYTES, Source, Visit};

const FEED: &str = r#"<rss version="2.0"><channel><title>t</title>
    <item><title>Une nouvelle</title><link>/page</link></item></channel></rss>"#;

/// The part of a request that a publisher cares about.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Asked {
    path: String,
    if_none_match: Option<String>,
    if_modified_since: Option<String>,
}

/// The answer of a publisher to a request.
type Publish = fn(&str, &HeaderMap) -> Response<Body>;

type Log = Arc<Mutex<Vec<Asked>>>;

/// A publisher, its address, and the requests that it received.
struct Publisher {
    address: String,
    log: Log,
}

impl Publisher {
    /// One that answers each request with `answer`, given its path.
    async fn start(answer: Publish) -> Self {
        let log = Log::default();
        let app = Router::new()
            .fallback(move |State(log): State<Log>, request: Request| async move {
                let header = |name| {
                    let value = request.headers().get(name)?;
                    Some(value.to_str().unwrap().to_owned())
                };
                let path = request.uri().path().to_owned();
                let response = answer(&path, request.headers());

                log.lock().unwrap().push(Asked {
                    path,
                    if_none_match: header(IF_NONE_MATCH),
                    if_modified_since: header(IF_MODIFIED_SINCE),
                });
                response
            })
            .with_state(Arc::clone(&log));

        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { address, log }
    }

    fn source(&self, path: &str) -> Source {
        let grade = r#"{ points = 2, why = "essai" }"#;
        let text = format!(
            r#"
            name = "essai"
            publisher = "Essai"
            address = "{}{path}"
            themes = []
            reliability = {{ author = {grade}, competence = {grade}, content = {grade}, structure = {grade}, accessibility = {grade}, confirmation = {grade} }}
            "#,
            self.address
        );
        toml::from_str(&text).unwrap()
    }

    fn asked(&self) -> Vec<Asked> {
        self.log.lock().unwrap().clone()
    }

    fn paths(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.path).collect()
    }
}

fn answer(status: StatusCode) -> axum::http::response::Builder {
    Response::builder().status(status)
}

fn fetcher(source: &Source) -> Fetcher {
    Fetcher::new("fil-rouge-essai", 1, [source]).unwrap()
}

fn monday() -> DateTime<Utc> {
    "2026-11-02T08:00:00Z".parse().unwrap()
}

/// Preuve: C6.3 l’agrégateur ne redemande que ce qui a changé
#[tokio::test]
async fn after_the_first_visit_every_request_is_conditional() {
    let publisher = Publisher::start(|_, headers| {
        if headers.contains_key(IF_NONE_MATCH) {
            return answer(StatusCode::NOT_MODIFIED)
                .body(Body::empty())
                .unwrap();
        }
        let response = answer(StatusCode::OK)
            .header(ETAG, "W/\"abc\"")
            .header(LAST_MODIFIED, "Mon, 02 Nov 2026 07:00:00 GMT");
        response.body(Body::from(FEED)).unwrap()
    })
    .await;
    let (source, mut visit) = (publisher.source("/flux"), Visit::default());
    let mut fetcher = fetcher(&source);

    let first = fetcher.fetch(&source, &mut visit, monday()).await;
    assert!(
        matches!(&first, Fetched::Articles(articles) if articles.len() == 1),
        "{first:?}"
    );

    for day in 1..5 {
        let now = monday() + TimeDelta::days(day);
        assert_eq!(
            fetcher.fetch(&source, &mut visit, now).await,
            Fetched::Unchanged
        );
    }

    let asked = publisher.asked();
    assert_eq!(asked[0].if_none_match, None);
    for later in &asked[1..] {
        assert_eq!(later.if_none_match.as_deref(), Some("W/\"abc\""));
        assert_eq!(
            later.if_modified_since.as_deref(),
            Some("Mon, 02 Nov 2026 07:00:00 GMT")
        );
    }
}

#[tokio::test]
async fn no_request_is_sent_before_its_time() {
    let cases: [(Publish, i64); 4] = [
        (
            |_, _| answer(StatusCode::OK).body(Body::from(FEED)).unwrap(),
            60,
        ),
        (
            |_, _| {
                let response = answer(StatusCode::TOO_MANY_REQUESTS).header(RETRY_AFTER, "7200");
                response.body(Body::empty()).unwrap()
            },
            120,
        ),
        (
            |_, _| {
                let date = "Mon, 02 Nov 2026 14:00:00 GMT";
                let response = answer(StatusCode::SERVICE_UNAVAILABLE).header(RETRY_AFTER, date);
                response.body(Body::empty()).unwrap()
            },
            360,
        ),
        (
            |_, _| {
                answer(StatusCode::INTERNAL_SERVER_ERROR)
                    .body(Body::empty())
                    .unwrap()
            },
            60,
        ),
    ];

    for (publish, minutes) in cases {
        let publisher = Publisher::start(publish).await;
        let (source, mut visit) = (publisher.source("/"), Visit::default());
        let mut fetcher = fetcher(&source);

        fetcher.fetch(&source, &mut visit, monday()).await;
        let too_soon = monday() + TimeDelta::minutes(minutes) - TimeDelta::seconds(1);
        assert_eq!(
            fetcher.fetch(&source, &mut visit, too_soon).await,
            Fetched::NotAsked
        );
        assert_eq!(publisher.asked().len(), 1);

        // The jitter is a quarter of an hour at most.
        let later = monday() + TimeDelta::minutes(minutes + 15);
        fetcher.fetch(&source, &mut visit, later).await;
        assert_eq!(publisher.asked().len(), 2, "{minutes}");
    }
}

#[tokio::test]
async fn a_feed_that_has_moved_for_good_is_asked_at_its_new_address() {
    let publisher = Publisher::start(|path, _| match path {
        "/ancien" => answer(StatusCode::PERMANENT_REDIRECT)
            .header(LOCATION, "/nouveau")
            .body(Body::empty())
            .unwrap(),
        "/ailleurs" => answer(StatusCode::FOUND)
            .header(LOCATION, "/nouveau")
            .body(Body::empty())
            .unwrap(),
        _ => answer(StatusCode::OK).body(Body::from(FEED)).unwrap(),
    })
    .await;
    let cases = [
        ("/ancien", ["/ancien", "/nouveau", "/nouveau"].as_slice()),
        (
            "/ailleurs",
            &["/ailleurs", "/nouveau", "/ailleurs", "/nouveau"],
        ),
    ];

    for (path, expected) in cases {
        let before = publisher.paths().len();
        let (source, mut visit) = (publisher.source(path), Visit::default());
        let mut fetcher = fetcher(&source);

        fetcher.fetch(&source, &mut visit, monday()).await;
        fetcher
            .fetch(&source, &mut visit, monday() + TimeDelta::days(1))
            .await;

        assert_eq!(publisher.paths()[before..], *expected);
    }
}

// Preuve: C6.3 une redirection permanente posée par erreur ne fait pas perdre une source
#[tokio::test]
async fn a_move_that_leads_to_no_feed_is_forgotten() {
    let moves: [Publish; 2] = [
        |_, _| {
            answer(StatusCode::OK)
                .body(Body::from("<!doctype html><title>Accueil</title>"))
                .unwrap()
        },
        |_, _| answer(StatusCode::NOT_FOUND).body(Body::empty()).unwrap(),
    ];

    for wrong in moves {
        let elsewhere = Publisher::start(wrong).await;
        let publisher = Publisher::start(|path, _| {
            let to = path.strip_prefix("/to/").unwrap();
            let response = answer(StatusCode::MOVED_PERMANENTLY).header(LOCATION, to);
            response.body(Body::empty()).unwrap()
        })
        .await;
        let source = publisher.source(&format!("/to/{}/accueil", elsewhere.address));
        let wrong_source = elsewhere.source("/accueil");
        let mut visit = Visit::default();
        let mut fetcher = Fetcher::new("fil-rouge-essai", 1, [&source, &wrong_source]).unwrap();

        let first = fetcher.fetch(&source, &mut visit, monday()).await;
        assert!(matches!(&first, Fetched::Failed(_)), "{first:?}");
        let later = monday() + TimeDelta::days(1);
        fetcher.fetch(&source, &mut visit, later).await;

        assert_eq!(
            publisher.asked().len(),
            2,
            "the first address is asked again: {first:?}"
        );
    }
}

#[tokio::test]
async fn a_feed_that_is_gone_is_asked_no_more() {
    let publisher =
        Publisher::start(|_, _| answer(StatusCode::GONE).body(Body::empty()).unwrap()).await;
    let (source, mut visit) = (publisher.source("/"), Visit::default());
    let mut fetcher = fetcher(&source);

    fetcher.fetch(&source, &mut visit, monday()).await;
    let later = monday() + TimeDelta::days(365);

    assert_eq!(
        fetcher.fetch(&source, &mut visit, later).await,
        Fetched::NotAsked
    );
    assert_eq!(publisher.asked().len(), 1);
}

#[tokio::test]
async fn what_cannot_be_read_is_told_and_changes_no_validator() {
    let cases: [(Publish, &str); 6] = [
        (
            |_, _| {
                answer(StatusCode::OK)
                    .body(Body::from("<html></html>"))
                    .unwrap()
            },
            "RSS",
        ),
        (
            |_, _| answer(StatusCode::OK).body(Body::empty()).unwrap(),
            "le flux est vide",
        ),
        (
            |_, _| answer(StatusCode::NOT_FOUND).body(Body::empty()).unwrap(),
            "404",
        ),
        (
            |_, _| {
                let bytes = vec![b' '; MAX_FEED_BYTES + 1];
                answer(StatusCode::OK).body(Body::from(bytes)).unwrap()
            },
            "plus de 8 Mio",
        ),
        (
            |_, _| {
                let response = answer(StatusCode::FOUND).header(LOCATION, "/encore");
                response.body(Body::empty()).unwrap()
            },
            "plus de 5 redirections",
        ),
        (
            |_, _| {
                let response = answer(StatusCode::FOUND).header(LOCATION, "file:///etc/passwd");
                response.body(Body::empty()).unwrap()
            },
            "redirection refusée",
        ),
    ];

    for (publish, expected) in cases {
        let publisher = Publisher::start(publish).await;
        let mut visit = Visit {
            etag: Some("\"ancien\"".into()),
            ..Visit::default()
        };

        let source = publisher.source("/");
        let answer = fetcher(&source).fetch(&source, &mut visit, monday()).await;

        assert!(
            matches!(&answer, Fetched::Failed(reason) if reason.contains(expected)),
            "{answer:?}"
        );
        assert_eq!(visit.etag.as_deref(), Some("\"ancien\""), "{expected}");
        assert_eq!(visit.failures, 1);
    }
}

#[tokio::test]
async fn a_feed_leads_to_no_private_address() {
    for address in [
        "http://169.254.169.254/latest/meta-data",
        "http://192.168.1.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        // Another server of the source's own machine.
        "http://127.0.0.1/",
    ] {
        let publisher = Publisher::start(|path, _| {
            let to = path.strip_prefix("/to/").unwrap();
            let response = answer(StatusCode::PERMANENT_REDIRECT).header(LOCATION, to);
            response.body(Body::empty()).unwrap()
        })
        .await;
        let (source, mut visit) = (
            publisher.source(&format!("/to/{address}")),
            Visit::default(),
        );

        let answer = fetcher(&source).fetch(&source, &mut visit, monday()).await;

        assert!(
            matches!(&answer, Fetched::Failed(reason) if reason.ends_with("est refusée")),
            "{answer:?}"
        );
        assert_eq!(visit.moved_to, None);
    }
}

#[tokio::test]
async fn a_publisher_that_is_not_there_is_told() {
    let publisher = Publisher {
        // Port 9 of the machine itself: nothing listens there.
        address: "http://127.0.0.1:9".into(),
        log: Log::default(),
    };
    let (source, mut visit) = (publisher.source("/"), Visit::default());

    let answer = tokio::time::timeout(
        Duration::from_secs(20),
        fetcher(&source).fetch(&source, &mut visit, monday()),
    )
    .await
    .unwrap();

    assert_eq!(answer, Fetched::Failed("connexion impossible".into()));
}
