//! Runs the model away from the threads that speak HTTP.
//!
//! Each worker is a thread with a session of its own. It takes the requests that wait, up to a
//! bound, and runs them together: one request alone never waits for others to come, and many at
//! once cost little more than one.

use std::sync::Arc;
use std::thread;
use std::time::Instant;

use filrouge_model::{FEATURE_COUNT, Prediction, PredictorError};
use tokio::sync::oneshot;

use crate::loaded_model::LoadedModel;
use crate::metrics::ModelMetrics;
use crate::queue::{Bounds, IsFirst, Queue, QueueItem};
use crate::snapshot::{ServingSnapshot, StationHourRequest};

const BOUNDS: Bounds = Bounds {
    // Less than a tenth of a second of work. One row more is refused at once.
    most: 16_384,
    // Past this, a batch gains nothing and those behind it wait.
    batch: 1_024,
    // A quarter of a millisecond of work: a thread is woken in less.
    enough_for_two: 64,
};

/// Work that one client asks of the model.
#[derive(Debug)]
pub(crate) enum InferenceRequest {
    /// Station-hours, whose features the worker computes.
    StationHours(Arc<ServingSnapshot>, Vec<StationHourRequest>),
    /// Rows of features, one after the other, that the client computed.
    Rows(Arc<LoadedModel>, Vec<f32>),
}

/// One prediction a row, or the reason why there is none.
type InferenceResult = Result<Vec<Prediction>, EngineError>;

/// A request that got no prediction.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EngineError {
    /// Too many rows wait already.
    #[error("too many rows wait for the model")]
    Overloaded,
    /// The model failed on the batch.
    #[error(transparent)]
    Model(#[from] Arc<PredictorError>),
    /// The model answered something that is not a demand.
    #[error("the model answered a demand that is not a finite number")]
    NotFinite,
    /// The worker that had the request is gone.
    #[error("the worker that had the request is gone")]
    Stopped,
}

/// The workers and their queue.
#[derive(Debug)]
pub(crate) struct Engine {
    queue: Arc<Queue<Job>>,
    metrics: ModelMetrics,
}

impl Engine {
    /// Starts `workers` threads, which end when the engine is dropped.
    pub(crate) fn start(workers: usize, metrics: ModelMetrics) -> std::io::Result<Self> {
        let queue = Arc::new(Queue::new(BOUNDS));

        // Without a worker, every request would wait for ever.
        for number in 0..workers.max(1) {
            let worker = Worker {
                queue: Arc::clone(&queue),
                metrics: metrics.clone(),
            };
            thread::Builder::new()
                .name(format!("model-{number}"))
                .spawn(move || worker.work())?;
        }
        Ok(Self { queue, metrics })
    }

    /// Shows the load of the queue each time that it is called.
    pub(crate) fn show_load(&self) -> impl Fn() + Send + Sync + 'static {
        let (queue, metrics) = (Arc::clone(&self.queue), self.metrics.clone());
        move || {
            let (rows, limit) = queue.load();
            metrics.show_queue(rows, limit);
        }
    }

    /// One prediction a row of `request`, in its order.
    pub(crate) async fn predict(&self, request: InferenceRequest) -> InferenceResult {
        let (answer, answered) = oneshot::channel();
        let job = Job {
            request,
            answer,
            queued_at: Instant::now(),
        };

        match self.queue.push(job) {
            Ok(IsFirst(true)) => self.begin().await,
            Ok(IsFirst(false)) => {}
            // Counted: the alert `Surcharge` watches it.
            Err(_) => {
                self.metrics.overloads.inc();
                return Err(EngineError::Overloaded);
            }
        }
        answered.await.unwrap_or(Err(EngineError::Stopped))
    }

    /// Wakes a worker once the requests that are here already have brought their rows: no time is
    /// waited for them, and one that is alone leaves at once.
    async fn begin(&self) {
        // A client that goes away meanwhile wakes it too: others may have joined.
        let _begin = BeginWhenDropped(&self.queue);
        tokio::task::yield_now().await;
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.queue.close();
    }
}

struct BeginWhenDropped<'a>(&'a Queue<Job>);

impl Drop for BeginWhenDropped<'_> {
    fn drop(&mut self) {
        self.0.begin();
    }
}

/// A request in the queue, and the way back to its client.
#[derive(Debug)]
struct Job {
    request: InferenceRequest,
    answer: oneshot::Sender<InferenceResult>,
    queued_at: Instant,
}

