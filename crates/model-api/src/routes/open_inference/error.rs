use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::Response;
use filrouge_http::problem::PROBLEM_JSON;
use serde_json::Value;

/// A problem is a few hundred bytes: more is not one of ours.
const LARGEST: usize = 16 * 1024;

/// Repeats the detail of a problem as `error`, the member that clients of the protocol read (RFC
/// 9457 lets a problem have members of its own).
pub(super) async fn add_message(response: Response) -> Response {
    let is_problem = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind == PROBLEM_JSON);
    if !is_problem {
        return response;
    }

    let (mut parts, body) = response.into_parts();
    let bytes = to_bytes(body, LARGEST).await.unwrap_or_default();

    let body = match serde_json::from_slice::<Value>(&bytes) {
        Ok(mut problem) => {
            problem["error"] = problem["detail"].clone();
            parts.headers.remove(CONTENT_LENGTH);
            Body::from(problem.to_string())
        }
        Err(_) => Body::from(bytes),
    };

    Response::from_parts(parts, body)
}
