use askama::Template;
use axum::Extension;
use axum::response::Response;

use super::render::render;
use crate::assets;
use crate::frame::Frame;
use crate::markup::Markup;

/// The accessibility statement that French law asks of every public service.
#[derive(Template)]
#[template(path = "accessibility.html")]
struct AccessibilityPage {
    t: Frame,
    state: Markup,
}

/// `GET /accessibilite`.
pub(crate) async fn show_accessibility(Extension(t): Extension<Frame>) -> Response {
    render(&AccessibilityPage::new(t))
}

impl AccessibilityPage {
    fn new(t: Frame) -> Self {
        Self {
            state: t.markup("accessibility-state-text", []),
            t,
        }
    }
}

#[cfg(test)]
pub(super) fn samples(t: &Frame) -> Vec<(&'static str, String)> {
    let page = AccessibilityPage::new(t.clone());
    vec![("accessibility", page.render().unwrap())]
}
