//! The id of the request that a service answers, sent on with what it asks of an API: one id follows
//! a page to the model and back.

use reqwest::header::HeaderValue;

/// The header of the id.
pub const REQUEST_ID: &str = "x-request-id";

tokio::task_local! {
    static CURRENT: HeaderValue;
}

/// Does `work` for the request `id`: every call that it makes of an API bears the id.
pub async fn answering<T>(id: HeaderValue, work: impl Future<Output = T>) -> T {
    CURRENT.scope(id, work).await
}

/// The id of the request that is being answered, if any.
pub(crate) fn current() -> Option<HeaderValue> {
    CURRENT.try_with(Clone::clone).ok()
}
