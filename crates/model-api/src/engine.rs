//! Runs the model away from the threads that speak HTTP.
//!
//! Each worker is a thread with a session of its own. It takes what waits, up to a bound, and runs
//! it together: one request alone never waits for others to come, and many at once cost little more
//! than one.

use std::sync::Arc;
use std::thread;
use std::time::Instant;

use filrouge_model::{ConditionValues, FEATURE_COUNT, Prediction, PredictorError};
use filrouge_types::{Hour, StationId};
use tokio::sync::oneshot;

use crate::champion::Champion;
use crate::metrics::ModelMetrics;
use crate::queue::{Bounds, IsFirst, Piece, Queue};
use crate::serving::Serving;

const BOUNDS: Bounds = Bounds {
    // Less than a tenth of a second of work. One row more is refused at once.
    most: 16_384,
    // Past this, a batch gains nothing and those behind it wait.
    batch: 1_024,
    // A quarter of a millisecond of work: a thread is woken in less.
    enough_for_two: 64,
};

/// One station-hour to predict.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub(crate) station_id: StationId,
    /// Where the station stands among those that are known.
    pub(crate) station: usize,
    pub(crate) hour: Hour,
    /// The weather that the client gives, if any: each value in it replaces the one that is known.
    pub(crate) weather: Option<ConditionValues>,
}

/// What one request asks the model.
#[derive(Debug)]
pub(crate) enum Question {
    /// Station-hours, whose features the worker computes.
    StationHours(Arc<Serving>, Vec<Wanted>),
    /// Rows of features, one after the other, that the client computed.
    Rows(Arc<Champion>, Vec<f32>),
}

impl Question {
    fn champion(&self) -> &Arc<Champion> {
        match self {
            Self::StationHours(serving, _) => serving.champion(),
            Self::Rows(champion, _) => champion,
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::StationHours(_, wanted) => wanted.len(),
            Self::Rows(_, rows) => rows.len() / FEATURE_COUNT,
        }
    }

    fn fill(&self, rows: &mut Vec<f32>) {
        match self {
            Self::StationHours(serving, wanted) => {
                wanted.iter().for_each(|wanted| serving.fill(rows, wanted));
            }
            Self::Rows(_, own) => rows.extend(own),
        }
    }

    /// Keeps what was predicted, for those who will ask the same.
    fn keep(&self, predictions: &[Prediction]) {
        if let Self::StationHours(serving, wanted) = self {
            wanted
                .iter()
                .zip(predictions)
                .for_each(|(wanted, prediction)| serving.keep(wanted, *prediction));
        }
    }
}

/// Why there is no prediction.
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

/// The queue of the workers.
#[derive(Debug)]
pub(crate) struct Engine {
    jobs: Arc<Queue<Job>>,
    metrics: ModelMetrics,
}

#[derive(Debug)]
struct Job {
    question: Question,
    answer: oneshot::Sender<Answer>,
    queued_at: Instant,
}

impl Piece for Job {
    fn rows(&self) -> usize {
        self.question.len()
    }
}

type Answer = Result<Vec<Prediction>, EngineError>;

impl Engine {
    /// Starts `workers` threads, which end when the engine is dropped.
    pub(crate) fn start(workers: usize, metrics: ModelMetrics) -> std::io::Result<Self> {
        let jobs = Arc::new(Queue::new(BOUNDS));
        for number in 0..workers.max(1) {
            let worker = Worker {
                jobs: Arc::clone(&jobs),
                metrics: metrics.clone(),
            };
            thread::Builder::new()
                .name(format!("model-{number}"))
                .spawn(move || worker.work())?;
        }
        Ok(Self { jobs, metrics })
    }

    /// One prediction a row of `question`, in its order.
    pub(crate) async fn predict(&self, question: Question) -> Answer {
        let (answer, answered) = oneshot::channel();
        let job = Job {
            question,
            answer,
            queued_at: Instant::now(),
        };

        match self.jobs.push(job) {
            Ok(IsFirst(true)) => self.begin().await,
            Ok(IsFirst(false)) => {}
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
        let _begin = BeginWhenDropped(&self.jobs);
        tokio::task::yield_now().await;
    }
}

struct BeginWhenDropped<'a>(&'a Queue<Job>);

impl Drop for BeginWhenDropped<'_> {
    fn drop(&mut self) {
        self.0.begin();
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.jobs.close();
    }
}

struct Worker {
    jobs: Arc<Queue<Job>>,
    metrics: ModelMetrics,
}

