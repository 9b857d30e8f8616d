//! An OpenAI-compatible server as a triage service: redaction, cache, turn, budget, retries.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use filrouge_api_client::{Breaker, CallEnd, Retry};
use filrouge_triage::redact;
use filrouge_types::Clock;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use quick_cache::sync::Cache;
use sha2::{Digest, Sha256};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::answer::judge;
use crate::chat::ChatCompletion;
use crate::{
    Budget, BudgetError, ChatClient, Expense, Prices, ServiceError, ServiceMetrics, TokenUsage,
    TriagePrompt, TriageService, Triaged,
};

/// The longest rest that a server can ask for: beyond, a mistake would end its use.
const LONGEST_REST: TimeDelta = TimeDelta::days(1);

/// Tokens of a conversation that are neither instructions nor report: roles, marks.
const TOKENS_AROUND: u64 = 64;

/// A server, and the rules of its use.
pub struct ChatServiceConfig {
    /// Name in metrics and reports.
    pub name: String,
    /// The server.
    pub client: ChatClient,
    /// The instructions.
    pub prompt: TriagePrompt,
    /// Prices of its tokens.
    pub prices: Prices,
    /// The month's budget.
    pub budget: Arc<Budget>,
    /// Tries of one report.
    pub retry: Retry,
    /// Rest given to the server after a failure.
    pub rest: TimeDelta,
    /// Reports sent at once.
    pub most_at_once: usize,
    /// Reports that may wait for their turn; beyond, they are refused at once.
    pub most_waiting: usize,
    /// Longest report, in bytes.
    pub longest_report: usize,
    /// Answers that are kept, the oldest leaving first.
    pub cached_answers: usize,
    /// Counters.
    pub metrics: ServiceMetrics,
    /// Source of the time.
    pub clock: Arc<dyn Clock>,
}

/// A triage service over HTTP.
pub struct ChatService {
    config: ChatServiceConfig,
    breaker: Breaker,
    cache: Cache<[u8; 32], Triaged>,
    turns: Semaphore,
    places: Semaphore,
    /// Code of the error of the last report; `None` when it was answered.
    last_failure: Mutex<Option<&'static str>>,
}

/// The state of a service, for the person who operates it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChatServiceState {
    /// Code of the error of the last report; `None` when it was answered, and before the first one.
    pub last_failure: Option<&'static str>,
    /// True while nothing is sent, for the service failed a moment ago.
    pub is_resting: bool,
    /// Share of the month's budget that is left, from 0 to 1, in money or in tokens: the smaller one.
    pub budget_left: f64,
}

impl ChatService {
    /// The service; nothing is sent yet.
    pub fn new(config: ChatServiceConfig) -> Self {
        config.metrics.open(&config.name);

        Self {
            breaker: Breaker::new(config.rest),
            cache: Cache::new(config.cached_answers),
            turns: Semaphore::new(config.most_at_once),
            places: Semaphore::new(config.most_at_once + config.most_waiting),
            last_failure: Mutex::default(),
            config,
        }
    }

    /// The state of the service at this moment; nothing is sent.
    ///
    /// # Errors
    /// When the account of the month cannot be read.
    pub fn state(&self) -> Result<ChatServiceState, BudgetError> {
        let spent = self.config.budget.spent()?;

        Ok(ChatServiceState {
            last_failure: *self.last_failure(),
            is_resting: self.breaker.is_open(self.config.clock.now()),
            budget_left: (1.0 - self.spent_share(spent)).max(0.0),
        })
    }

