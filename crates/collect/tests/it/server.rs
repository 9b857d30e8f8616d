//! A city of one station, whose every address can be told to misbehave.

use std::collections::HashMap;
use std::convert::Infallible;
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use futures::{StreamExt, stream};
use tokio::net::TcpListener;

/// How an address misbehaves.
#[derive(Clone)]
pub(crate) enum Fault {
    /// Answers after a minute.
    Slow,
    /// Breaks the connection in the middle of the body.
    Truncated,
    /// Answers with a failure.
    Status(u16),
    /// Answers 429 and asks to wait for so many seconds.
    TooMany(u64),
    /// Answers 503 the first times, then well.
    Recovers(usize),
    /// Redirects to itself.
    RedirectLoop,
    /// Redirects to another address.
    Redirect(String),
    /// Sends a body without end.
    Endless,
    /// Sends a few kilobytes that become twenty megabytes.
    Bomb,
    /// Sends another content.
    Content(&'static str, &'static str),
}

#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) address: String,
    faults: Arc<Mutex<HashMap<String, Fault>>>,
    requests: Arc<Mutex<Vec<(String, HeaderMap)>>>,
}

impl Server {
    /// Serves until the end of the test.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let server = Self {
            address,
            faults: Arc::default(),
            requests: Arc::default(),
        };

        let answering = server.clone();
        let answer = move |uri: Uri, headers: HeaderMap| async move {
            answering.answer(&uri, headers).await
        };
        tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });

        server
    }

    pub(crate) fn misbehave(&self, path: &str, fault: Fault) {
        self.faults.lock().unwrap().insert(path.to_owned(), fault);
    }

    pub(crate) fn behave(&self) {
        self.faults.lock().unwrap().clear();
    }

    /// The headers of the requests for `path`, in order.
    pub(crate) fn requests(&self, path: &str) -> Vec<HeaderMap> {
        let requests = self.requests.lock().unwrap();
        requests
            .iter()
            .filter(|(asked, _)| asked == path)
            .map(|(_, headers)| headers.clone())
            .collect()
    }

    /// How many requests came, for any path.
    pub(crate) fn all_requests(&self) -> usize {
        self.requests.lock().unwrap().len()
    }

    async fn answer(&self, uri: &Uri, headers: HeaderMap) -> Response {
        let asked_before = self.requests(uri.path()).len();
        self.requests
            .lock()
            .unwrap()
            .push((uri.path().to_owned(), headers.clone()));
        let fault = self.faults.lock().unwrap().get(uri.path()).cloned();
        match fault {
            None => self.content(uri, &headers),
            Some(Fault::Recovers(times)) if asked_before >= times => self.content(uri, &headers),
            Some(fault) => misbehaviour(fault, uri).await,
        }
    }

    fn content(&self, uri: &Uri, headers: &HeaderMap) -> Response {
        let Some((content_type, body)) = content(uri, &self.address) else {
            return StatusCode::NOT_FOUND.into_response();
        };
        let etag = format!("\"{}-{}\"", uri.path(), body.len());
        if headers
            .get(header::IF_NONE_MATCH)
            .is_some_and(|known| *known == etag)
        {
            return StatusCode::NOT_MODIFIED.into_response();
        }
        (
            [
                (header::CONTENT_TYPE, content_type.to_owned()),
                (header::ETAG, etag),
            ],
            body,
        )
            .into_response()
    }
}