impl Worker {
    fn work(&self) {
        let (mut rows, mut done) = (Vec::new(), 0);

        while let Some(batch) = self.jobs.take(done) {
            done = batch.iter().map(Piece::rows).sum();
            let taken_at = Instant::now();

            for job in &batch {
                self.metrics
                    .queue
                    .observe((taken_at - job.queued_at).as_secs_f64());
            }

            // Requests that straddle a change of champion do not share a run.
            for group in batch_by_champion(batch) {
                self.run(group, &mut rows);
            }
        }
    }

    fn run(&self, group: Vec<Job>, joined: &mut Vec<f32>) {
        let started_at = Instant::now();
        let rows = match group.as_slice() {
            // Rows that are alone are given to the model as they came.
            [
                Job {
                    question: Question::Rows(_, own),
                    ..
                },
            ] => own,
            _ => {
                joined.clear();
                group.iter().for_each(|job| job.question.fill(joined));
                &*joined
            }
        };

        let count = rows.len() / FEATURE_COUNT;
        self.metrics.batch_rows.observe(count as f64);
        let Some(first) = group.first() else { return };
        let answer = first.question.champion().predict(rows);

        // Before the answers leave: who reads one finds it counted.
        self.metrics
            .inference
            .observe(started_at.elapsed().as_secs_f64());

        match answer {
            Ok(predictions) => {
                self.metrics.predictions.inc_by(count as u64);
                share_out(group, &predictions);
            }
            Err(error) => refuse(group, error),
        }
    }
}

fn batch_by_champion(batch: Vec<Job>) -> Vec<Vec<Job>> {
    let mut groups: Vec<Vec<Job>> = Vec::with_capacity(1);
    for job in batch {
        match groups
            .last_mut()
            .filter(|group| Arc::ptr_eq(group[0].question.champion(), job.question.champion()))
        {
            Some(group) => group.push(job),
            None => groups.push(vec![job]),
        }
    }
    groups
}

/// A client that went away does not read its answer: nothing is lost by that.
fn share_out(group: Vec<Job>, predictions: &[Prediction]) {
    let mut rest = predictions;
    for job in group {
        let Some((own, others)) = rest.split_at_checked(job.question.len()) else {
            return;
        };
        rest = others;
        let answer = check(own);
        if answer.is_ok() {
            job.question.keep(own);
        }
        let _ = job.answer.send(answer);
    }
}

fn check(predictions: &[Prediction]) -> Answer {
    let finite = |one: &Prediction| {
        [one.demand, one.demand_p10, one.demand_p90]
            .iter()
            .all(|value| value.is_finite())
    };
    if predictions.iter().all(finite) {
        Ok(predictions.to_vec())
    } else {
        Err(EngineError::NotFinite)
    }
}

fn refuse(group: Vec<Job>, error: PredictorError) {
    let error = Arc::new(error);
    for job in group {
        let _ = job.answer.send(Err(EngineError::Model(Arc::clone(&error))));
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use filrouge_onnx_runtime::{default_runtime_dir, ensure_runtime};

    use super::*;

    fn shipped() -> Arc<Champion> {
        let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models/demand");
        let runtime = ensure_runtime(&default_runtime_dir()).unwrap();
        let champion = Champion::load_other_than(None, &models, &runtime, 1).unwrap();
        Arc::new(champion.unwrap())
    }

    #[tokio::test]
    async fn one_row_too_many_is_refused_at_once_and_counted() {
        let metrics = ModelMetrics::new(&prometheus::Registry::new()).unwrap();
        let engine = Engine {
            jobs: Arc::new(Queue::new(Bounds { most: 1, ..BOUNDS })),
            metrics: metrics.clone(),
        };
        let two_rows = Question::Rows(shipped(), vec![0.0; 2 * FEATURE_COUNT]);

        assert!(matches!(
            engine.predict(two_rows).await,
            Err(EngineError::Overloaded)
        ));
        assert_eq!(metrics.overloads.get(), 1);
    }

    #[test]
    fn a_demand_that_is_not_a_number_is_no_answer() {
        let good = Prediction {
            demand: 1.0,
            demand_p10: 0.0,
            demand_p90: 2.0,
        };
        assert!(check(&[good]).is_ok());

        for bad in [f32::NAN, f32::INFINITY] {
            let answer = check(&[
                good,
                Prediction {
                    demand_p90: bad,
                    ..good
                },
            ]);
            assert!(matches!(answer, Err(EngineError::NotFinite)));
        }
    }
}
