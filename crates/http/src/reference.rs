//! The documentation of a service for people: pages in French, without a script, from its OpenAPI document
//! and from the kinds of its errors.

mod operations;

use std::collections::HashMap;
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use serde_json::Value;

use crate::problem::{Problem, ProblemType, SHARED};
use operations::{Operation, operations_by_tag};

/// Nothing but the style sheet of these pages.
const POLICY: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// All the operations of a service.
#[derive(Template)]
#[template(path = "reference.html")]
struct ReferencePage {
    title: String,
    description: String,
    version: String,
    /// The scopes, each with its meaning.
    scopes: Vec<(String, String)>,
    tags: Vec<(String, Vec<Operation>)>,
    problems: Vec<&'static ProblemType>,
}

/// A kind of error.
#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    service: String,
    problem: &'static ProblemType,
}

/// `/docs`, to which `/` leads, and a page for each kind of error: those of every service, and `own`.
pub(crate) fn routes(document: &Value, own: &'static [&'static ProblemType]) -> Router {
    let problems: Vec<_> = SHARED.iter().chain(own).copied().collect();
    let service = text(&document["info"]["title"]);
    let page = |problem: &'static ProblemType| {
        let service = service.clone();
        (problem.path, written(&ProblemPage { service, problem }))
    };
    let pages: HashMap<_, _> = problems.iter().copied().map(page).collect();
    let reference = written(&ReferencePage::new(document, problems));

    let answer = |page: Arc<str>| async move { html(&page) };
    Router::new()
        .route("/", get(|| async { Redirect::to("/docs") }))
        .route("/docs", get(move || answer(Arc::clone(&reference))))
        .route("/docs/style.css", get(style))
        .route(
            "/problems/{name}",
            get(move |Path(name): Path<String>| async move {
                let page = pages.get(format!("/problems/{name}").as_str());
                page.map_or_else(unknown, |page| html(page))
            }),
        )
}

impl ReferencePage {
    fn new(document: &Value, problems: Vec<&'static ProblemType>) -> Self {
        let flow =
            &document["components"]["securitySchemes"]["oauth2"]["flows"]["clientCredentials"];
        let scopes = flow["scopes"].as_object().into_iter().flatten();

        Self {
            title: text(&document["info"]["title"]),
            description: text(&document["info"]["description"]),
            version: text(&document["info"]["version"]),
            scopes: scopes
                .map(|(scope, meaning)| (scope.clone(), text(meaning)))
                .collect(),
            tags: operations_by_tag(document),
            problems,
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// A page of ours always can be written; were it not, it would be empty.
fn written(page: &impl Template) -> Arc<str> {
    page.render()
        .inspect_err(
            |error| tracing::error!(%error, "a page of the documentation could not be written"),
        )
        .unwrap_or_default()
        .into()
}

fn html(page: &str) -> Response {
    let headers: [(HeaderName, HeaderValue); 1] =
        [(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY))];
    (headers, Html(page.to_owned())).into_response()
}

fn unknown() -> Response {
    Problem::not_found("aucun genre d’erreur ne porte ce nom").into_response()
}

async fn style() -> Response {
    let css = HeaderValue::from_static("text/css; charset=utf-8");
    (
        [(CONTENT_TYPE, css)],
        include_str!("../assets/reference.css"),
    )
        .into_response()
}

#[cfg(test)]
mod tests;
