use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::Semaphore;

use super::Limits;
use crate::{Problem, problem};

/// Lets a bounded number of requests in, each for a bounded time.
#[derive(Debug, Clone)]
pub(crate) struct Guard {
    permits: Arc<Semaphore>,
    time_to_answer: Duration,
}

impl Guard {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(limits.concurrent_requests)),
            time_to_answer: limits.time_to_answer,
        }
    }

    pub(crate) async fn admit(State(guard): State<Self>, request: Request, next: Next) -> Response {
        let Ok(_permit) = guard.permits.try_acquire() else {
            return overloaded().into_response();
        };
        match tokio::time::timeout(guard.time_to_answer, next.run(request)).await {
            Ok(response) => response,
            Err(_) => timed_out().into_response(),
        }
    }
}

fn overloaded() -> Problem {
    Problem::new(
        &problem::OVERLOADED,
        "le service traite déjà autant de requêtes qu’il en accepte",
    )
    .with_retry_after(1)
}

fn timed_out() -> Problem {
    Problem::new(
        &problem::TIMED_OUT,
        "la réponse n’a pas pu être préparée à temps",
    )
    .with_retry_after(5)
}
