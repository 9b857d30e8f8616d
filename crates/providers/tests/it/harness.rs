//! A service ready to be asked, with its counters and its account.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use filrouge_api_client::Retry;
use filrouge_http::Catalogue;
use filrouge_providers::{
    Budget, BudgetLimits, Category, ChatClient, ChatService, ChatServiceConfig, Endpoint, Prices,
    ServiceMetrics, TriagePrompt,
};
use filrouge_types::{Clock, FixedClock, Secret};

use crate::recorded::{KEY, MODEL};

/// A server to be asked, real or recorded.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub(crate) base: String,
    pub(crate) key: Option<String>,
    pub(crate) model: String,
    /// Longest wait: a real model on a busy machine takes its time.
    pub(crate) timeout: Duration,
}

impl Target {
    pub(crate) fn recorded(base: &str) -> Self {
        Self {
            base: base.to_owned(),
            key: Some(KEY.to_owned()),
            model: MODEL.to_owned(),
            timeout: Duration::from_secs(20),
        }
    }
}

/// A service, and what it counts.
pub(crate) struct Harness {
    pub(crate) service: ChatService,
    pub(crate) metrics: ServiceMetrics,
    pub(crate) budget: Arc<Budget>,
    pub(crate) clock: FixedClock,
    folder: tempfile::TempDir,
}

/// The choices of a test; the rest has a default.
pub(crate) struct Choices {
    pub(crate) with_reply: bool,
    pub(crate) most_tokens: u32,
    pub(crate) retry: Retry,
    pub(crate) limits: BudgetLimits,
    pub(crate) most_at_once: usize,
    pub(crate) most_waiting: usize,
}

impl Default for Choices {
    fn default() -> Self {
        Self {
            with_reply: false,
            most_tokens: 96,
            retry: Retry {
                more: 2,
                first_pause: Duration::from_millis(1),
                longest_pause: Duration::from_secs(1),
            },
            limits: BudgetLimits {
                micros: 1_000_000,
                tokens: 1_000_000,
            },
            most_at_once: 2,
            most_waiting: 2,
        }
    }
}

impl Harness {
    pub(crate) fn new(target: &Target, choices: Choices) -> Self {
        let clock = FixedClock::at("2026-11-30T08:00:00Z".parse().unwrap());
        let folder = tempfile::tempdir().unwrap();
        let metrics = ServiceMetrics::new(&mut Catalogue::default()).unwrap();
        let budget = Arc::new(Budget::new(
            &folder.path().join("budget.json"),
            choices.limits,
            Arc::new(clock.clone()),
        ));

        let service = ChatService::new(ChatServiceConfig {
            name: "tested".to_owned(),
            client: client(target, choices.most_tokens, &clock),
            prompt: TriagePrompt::new(categories(), choices.with_reply),
            prices: Prices {
                prompt_per_million: 1.0,
                completion_per_million: 2.0,
            },
            budget: Arc::clone(&budget),
            retry: choices.retry,
            rest: TimeDelta::seconds(30),
            most_at_once: choices.most_at_once,
            most_waiting: choices.most_waiting,
            longest_report: 2000,
            cached_answers: 16,
            metrics: metrics.clone(),
            clock: Arc::new(clock.clone()),
        });
        Self {
            service,
            metrics,
            budget,
            clock,
            folder,
        }
    }

    /// Calls that ended so.
    pub(crate) fn ends(&self, end: &str) -> u64 {
        self.metrics
            .requests
            .with_label_values(&["tested", end])
            .get()
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }
}

fn client(target: &Target, most_tokens: u32, clock: &FixedClock) -> ChatClient {
    let key = target
        .key
        .clone()
        .map(|key| Arc::new(Secret::from(key)) as _);
    let endpoint = Endpoint {
        base: target.base.parse().unwrap(),
        key,
        model: target.model.clone(),
        answers_as: Vec::new(),
        timeout: target.timeout,
        most_tokens,
        allow_plain_http: false,
    };
    let clock: Arc<dyn Clock> = Arc::new(clock.clone());

    ChatClient::new(endpoint, clock).unwrap()
}

pub(crate) fn categories() -> Vec<Category> {
    [
        ("freins", "freins avant ou arrière"),
        ("pneu", "pneu crevé"),
        ("borne", "borne en panne"),
    ]
    .map(|(name, means)| Category {
        name: name.to_owned(),
        means: means.to_owned(),
    })
    .to_vec()
}
