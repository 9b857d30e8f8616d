//! The shell around the routes of every service.

use std::any::Any;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::OpenApi;
use utoipa::openapi::security::{ClientCredentials, Flow, OAuth2, Scopes, SecurityScheme};
use utoipa::openapi::{OpenApi as Document, ServerBuilder};
use utoipa_axum::router::OpenApiRouter;
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::authority::{self, Authority};
use crate::health::{self, Readiness};
use crate::limits::{Guard, Limits};
use crate::metrics::{self, Exposition, Metrics};
use crate::observe::observe;
use crate::problem::{self, Problem, ProblemBody, ProblemType};
use crate::reference;

/// Gives any service its health, metrics, bounds and observation.
#[derive(Debug)]
pub struct Middleware {
    /// The service's metrics.
    pub metrics: Metrics,
    /// The service's bounds.
    pub limits: Limits,
    /// Says when the service can serve.
    pub readiness: Readiness,
}

impl Middleware {
    /// Puts the layers around the service's own `routes`.
    pub fn around(self, routes: Router) -> Router {
        self.beside(routes, Router::new())
    }

    /// The same, beside `open` routes that must answer when the service is overloaded.
    fn beside(self, routes: Router, open: Router) -> Router {
        let guard = Guard::new(self.limits);
        self.metrics.set_limit(self.limits);
        let exposition = Exposition {
            metrics: self.metrics.clone(),
            readiness: self.readiness.clone(),
        };
        let (metrics, _) = metrics::routes().with_state(exposition).split_for_parts();
        let (health, _) = health::routes()
            .with_state(self.readiness)
            .split_for_parts();

        // Health and metrics stay outside the guard: they must answer when the service is
        // overloaded.
        routes
            .layer(from_fn_with_state(guard, Guard::admit))
            .merge(
                health
                    .merge(metrics)
                    .method_not_allowed_fallback(method_not_allowed),
            )
            .merge(open)
            .layer(DefaultBodyLimit::max(self.limits.body_bytes))
            // Inside `observe`, which counts the 500 that a panic becomes.
            .layer(CatchPanicLayer::custom(panicked))
            .layer(from_fn_with_state(self.metrics, observe))
    }
}

/// Gives a service with tokens its token endpoint and documentation, in its [`Middleware`].
#[derive(Debug)]
pub struct Shell {
    /// Issues and verifies the service's tokens.
    pub authority: Arc<Authority>,
    /// The service's metrics.
    pub metrics: Metrics,
    /// The service's bounds.
    pub limits: Limits,
    /// Says when the service can serve.
    pub readiness: Readiness,
    /// The kinds of error that this service alone answers.
    pub problems: &'static [&'static ProblemType],
}

impl Shell {
    /// Puts the shell around the service's own `routes`, described by `document` (see
    /// [`document`]).
    pub fn around(self, routes: Router, document: &Document) -> Router {
        let (tokens, _) = authority::endpoint::routes()
            .with_state(self.authority)
            .split_for_parts();
        let routes = routes
            .merge(tokens)
            .fallback(|| async { Problem::not_found("cette adresse n’existe pas") })
            .method_not_allowed_fallback(method_not_allowed);

        let middleware = Middleware {
            metrics: self.metrics,
            limits: self.limits,
            readiness: self.readiness,
        };
        middleware.beside(routes, documentation(document, self.problems))
    }
}

/// Completes a service's OpenAPI document with the routes of the shell and with its scopes: the
/// name of each, and its meaning in French.
pub fn document(service: Document, scopes: &[(&str, &str)]) -> Document {
    #[derive(OpenApi)]
    #[openapi(components(schemas(ProblemBody)))]
    struct Shared;

    let routers: [Document; 3] = [
        OpenApiRouter::<Arc<Authority>>::into_openapi(authority::endpoint::routes()),
        OpenApiRouter::<Readiness>::into_openapi(health::routes()),
        OpenApiRouter::<Exposition>::into_openapi(metrics::routes()),
    ];
    let mut document = routers
        .into_iter()
        .fold(service.merge_from(Shared::openapi()), Document::merge_from);

    // Wherever the service is, its document is beside its routes.
    let server = ServerBuilder::new()
        .url("/")
        .description(Some("Le service qui donne ce document"));
    document.servers = Some(vec![server.build()]);
    document
        .components
        .get_or_insert_default()
        .add_security_scheme("oauth2", oauth2(scopes));
    document
}

fn oauth2(scopes: &[(&str, &str)]) -> SecurityScheme {
    let scopes = Scopes::from_iter(scopes.iter().copied());
    let flow = Flow::ClientCredentials(ClientCredentials::new("/oauth/token", scopes));
    SecurityScheme::OAuth2(OAuth2::with_description(
        [flow],
        "Jeton de 15 minutes obtenu par « client credentials » (RFC 6749, section 4.4).",
    ))
}

/// Our own pages at `/docs`, the document at `/openapi.json`, and Swagger UI at `/swagger`, from the
/// binary, for those who like to try in a browser.
fn documentation(document: &Document, problems: &'static [&'static ProblemType]) -> Router {
    let value = serde_json::to_value(document).unwrap_or_default();
    let json: Arc<str> = value.to_string().into();
    let document = get(move || async move {
        (
            [(CONTENT_TYPE, HeaderValue::from_static("application/json"))],
            json.to_string(),
        )
    });

    Router::new()
        .merge(reference::routes(&value, problems))
        .merge(SwaggerUi::new("/swagger").config(Config::from("/openapi.json")))
        .route("/openapi.json", document)
        .method_not_allowed_fallback(method_not_allowed)
}

async fn method_not_allowed() -> Problem {
    Problem::new(
        &problem::METHOD_NOT_ALLOWED,
        "cette adresse ne répond pas à cette méthode",
    )
}

fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response {
    let message = cause
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| cause.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    Problem::internal(&message).into_response()
}

#[cfg(test)]
mod tests;
