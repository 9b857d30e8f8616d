use askama::Template;
use axum::response::Response;

use super::{assets, render};

/// The accessibility statement that French law asks of every public service.
#[derive(Template)]
#[template(path = "accessibility.html")]
struct AccessibilityPage;

/// `GET /accessibilite`.
pub(crate) async fn show_accessibility() -> Response {
    render(&AccessibilityPage)
}

#[cfg(test)]
pub(crate) fn sample() -> String {
    AccessibilityPage.render().unwrap()
}
