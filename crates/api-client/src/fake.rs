//! An API over real HTTP, for the tests of those who call one: its own port, its tokens, its moods.

use std::io;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::json;
use tokio::net::TcpListener;
use url::Url;

use crate::request_id::REQUEST_ID;

/// Conduct of a fake that is asked something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// It answers.
    Answers,
    /// Status 500.
    Fails,
    /// Status 503.
    Overloaded,
    /// Status 200, and nothing that a program can read.
    Babbles,
    /// No answer at all.
    Hangs,
}

/// An API with its token endpoint, which counts the requests that it receives.
#[derive(Debug, Clone)]
pub struct FakeApi {
    /// Its base address.
    pub url: Url,
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    client_id: String,
    mood: Mutex<Mood>,
    /// Number of the first token that is good.
    good_token: AtomicU32,
    tokens: AtomicU32,
    reads: AtomicU32,
    /// Shared by the requests that are neither answered nor given up.
    under_way: Arc<()>,
    /// The ids that callers gave their requests, in order.
    request_ids: Mutex<Vec<String>>,
}

impl FakeApi {
    /// Serves `routes`, closed to all but `client_id`, on a free port until the runtime ends.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn start(client_id: &str, routes: Router) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        Self::start_on(listener, client_id, routes)
    }

    /// The same on a port that was chosen, as a service that is started again.
    ///
    /// # Errors
    /// When the listener has no address.
    pub fn start_on(listener: TcpListener, client_id: &str, routes: Router) -> io::Result<Self> {
        let address = format!("http://{}/", listener.local_addr()?);
        let inner = Inner {
            client_id: client_id.to_owned(),
            mood: Mutex::new(Mood::Answers),
            good_token: AtomicU32::new(1),
            tokens: AtomicU32::new(0),
            reads: AtomicU32::new(0),
            under_way: Arc::default(),
            request_ids: Mutex::default(),
        };
        let fake = Self {
            url: address.parse().map_err(io::Error::other)?,
            inner: Arc::new(inner),
        };

        // Merged after the guard, which closes the routes that are there already: tokens are asked
        // for without one.
        let router = routes.layer(from_fn_with_state(fake.clone(), guard)).merge(
            Router::new()
                .route("/oauth/token", post(issue_token))
                .with_state(fake.clone()),
        );
        tokio::spawn(axum::serve(listener, router).into_future());

        Ok(fake)
    }

    /// Asks the fake itself for the JSON at `path`, with a token.
    ///
    /// # Errors
    /// When it answers something else.
    pub async fn answer(&self, path: &str) -> reqwest::Result<serde_json::Value> {
        self.ask(Method::GET, path, None).await
    }

    /// Asks the fake itself a question, with a token.
    ///
    /// # Errors
    /// When it answers something else than JSON.
    pub async fn answer_to(
        &self,
        path: &str,
        question: &serde_json::Value,
    ) -> reqwest::Result<serde_json::Value> {
        self.ask(Method::POST, path, Some(question)).await
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        question: Option<&serde_json::Value>,
    ) -> reqwest::Result<serde_json::Value> {
        // A number that no revocation can overtake.
        let token = format!("token-{}", u32::MAX);
        let address = format!("{}{path}", self.url);
        let client = reqwest::Client::builder().no_proxy().build()?;

        let mut request = client.request(method, address).bearer_auth(token);
        if let Some(question) = question {
            request = request.json(question);
        }

        request.send().await?.json().await
    }

    /// Changes its conduct from now on.
    pub fn set_mood(&self, mood: Mood) {
        *self
            .inner
            .mood
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = mood;
    }

    /// Closes the API to the tokens given so far, in the middle of a reading too.
    pub fn revoke_tokens(&self) {
        self.inner
            .good_token
            .store(self.tokens_given() + 1, Ordering::SeqCst);
    }

    /// Tokens given since the start.
    pub fn tokens_given(&self) -> u32 {
        self.inner.tokens.load(Ordering::SeqCst)
    }

    /// Requests received since the start, those for a token apart.
    pub fn reads(&self) -> u32 {
        self.inner.reads.load(Ordering::SeqCst)
    }

    /// Requests that are neither answered nor given up.
    pub fn under_way(&self) -> usize {
        Arc::strong_count(&self.inner.under_way) - 1
    }

    /// The ids that callers gave their requests, in order.
    pub fn request_ids(&self) -> Vec<String> {
        let ids = self.inner.request_ids.lock();
        ids.unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note_id(&self, headers: &HeaderMap) {
        let id = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok());
        let ids = self.inner.request_ids.lock();
        ids.unwrap_or_else(PoisonError::into_inner)
            .extend(id.map(str::to_owned));
    }

    fn mood(&self) -> Mood {
        *self
            .inner
            .mood
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn accepts(&self, headers: &HeaderMap) -> bool {
        let token = headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        let number = token
            .and_then(|token| token.strip_prefix("Bearer token-"))
            .and_then(|number| number.parse::<u32>().ok());
        number.is_some_and(|number| number >= self.inner.good_token.load(Ordering::SeqCst))
    }
}

async fn issue_token(State(fake): State<FakeApi>, body: String) -> Response {
    if !body.contains(&format!("client_id={}", fake.inner.client_id)) {
        return StatusCode::UNAUTHORIZED.into_response();
    }

    let number = fake.inner.tokens.fetch_add(1, Ordering::SeqCst) + 1;
    axum::Json(json!({
        "access_token": format!("token-{number}"),
        "token_type": "Bearer",
        "expires_in": 900,
    }))
    .into_response()
}

async fn guard(State(fake): State<FakeApi>, request: Request, next: Next) -> Response {
    let _under_way = Arc::clone(&fake.inner.under_way);
    fake.inner.reads.fetch_add(1, Ordering::SeqCst);
    fake.note_id(request.headers());
    if !fake.accepts(request.headers()) {
        return StatusCode::UNAUTHORIZED.into_response();
    }

    match fake.mood() {
        Mood::Answers => next.run(request).await,
        Mood::Fails => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Mood::Overloaded => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Mood::Babbles => "<html>not the answer of the contract</html>".into_response(),
        Mood::Hangs => std::future::pending().await,
    }
}