    fn last_failure(&self) -> MutexGuard<'_, Option<&'static str>> {
        self.last_failure
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    async fn answer(&self, report: &str) -> Result<Triaged, ServiceError> {
        if report.len() > self.config.longest_report {
            return Err(ServiceError::ReportTooLong(self.config.longest_report));
        }
        // Nothing leaves before, whoever calls.
        let report = redact(report).text;

        let key = self.key(&report);
        if let Some(known) = self.cache.get(&key) {
            self.count("cached");
            // Paid once.
            return Ok(Triaged {
                usage: TokenUsage::default(),
                ..known
            });
        }

        let _place = self
            .places
            .try_acquire()
            .map_err(|_| ServiceError::QueueFull)?;
        let _turn = self.turn().await?;
        let triaged = self.ask(&report).await?;

        self.cache.insert(key, triaged.clone());
        self.count("answered");
        Ok(triaged)
    }

    /// Waits for a turn, counted as waiting until then, also when the caller goes away.
    async fn turn(&self) -> Result<SemaphorePermit<'_>, ServiceError> {
        let waiting = self
            .config
            .metrics
            .waiting
            .with_label_values(&[self.name()]);
        waiting.inc();
        let _leave = Leave(|| waiting.dec());

        self.turns
            .acquire()
            .await
            .map_err(|_| ServiceError::QueueFull)
    }

    /// Asks, unless the server failed a moment ago.
    async fn ask(&self, report: &str) -> Result<Triaged, ServiceError> {
        if !self.breaker.lets_through(self.config.clock.now()) {
            return Err(ServiceError::Resting);
        }

        let end = self.try_again(report).await;
        let now = self.config.clock.now();
        let call_end = end.as_ref().err().map_or(CallEnd::Answered, call_end);
        self.breaker.record(call_end, now);
        if let Err(ServiceError::TooManyRequests {
            retry_after: Some(wait),
        }) = &end
        {
            let wait = TimeDelta::from_std(*wait).unwrap_or(LONGEST_REST);
            self.breaker.leave_alone(wait.min(LONGEST_REST), now);
        }
        end
    }

    /// Tries until an answer can be used, or nothing more can be hoped for.
    async fn try_again(&self, report: &str) -> Result<Triaged, ServiceError> {
        let mut tried = 0;

        loop {
            let end = self.try_once(report).await;
            let Err(error) = &end else { return end };
            let Some(pause) = pause(&self.config.retry, tried, error) else {
                return end;
            };
            tokio::time::sleep(pause).await;
            tried += 1;
        }
    }

    async fn try_once(&self, report: &str) -> Result<Triaged, ServiceError> {
        let reserved = self.most(report);
        self.account(move |budget| budget.reserve(reserved)).await?;

        let completion = self
            .config
            .client
            .complete(&self.config.prompt, report)
            .await;
        if let Some(cost) = self.cost(&completion) {
            self.account(move |budget| budget.settle(reserved, cost))
                .await?;
        }

        let most_tokens = self.config.client.endpoint().most_tokens;
        judge(completion?, &self.config.prompt, most_tokens)
    }

    /// Changes the account, whose file another process may hold for a moment, then shows it.
    async fn account(
        &self,
        change: impl FnOnce(&Budget) -> Result<(), BudgetError> + Send + 'static,
    ) -> Result<(), ServiceError> {
        let budget = Arc::clone(&self.config.budget);
        let changed = tokio::task::spawn_blocking(move || {
            change(&budget)?;
            budget.spent()
        });

        let spent = changed
            .await
            .map_err(|error| ServiceError::NoAccount(error.to_string()))?
            .map_err(budget_error)?;
        self.show_budget(spent);
        Ok(())
    }

    /// The most that one try can cost: a token is a byte at least.
    fn most(&self, report: &str) -> Expense {
        let prompt = self.config.prompt.instructions().len() + report.len();

        self.config.prices.expense(TokenUsage {
            prompt: prompt as u64 + TOKENS_AROUND,
            completion: self.config.client.endpoint().most_tokens.into(),
        })
    }

    /// The cost of a try; `None` when it is unknown, and the reservation stays. A server that refused
    /// before reading costs nothing.
    fn cost(&self, end: &Result<ChatCompletion, ServiceError>) -> Option<Expense> {
        match end {
            Ok(completion) => {
                let usage = completion.usage?;
                let cost = self.config.prices.expense(usage);
                self.count_cost(usage, cost);
                Some(cost)
            }
            Err(
                ServiceError::KeyRefused(_)
                | ServiceError::TooManyRequests { .. }
                | ServiceError::Refused(_),
            ) => Some(Expense::default()),
            Err(_) => None,
        }
    }

