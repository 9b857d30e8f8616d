use askama::Template;
use axum::Extension;
use axum::response::Response;

use super::render::render;
use crate::assets;
use crate::frame::Frame;

/// Every page, for those who do not go by the menu.
#[derive(Template)]
#[template(path = "site_map.html")]
struct SiteMapPage {
    t: Frame,
}

/// `GET /plan`.
pub(crate) async fn show_site_map(Extension(t): Extension<Frame>) -> Response {
    render(&SiteMapPage { t })
}

#[cfg(test)]
pub(super) fn samples(t: &Frame) -> Vec<(&'static str, String)> {
    let page = SiteMapPage { t: t.clone() };
    vec![("site_map", page.render().unwrap())]
}
