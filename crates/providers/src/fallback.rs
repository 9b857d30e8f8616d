use std::sync::Arc;

use futures::FutureExt as _;
use futures::future::BoxFuture;

use crate::{ServiceError, ServiceMetrics, TriageService, Triaged};

/// A service, and the one that reads the report when it fails: the application works without the
/// first one.
pub struct WithFallback {
    first: Arc<dyn TriageService>,
    fallback: Arc<dyn TriageService>,
    metrics: ServiceMetrics,
}

impl WithFallback {
    /// `first`, then `fallback` when it fails.
    pub fn new(
        first: Arc<dyn TriageService>,
        fallback: Arc<dyn TriageService>,
        metrics: ServiceMetrics,
    ) -> Self {
        Self {
            first,
            fallback,
            metrics,
        }
    }
}

impl TriageService for WithFallback {
    fn name(&self) -> &str {
        self.first.name()
    }

    fn triage<'a>(&'a self, report: &'a str) -> BoxFuture<'a, Result<Triaged, ServiceError>> {
        async move {
            let error = match self.first.triage(report).await {
                Ok(triaged) => return Ok(triaged),
                Err(error) => error,
            };

            self.metrics
                .fallbacks
                .with_label_values(&[self.first.name(), error.code()])
                .inc();
            self.fallback.triage(report).await
        }
        .boxed()
    }
}

impl std::fmt::Debug for WithFallback {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WithFallback")
            .field("first", &self.first.name())
            .field("fallback", &self.fallback.name())
            .finish_non_exhaustive()
    }
}