    fn count_cost(&self, usage: TokenUsage, cost: Expense) {
        let metrics = &self.config.metrics;
        let tokens = |kind| metrics.tokens.with_label_values(&[self.name(), kind]);

        tokens("prompt").inc_by(usage.prompt);
        tokens("completion").inc_by(usage.completion);
        metrics
            .spend
            .with_label_values(&[self.name()])
            .inc_by(cost.micros);
    }

    fn show_budget(&self, spent: Expense) {
        self.config
            .metrics
            .budget_spent
            .with_label_values(&[self.name()])
            .set(self.spent_share(spent));
    }

    /// Share of the month's budget that is spent, in money or in tokens: the larger one.
    fn spent_share(&self, spent: Expense) -> f64 {
        let limits = self.config.budget.limits();

        #[expect(clippy::cast_precision_loss, reason = "a share, for a person")]
        let share = |spent: u64, limit: u64| spent as f64 / limit.max(1) as f64;
        share(spent.micros, limits.micros).max(share(spent.tokens, limits.tokens))
    }

    fn count(&self, end: &str) {
        self.config
            .metrics
            .requests
            .with_label_values(&[self.name(), end])
            .inc();
    }

    /// The question as a key of the cache.
    fn key(&self, report: &str) -> [u8; 32] {
        let mut hasher = Sha256::new();
        let endpoint = self.config.client.endpoint();

        for part in [
            endpoint.base.as_str(),
            &endpoint.model,
            self.config.prompt.instructions(),
            report,
        ] {
            // The length first: two questions never run into one.
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        hasher.finalize().into()
    }
}

impl TriageService for ChatService {
    fn name(&self) -> &str {
        &self.config.name
    }

    fn triage<'a>(&'a self, report: &'a str) -> BoxFuture<'a, Result<Triaged, ServiceError>> {
        async move {
            let began = Instant::now();
            let end = self.answer(report).await;

            self.config
                .metrics
                .durations
                .with_label_values(&[self.name()])
                .observe(began.elapsed().as_secs_f64());
            *self.last_failure() = end.as_ref().err().map(ServiceError::code);
            if let Err(error) = &end {
                self.count(error.code());
                tracing::warn!(service = self.name(), reason = error.code(), %error, "no answer");
            }
            end
        }
        .boxed()
    }
}

impl std::fmt::Debug for ChatService {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChatService")
            .field("name", &self.config.name)
            .field("client", &self.config.client)
            .finish_non_exhaustive()
    }
}

/// Runs when it is dropped.
struct Leave<F: FnMut()>(F);

impl<F: FnMut()> Drop for Leave<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

/// The pause before the next try; `None` when the same question would have the same end, or when
/// the service asks for more patience than we have.
fn pause(retry: &Retry, tried: u32, error: &ServiceError) -> Option<Duration> {
    let asked = match error {
        ServiceError::TooManyRequests { retry_after } => *retry_after,
        ServiceError::Failing(_) | ServiceError::Unreachable => None,
        // A cut answer, a wrong schema: asked alike, it would come back alike, and be paid again.
        _ => return None,
    };
    let wanted = asked.unwrap_or(retry.first_pause * 2_u32.pow(tried.min(16)));

    (tried < retry.more && wanted <= retry.longest_pause).then_some(wanted)
}

/// The health of the service, as an error shows it.
fn call_end(error: &ServiceError) -> CallEnd {
    match error {
        ServiceError::TooSlow(_)
        | ServiceError::KeyRefused(_)
        | ServiceError::TooManyRequests { .. } => CallEnd::NoAnswer,
        ServiceError::Unreachable
        | ServiceError::Failing(_)
        | ServiceError::NotACompletion { .. }
        | ServiceError::TooLong(_)
        | ServiceError::WrongModel { .. } => CallEnd::BadAnswer,
        // A bad answer to one report says nothing of the next.
        _ => CallEnd::Answered,
    }
}

fn budget_error(error: BudgetError) -> ServiceError {
    match error {
        BudgetError::Spent { .. } => ServiceError::BudgetSpent,
        BudgetError::Unusable { .. } | BudgetError::Damaged { .. } => {
            ServiceError::NoAccount(error.to_string())
        }
    }
}
