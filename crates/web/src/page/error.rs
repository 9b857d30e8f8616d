use askama::Template;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};

use super::assets;
use crate::data_api::NothingKnown;

/// What can go wrong with a page. The reader reads a fixed sentence and a way out; the log has the
/// cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PageError {
    /// Nothing stands at this address.
    NotFound,
    /// No station has this identifier.
    UnknownStation,
    /// The address answers to other methods only.
    MethodNotAllowed,
    /// The data API never answered.
    DataUnavailable,
    /// A defect of ours.
    Internal,
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    status: u16,
    title: &'static str,
    sentence: &'static str,
}

impl PageError {
    fn status(self) -> StatusCode {
        match self {
            Self::NotFound | Self::UnknownStation => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::DataUnavailable => StatusCode::BAD_GATEWAY,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn wording(self) -> (&'static str, &'static str) {
        match self {
            Self::NotFound => (
                "Page introuvable",
                "L’adresse demandée n’existe pas, ou n’existe plus.",
            ),
            Self::UnknownStation => (
                "Station introuvable",
                "Aucune station ne porte cet identifiant. Elle a pu être déplacée ou fermée.",
            ),
            Self::MethodNotAllowed => (
                "Demande impossible",
                "Cette adresse se lit, mais ne reçoit rien.",
            ),
            Self::DataUnavailable => (
                "Données momentanément indisponibles",
                "Le service qui connaît l’état des stations ne répond pas. Rechargez la page dans une minute.",
            ),
            Self::Internal => (
                "Erreur de notre côté",
                "La page n’a pas pu être préparée. L’incident est enregistré.",
            ),
        }
    }

    /// The page that says it. The template has no part that can fail: an empty body would be the
    /// worst of it.
    pub(crate) fn page(self) -> Html<String> {
        let (title, sentence) = self.wording();
        Html(
            ErrorPage {
                status: self.status().as_u16(),
                title,
                sentence,
            }
            .render()
            .unwrap_or_default(),
        )
    }
}

impl From<NothingKnown> for PageError {
    fn from(_: NothingKnown) -> Self {
        Self::DataUnavailable
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let mut response = (self.status(), self.page()).into_response();
        if self == Self::DataUnavailable {
            response
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from_static("60"));
        }
        response
    }
}
