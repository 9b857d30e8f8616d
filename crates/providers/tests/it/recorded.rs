//! A server that gives the answers it was told to, over real HTTP.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use futures::stream;
use serde_json::{Value, json};

/// The key of the recorded server.
pub(crate) const KEY: &str = "recorded-key-of-thirty-two-characters";

/// The model of the recorded server.
pub(crate) const MODEL: &str = "recorded-model";

/// A model thinks before it answers: a limit of time that is shorter always comes first.
const THINKING: Duration = Duration::from_millis(20);

/// One answer of the recorded server.
#[derive(Debug, Clone)]
pub(crate) enum Recorded {
    /// A completion of this text, with this end.
    Text(&'static str, &'static str),
    /// Any JSON, with status 200.
    Json(Value),
    /// Any text, with status 200.
    Raw(&'static str),
    /// A status, and a `Retry-After`.
    Status(u16, Option<&'static str>),
    /// A byte now and then, for ever.
    Drip,
    /// Half an answer, then the end of the connection.
    CutConnection,
    /// A redirection.
    Redirect,
}

/// A good answer: brakes, urgent.
pub(crate) const BRAKES: Recorded =
    Recorded::Text(r#"{"category":"freins","urgent":true}"#, "stop");

#[derive(Clone)]
pub(crate) struct RecordedServer {
    pub(crate) base: String,
    script: Arc<Mutex<VecDeque<Recorded>>>,
    requests: Arc<Mutex<Vec<Value>>>,
}

impl RecordedServer {
    /// Serves these answers in turn; the last one again and again.
    pub(crate) async fn start(answers: impl IntoIterator<Item = Recorded>) -> Self {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
            .await
            .unwrap();
        let server = Self {
            base: format!("http://{}", listener.local_addr().unwrap()),
            script: Arc::new(Mutex::new(answers.into_iter().collect())),
            requests: Arc::default(),
        };

        let router = Router::new()
            .route("/v1/chat/completions", post(answer))
            .with_state(server.clone());
        tokio::spawn(axum::serve(listener, router).into_future());
        server
    }

    /// The bodies received so far.
    pub(crate) fn requests(&self) -> Vec<Value> {
        self.requests.lock().unwrap().clone()
    }

    fn next(&self) -> Recorded {
        let mut script = self.script.lock().unwrap();
        match script.len() {
            1 => script[0].clone(),
            _ => script.pop_front().unwrap(),
        }
    }
}

async fn answer(
    State(server): State<RecordedServer>,
    headers: HeaderMap,
    axum::Json(request): axum::Json<Value>,
) -> Response {
    let bearer = headers.get(header::AUTHORIZATION);
    if bearer.is_none_or(|bearer| bearer != &format!("Bearer {KEY}")) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    if request["model"] != json!(MODEL) {
        return StatusCode::NOT_FOUND.into_response();
    }
    // As a real server: a limit of a few tokens cuts any answer.
    let is_short = request["max_tokens"].as_u64().unwrap() < 5;
    server.requests.lock().unwrap().push(request);
    tokio::time::sleep(THINKING).await;

    match server.next() {
        Recorded::Text(_, "stop") if is_short => completion("{\"cat", "length"),
        Recorded::Text(text, end) => completion(text, end),
        Recorded::Json(body) => axum::Json(body).into_response(),
        Recorded::Raw(body) => body.into_response(),
        Recorded::Status(status, None) => StatusCode::from_u16(status).unwrap().into_response(),
        Recorded::Status(status, Some(wait)) => (
            StatusCode::from_u16(status).unwrap(),
            [(header::RETRY_AFTER, wait)],
        )
            .into_response(),
        Recorded::Drip => drip(),
        Recorded::CutConnection => cut_connection(),
        Recorded::Redirect => (
            StatusCode::TEMPORARY_REDIRECT,
            [(header::LOCATION, "/v1/elsewhere")],
        )
            .into_response(),
    }
}

/// A chat completion, as llama.cpp writes it.
pub(crate) fn completion_body(text: &str, end: &str, model: &str) -> Value {
    json!({
        "choices": [{"finish_reason": end, "index": 0, "message": {"role": "assistant", "content": text}}],
        "created": 1_796_018_256, "model": model, "object": "chat.completion", "id": "chatcmpl-1",
        "usage": {"completion_tokens": 25, "prompt_tokens": 154, "total_tokens": 179},
    })
}

fn completion(text: &str, end: &str) -> Response {
    axum::Json(completion_body(text, end, MODEL)).into_response()
}

fn drip() -> Response {
    let bytes = stream::unfold((), |()| async {
        tokio::time::sleep(Duration::from_millis(30)).await;
        Some((Ok::<_, std::io::Error>(" "), ()))
    });

    Body::from_stream(bytes).into_response()
}

fn cut_connection() -> Response {
    let half = [
        Ok("{\"choices\":[{\"finish"),
        Err(std::io::Error::other("the cable is pulled")),
    ];

    Body::from_stream(stream::iter(half)).into_response()
}
