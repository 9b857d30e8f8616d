//! Shared by the tests of this crate: a service with one closed route, and readable answers.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::FromRef;
use axum::http::{Request, StatusCode};
use axum::response::Response;
use chrono::{DateTime, Utc};
use filrouge_types::{FixedClock, Secret};
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::{
    Authority, AuthorityConfig, Catalogue, Client, Limits, Metrics, RateLimit, Readiness, Require,
    Scope, SecretHash, Shell, SigningKey,
};

pub(crate) const SECRET: &str = "the-secret-of-demo";

pub(crate) struct Read;

impl Scope for Read {
    const NAME: &'static str = "data:read";
}

pub(crate) fn start() -> DateTime<Utc> {
    "2026-03-01T08:00:00Z".parse().unwrap()
}

pub(crate) fn config() -> AuthorityConfig {
    let client = |name: &str, scopes: &[&str]| Client {
        client_id: name.to_owned(),
        secret_hash: SecretHash::of(&Secret::from(SECRET.to_owned())).unwrap(),
        scopes: scopes.iter().copied().map(str::to_owned).collect(),
    };

    AuthorityConfig {
        service: "data-api",
        clients: vec![
            client("demo", &["data:read", "data:export"]),
            client("other", &["data:export"]),
        ],
        signing_key: SigningKey::generate().unwrap(),
        rate_limit: RateLimit::per_second(100_000),
    }
}

pub(crate) fn authority(config: AuthorityConfig, clock: &FixedClock) -> Arc<Authority> {
    Arc::new(Authority::new(config, Arc::new(clock.clone())).unwrap())
}

#[derive(Clone, FromRef)]
pub(crate) struct TestState {
    pub(crate) authority: Arc<Authority>,
}

/// A service around `routes`, with `GET /closed` added.
pub(crate) fn service(
    authority: Arc<Authority>,
    limits: Limits,
    routes: Router<TestState>,
) -> Router {
    let closed =
        axum::routing::get(
            |access: Require<Read>| async move { access.grant.client_id.to_string() },
        );
    let state = TestState {
        authority: Arc::clone(&authority),
    };

    let shell = Shell {
        authority,
        metrics: Metrics::new(
            "data-api",
            Arc::new(FixedClock::at(start())),
            &mut Catalogue::default(),
        )
        .unwrap(),
        limits,
        readiness: Readiness::always(),
        problems: &[],
    };

    let document = crate::document(utoipa::openapi::OpenApi::default(), &[]);
    shell.around(routes.route("/closed", closed).with_state(state), &document)
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) response: Response<()>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.response
            .headers()
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

pub(crate) async fn send(router: &Router, request: Request<Body>) -> Answer {
    let (parts, body) = router.clone().oneshot(request).await.unwrap().into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    let body = String::from_utf8_lossy(&bytes).into_owned();
    Answer {
        status: parts.status,
        response: Response::from_parts(parts, ()),
        body,
    }
}

pub(crate) fn get(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).unwrap()
}

pub(crate) fn get_with(path: &str, token: &str) -> Request<Body> {
    Request::get(path)
        .header("authorization", format!("Bearer {token}"))
        .body(Body::empty())
        .unwrap()
}
