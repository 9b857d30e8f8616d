use axum::extract::path::ErrorKind;
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, Path as AxumPath};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::query::shorten;
use crate::Problem;

/// The parameters of the path, read into `T`.
#[derive(Debug, Clone, Copy)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match AxumPath::<T>::from_request_parts(parts, state).await {
            Ok(AxumPath(value)) => Ok(Self(value)),
            Err(rejection) => Err(refusal(&rejection)),
        }
    }
}

fn refusal(rejection: &PathRejection) -> Problem {
    let PathRejection::FailedToDeserializePathParams(error) = rejection else {
        return Problem::internal(rejection);
    };
    match error.kind() {
        ErrorKind::ParseErrorAtKey { key, value, .. } | ErrorKind::DeserializeError { key, value, .. } => {
            Problem::invalid_parameter(key.clone(), format!("« {} » n’est pas acceptable ici", shorten(value)))
        }
        ErrorKind::InvalidUtf8InPathParam { key } => {
            Problem::invalid_parameter(key.clone(), "ce n’est pas du texte UTF-8")
        }
        _ => Problem::new(&crate::problem::INVALID_PARAMETER, "l’adresse n’est pas acceptable"),
    }
}
