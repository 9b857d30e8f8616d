//! The id of the request that a service answers, sent on with what it asks of an API: one id follows
//! a page to the model and back.

use reqwest::header::HeaderValue;
use tokio::task::JoinHandle;
use tracing::Instrument as _;

/// The header of the id.
pub const REQUEST_ID: &str = "x-request-id";

tokio::task_local! {
    static CURRENT: HeaderValue;
}

/// Does `work` for the request `id`: every call that it makes of an API bears the id.
pub async fn answering<T>(id: HeaderValue, work: impl Future<Output = T>) -> T {
    CURRENT.scope(id, work).await
}

/// Does `work` in a task of its own, which outlives the request that is being answered, bears its id
/// and is part of its trace.
pub fn spawn<T>(work: impl Future<Output = T> + Send + 'static) -> JoinHandle<T>
where
    T: Send + 'static,
{
    let (id, span) = (current(), filrouge_traces::Span::current());
    let for_the_request = async move {
        match id {
            Some(id) => answering(id, span.around(work)).await,
            None => span.around(work).await,
        }
    };
    tokio::spawn(for_the_request.in_current_span())
}

/// The id of the request that is being answered, if any.
pub(crate) fn current() -> Option<HeaderValue> {
    CURRENT.try_with(Clone::clone).ok()
}