impl QueueItem for Job {
    fn rows(&self) -> usize {
        self.request.len()
    }
}

impl InferenceRequest {
    fn model(&self) -> &Arc<LoadedModel> {
        match self {
            Self::StationHours(snapshot, _) => snapshot.model(),
            Self::Rows(model, _) => model,
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::StationHours(_, requests) => requests.len(),
            Self::Rows(_, rows) => rows.len() / FEATURE_COUNT,
        }
    }

    fn push_rows(&self, rows: &mut Vec<f32>) {
        match self {
            Self::StationHours(snapshot, requests) => requests
                .iter()
                .for_each(|request| snapshot.push_features(rows, request)),
            Self::Rows(_, own) => rows.extend(own),
        }
    }

    /// Caches its predictions, for those who will ask the same.
    fn cache(&self, predictions: &[Prediction]) {
        if let Self::StationHours(snapshot, requests) = self {
            requests
                .iter()
                .zip(predictions)
                .for_each(|(request, prediction)| snapshot.cache(request, *prediction));
        }
    }
}

struct Worker {
    queue: Arc<Queue<Job>>,
    metrics: ModelMetrics,
}

impl Worker {
    fn work(&self) {
        let (mut rows, mut done) = (Vec::new(), 0);

        while let Some(batch) = self.queue.take(done) {
            done = batch.iter().map(QueueItem::rows).sum();
            let taken_at = Instant::now();
            for job in &batch {
                let waited = taken_at - job.queued_at;
                self.metrics.queue.observe(waited.as_secs_f64());
            }

            // Requests that straddle a change of champion do not share a run.
            for group in batch_by_model(batch) {
                self.run(group, &mut rows);
            }
        }
    }

    fn run(&self, group: Vec<Job>, joined: &mut Vec<f32>) {
        let started_at = Instant::now();
        let Some(first) = group.first() else { return };
        let model = Arc::clone(first.request.model());
        let rows = join_rows(&group, joined);
        let count = rows.len() / FEATURE_COUNT;

        let answer = model.predict(rows);

        // Before the answers leave: who reads one finds it counted.
        let elapsed = started_at.elapsed();
        self.metrics.batch_rows.observe(count as f64);
        self.metrics.inference.observe(elapsed.as_secs_f64());

        match answer {
            Ok(predictions) => {
                self.metrics.predictions.inc_by(count as u64);
                share_out(group, &predictions);
            }
            Err(error) => refuse(group, error),
        }
    }
}

fn batch_by_model(batch: Vec<Job>) -> Vec<Vec<Job>> {
    // Nearly always one: versions change a few times a day.
    let mut groups: Vec<Vec<Job>> = Vec::with_capacity(1);

    for job in batch {
        let model = job.request.model();
        match groups
            .last_mut()
            .filter(|group| Arc::ptr_eq(group[0].request.model(), model))
        {
            Some(group) => group.push(job),
            None => groups.push(vec![job]),
        }
    }
    groups
}

/// The rows of a group, one after the other.
fn join_rows<'a>(group: &'a [Job], joined: &'a mut Vec<f32>) -> &'a [f32] {
    // Rows that are alone are given to the model as they came.
    if let [job] = group
        && let InferenceRequest::Rows(_, own) = &job.request
    {
        return own;
    }

    joined.clear();
    group.iter().for_each(|job| job.request.push_rows(joined));
    joined
}

fn share_out(group: Vec<Job>, predictions: &[Prediction]) {
    let mut rest = predictions;

    for job in group {
        let Some((own, others)) = rest.split_at_checked(job.request.len()) else {
            return;
        };
        rest = others;

        let answer = check(own);
        if answer.is_ok() {
            job.request.cache(own);
        }
        // A client that went away does not read its answer: nothing is lost by that.
        let _ = job.answer.send(answer);
    }
}

fn check(predictions: &[Prediction]) -> InferenceResult {
    let is_finite = |prediction: &Prediction| {
        let Prediction {
            demand,
            demand_p10,
            demand_p90,
        } = prediction;
        [demand, demand_p10, demand_p90]
            .iter()
            .all(|value| value.is_finite())
    };

    match predictions.iter().all(is_finite) {
        true => Ok(predictions.to_vec()),
        false => Err(EngineError::NotFinite),
    }
}

fn refuse(group: Vec<Job>, error: PredictorError) {
    let error = Arc::new(error);
    for job in group {
        let _ = job.answer.send(Err(EngineError::Model(Arc::clone(&error))));
    }
}

#[cfg(test)]
mod tests;
