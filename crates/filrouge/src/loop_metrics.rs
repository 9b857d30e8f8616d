//! The measures of the loop that keeps the data up to date, and the door where they are read.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use axum::Router;
use filrouge_http::{
    Catalogue, Limits, MetricSpec, Metrics, Middleware, Readiness, TaskMetrics, Unit,
};
use filrouge_types::{Clock, SystemClock};
use prometheus::{Error, Gauge};
use tokio::net::TcpListener;

use crate::source_metrics::SourceMetrics;

/// Name of the loop, as Prometheus knows it.
const NAME: &str = "refresh";

/// Distance of the port of the loop from the first.
// The city has the tenth.
pub(crate) const PORT_OFFSET: u16 = 11;

/// The work of the loop: its name, and how often it is done.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Task {
    /// Bikes and docks of each station.
    Availability,
    /// The five sources, then the cleaning.
    Collection,
    /// The clean data set into the database.
    Import,
}

impl Task {
    const ALL: [Self; 3] = [Self::Availability, Self::Collection, Self::Import];

    fn name(self) -> &'static str {
        match self {
            Self::Availability => "availability",
            Self::Collection => "collection",
            Self::Import => "import",
        }
    }

    /// Time from one run to the next.
    pub(crate) fn period(self) -> Duration {
        match self {
            Self::Availability => Duration::from_secs(60),
            Self::Collection | Self::Import => Duration::from_secs(3_600),
        }
    }
}

/// The measures of the loop.
#[derive(Debug)]
pub(crate) struct LoopMetrics {
    metrics: Metrics,
    tasks: TaskMetrics,
    pub(crate) sources: SourceMetrics,
    unreadable: Gauge,
}

impl LoopMetrics {
    /// Declares them, for a loop that goes on with the last collection of a state: its age does not
    /// begin anew at each start.
    ///
    /// # Errors
    /// A last collection whose manifest cannot be read.
    pub(crate) fn resume(state_dir: &Path) -> Result<Self> {
        let mut catalogue = Catalogue::default();
        let metrics = Metrics::new(NAME, Arc::new(SystemClock), &mut catalogue)?;
        let resumed = Self::declared(metrics, &mut catalogue)?;

        if let Some(ended_at) = resumed.sources.resume(state_dir)? {
            let task = Task::Collection;
            resumed.tasks.expect(task.name(), task.period(), ended_at);
        }
        Ok(resumed)
    }

    fn declared(metrics: Metrics, catalogue: &mut Catalogue) -> Result<Self, Error> {
        let tasks = TaskMetrics::new(catalogue)?;
        for task in Task::ALL {
            tasks.expect(task.name(), task.period(), SystemClock.now());
        }

        Ok(Self {
            metrics,
            tasks,
            sources: SourceMetrics::new(catalogue)?,
            unreadable: catalogue.gauge(MetricSpec {
                name: "station_status_unreadable_ratio",
                unit: Unit::Ratio,
                labels: &[],
                meaning: "Part des stations dont le dernier état publié n’a pu être lu : 1 quand le format a changé.",
            })?,
        })
    }

    /// Does `work`, and records how it went.
    pub(crate) async fn run<T>(
        &self,
        task: Task,
        work: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let start = SystemClock.now();
        let result = work.await;
        self.tasks
            .record(task.name(), result.is_ok(), start, SystemClock.now());
        result
    }

    /// Shows how many statuses could be read of those that were published.
    pub(crate) fn show_statuses(&self, readable: usize, published: usize) {
        let unreadable = published.saturating_sub(readable);
        // No station at all is no station that can be read.
        let ratio = if published == 0 {
            1.0
        } else {
            unreadable as f64 / published as f64
        };
        self.unreadable.set(ratio);
    }

    /// Answers `/metrics` and the probes until `shutdown` completes.
    ///
    /// # Errors
    /// When the listener fails.
    pub(crate) async fn serve(
        &self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()>,
    ) -> Result<()> {
        let middleware = Middleware {
            metrics: self.metrics.clone(),
            limits: Limits::default(),
            // A loop that is late is an alarm; it is no reason to take it out of service.
            readiness: Readiness::always(),
        };

        filrouge_http::serve(listener, middleware.around(Router::new()), shutdown)
            .await
            .context("les métriques de la tenue à jour se sont arrêtées")
    }
}

/// The metrics that the loop declares beside those of every service.
///
/// # Errors
/// When two of them bear the same name.
pub(crate) fn metrics() -> Result<Catalogue, Error> {
    let mut common = Catalogue::default();
    let metrics = Metrics::new(NAME, Arc::new(SystemClock), &mut common)?;

    let mut catalogue = Catalogue::default();
    LoopMetrics::declared(metrics, &mut catalogue)?;
    Ok(catalogue)
}