async fn misbehaviour(fault: Fault, uri: &Uri) -> Response {
    match fault {
        Fault::Slow => {
            tokio::time::sleep(Duration::from_secs(60)).await;
            StatusCode::OK.into_response()
        }
        Fault::Truncated => {
            let pieces = [
                Ok(Bytes::from_static(b"{\"data\":")),
                Err(std::io::Error::other("cut")),
            ];
            Body::from_stream(stream::iter(pieces)).into_response()
        }
        Fault::Status(status) => StatusCode::from_u16(status).unwrap().into_response(),
        Fault::TooMany(seconds) => (
            StatusCode::TOO_MANY_REQUESTS,
            [(header::RETRY_AFTER, seconds.to_string())],
        )
            .into_response(),
        Fault::Recovers(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Fault::RedirectLoop => {
            (StatusCode::FOUND, [(header::LOCATION, uri.to_string())]).into_response()
        }
        Fault::Redirect(address) => {
            (StatusCode::FOUND, [(header::LOCATION, address)]).into_response()
        }
        Fault::Endless => {
            let piece = Bytes::from(vec![b'x'; 64 * 1024]);
            Body::from_stream(stream::repeat(piece).map(Ok::<_, Infallible>)).into_response()
        }
        Fault::Bomb => {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
            encoder.write_all(&vec![b' '; 20 * 1024 * 1024]).unwrap();
            (
                [(header::CONTENT_ENCODING, "gzip")],
                encoder.finish().unwrap(),
            )
                .into_response()
        }
        Fault::Content(content_type, body) => {
            ([(header::CONTENT_TYPE, content_type)], body).into_response()
        }
    }
}

const JSON: &str = "application/json";
const HTML: &str = "text/html; charset=utf-8";

fn content(uri: &Uri, address: &str) -> Option<(&'static str, String)> {
    let page = |body: &str| {
        Some((
            HTML,
            format!("<!doctype html><title>Rivemont</title><main>{body}</main>"),
        ))
    };
    match uri.path() {
        "/gbfs/gbfs.json" => Some((JSON, discovery(address))),
        "/gbfs/system_information.json" => {
            Some((JSON, feed(r#"{"system_id": "riv", "name": "Vélorive"}"#)))
        }
        "/gbfs/station_information.json" => Some((JSON, feed(STATION))),
        "/gbfs/station_status.json" => Some((JSON, feed(STATUS))),
        "/v1/archive" | "/v1/forecast" => Some((JSON, WEATHER.to_owned())),
        "/feries.json" => Some((JSON, r#"{"2026-05-01": "1er mai"}"#.to_owned())),
        "/robots.txt" => Some((
            "text/plain",
            "User-agent: *\nDisallow: /prive/\n".to_owned(),
        )),
        "/agenda" if uri.query() == Some("page=2") => {
            page(&event("e2", "Marché", "2026-03-02T08:00"))
        }
        "/agenda" => page(
            &(event("e1", "Fête", "2026-03-01T20:00")
                + r#"<a rel="next" href="?page=2">Suite</a>"#),
        ),
        "/jours-feries" => {
            page(r#"<li><time datetime="2026-05-01"></time> <b>Fête du Travail</b></li>"#)
        }
        _ => None,
    }
}

fn discovery(address: &str) -> String {
    let names = [
        "system_information",
        "station_information",
        "station_status",
        "vehicle_types",
    ];
    let feeds =
        names.map(|name| format!(r#"{{"name": "{name}", "url": "{address}/gbfs/{name}.json"}}"#));
    feed(&format!(r#"{{"feeds": [{}]}}"#, feeds.join(",")))
}

fn feed(data: &str) -> String {
    format!(
        r#"{{"last_updated": "2026-03-01T08:00:00Z", "ttl": 0, "version": "3.0", "data": {data}}}"#
    )
}

fn event(id: &str, title: &str, starts_at: &str) -> String {
    format!(
        r#"<article id="{id}"><h2>{title}</h2><time datetime="{starts_at}">bientôt</time></article>"#
    )
}

const STATION: &str = r#"{"stations": [{"station_id": "RIV-001", "name": [{"text": "Gare", "language": "fr"}],
    "lat": 45.6, "lon": 4.1, "capacity": 20}]}"#;

const STATUS: &str = r#"{"stations": [{"station_id": "RIV-001", "num_vehicles_available": 5, "num_docks_available": 15,
    "is_installed": true, "is_renting": true, "is_returning": true, "last_reported": "2026-03-01T07:59:00Z"}]}"#;

const WEATHER: &str = r#"{"hourly": {"time": ["2026-02-28T00:00"], "temperature_2m": [8.5],
    "apparent_temperature": [6.0], "relative_humidity_2m": [80], "wind_speed_10m": [12.0], "precipitation": [0.0],
    "weather_code": [3]}}"#;
