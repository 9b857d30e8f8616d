use askama::Template;
use axum::Extension;
use axum::response::Response;

use super::render::render;
use crate::assets;
use crate::frame::Frame;

/// What to do when personal data leak: a page to have read before that day.
#[derive(Template)]
#[template(path = "breach.html")]
struct BreachPage {
    t: Frame,
}

/// The steps, in order.
const STEPS: [&str; 5] = [
    "breach-stop",
    "breach-gather",
    "breach-judge",
    "breach-notify",
    "breach-record",
];

/// `GET /donnees-personnelles/violation`.
pub(crate) async fn show_breach(Extension(t): Extension<Frame>) -> Response {
    render(&BreachPage { t })
}

#[cfg(test)]
pub(super) fn samples(t: &Frame) -> Vec<(&'static str, String)> {
    let page = BreachPage { t: t.clone() };
    vec![("breach", page.render().unwrap())]
}
