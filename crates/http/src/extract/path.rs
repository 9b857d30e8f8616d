use axum::extract::path::ErrorKind;
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, Path as AxumPath, RawPathParams};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::query::shorten;
use crate::problem::INVALID_PARAMETER;
use crate::problem::Problem;

/// The parameters of the path, read into `T`.
#[derive(Debug, Clone, Copy)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match AxumPath::<T>::from_request_parts(parts, state).await {
            Ok(AxumPath(value)) => Ok(Self(value)),
            Err(rejection) => Err(refusal(&rejection, only_name(parts, state).await)),
        }
    }
}

/// The parameter's name when there is but one: axum gives no key then.
async fn only_name<S: Send + Sync>(parts: &mut Parts, state: &S) -> Option<String> {
    let parameters = RawPathParams::from_request_parts(parts, state).await.ok()?;
    let mut names = parameters.iter().map(|(name, _)| name.to_owned());
    names.next().filter(|_| names.next().is_none())
}

fn refusal(rejection: &PathRejection, only_name: Option<String>) -> Problem {
    let PathRejection::FailedToDeserializePathParams(error) = rejection else {
        return Problem::internal(rejection);
    };

    let (field, detail) = match error.kind() {
        ErrorKind::ParseErrorAtKey { key, value, .. }
        | ErrorKind::DeserializeError { key, value, .. } => (
            Some(key.clone()),
            format!("« {} » n’est pas acceptable ici", shorten(value)),
        ),
        ErrorKind::InvalidUtf8InPathParam { key } => {
            (Some(key.clone()), "ce n’est pas du texte UTF-8".to_owned())
        }
        _ => (
            only_name,
            "cette partie de l’adresse n’est pas acceptable".to_owned(),
        ),
    };

    let problem = Problem::new(&INVALID_PARAMETER, detail);

    match field {
        Some(field) => problem.with_field(field),
        None => problem,
    }
}
