use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;

use super::object::{AN_OBJECT, Object};
use crate::problem::{self, Problem};

/// A JSON body, read into `T`; the problem of a bad one names the field, such as `items[3].hour`.
#[derive(Debug, Clone, Copy)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::new(
                &problem::UNSUPPORTED_MEDIA_TYPE,
                "le corps doit être en application/json",
            ));
        }
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|rejection| unreadable(&rejection))?;
        read_json(&bytes).map(Self)
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    media_type(headers).is_some_and(|media_type| {
        media_type == "application/json"
            // Any type with this suffix is JSON (RFC 6839).
            || (media_type.starts_with("application/") && media_type.ends_with("+json"))
    })
}

/// The media type of a body, without its parameters and in lower case; empty when it is not text.
pub fn media_type(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(CONTENT_TYPE)?.to_str().unwrap_or_default();
    let (media_type, _) = text.split_once(';').unwrap_or((text, ""));
    Some(media_type.trim().to_ascii_lowercase())
}

fn unreadable(rejection: &BytesRejection) -> Problem {
    match rejection {
        // The only refusal that a client can mend: the others are broken connections.
        BytesRejection::FailedToBufferBody(error)
            if error.status() == problem::BODY_TOO_LARGE.status =>
        {
            Problem::new(
                &problem::BODY_TOO_LARGE,
                "le corps dépasse la taille permise",
            )
        }
        _ => Problem::new(
            &problem::MALFORMED_BODY,
            "le corps n’a pas pu être lu jusqu’au bout",
        ),
    }
}

/// Reads a JSON object into `T`, for a route whose body is not JSON alone.
///
/// # Errors
/// The problem to answer, in French, which names the field.
// Following the path of each value takes time that only a refusal needs: a refused body is read again
// to name its field.
pub fn read_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    match serde_json::from_slice(bytes) {
        Ok(Object(value)) => Ok(value),
        Err(_) => read_naming_fields(bytes),
    }
}

fn read_naming_fields<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let Object(value) =
        serde_path_to_error::deserialize(&mut deserializer).map_err(|error| refusal(&error))?;
    deserializer
        .end()
        .map_err(|error| Problem::new(&problem::MALFORMED_BODY, place(&error)))?;
    Ok(value)
}

fn refusal(error: &serde_path_to_error::Error<serde_json::Error>) -> Problem {
    let cause = error.inner();
    if cause.is_data() {
        Problem::new(&problem::INVALID_BODY, place(cause)).with_field(error.path().to_string())
    } else {
        Problem::new(&problem::MALFORMED_BODY, place(cause))
    }
}

fn place(error: &serde_json::Error) -> String {
    format!(
        "ligne {}, colonne {} : {}",
        error.line(),
        error.column(),
        french(error)
    )
}

/// serde explains in English; the client reads French.
fn french(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let named = |prefix: &str| {
        text.strip_prefix(prefix)
            .and_then(|rest| rest.split('`').next())
    };

    if error.is_eof() {
        "le corps s’arrête trop tôt".to_owned()
    } else if text.starts_with("number out of range") {
        "ce nombre est trop grand".to_owned()
    } else if error.is_syntax() {
        "ce n’est pas du JSON".to_owned()
    } else if let Some(field) = named("missing field `") {
        format!("le champ « {field} » manque")
    } else if let Some(field) = named("unknown field `") {
        format!("le champ « {field} » n’existe pas")
    } else if let Some(field) = named("duplicate field `") {
        format!("le champ « {field} » est donné deux fois")
    } else if text.starts_with("invalid type") && text.contains(AN_OBJECT) {
        "un objet est attendu".to_owned()
    } else if text.starts_with("invalid type") {
        "la valeur n’est pas du type attendu".to_owned()
    } else {
        "la valeur n’est pas acceptable ici".to_owned()
    }
}
