//! A service of `data/providers.toml` as this program calls it: its key, its budget, its pace.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use chrono::TimeDelta;
use filrouge_api_client::{Retry, SecretSource};
use filrouge_providers::{
    Budget, BudgetLimits, ChatClient, ChatService, ChatServiceConfig, Endpoint, Preset, Presets,
    ServiceMetrics, TriagePrompt,
};
use filrouge_types::{Clock, Secret};

use crate::project::home;

/// Longest report that is sent, in bytes.
const LONGEST_REPORT: usize = 4000;

/// A key in a file, read again for each call: renewing it needs no restart.
#[derive(Debug)]
pub(crate) struct KeyFile(pub(crate) PathBuf);

impl SecretSource for KeyFile {
    fn secret(&self) -> Secret {
        // A file that went away gives an empty key, which the service refuses.
        let text = std::fs::read_to_string(&self.0).unwrap_or_default();
        text.trim().to_owned().into()
    }
}

/// What differs from one use of a service to another.
pub(crate) struct ChatUse<'a> {
    /// The state folder, which holds the account of the month.
    pub(crate) state: &'a Path,
    /// The most that a month may cost.
    pub(crate) limits: BudgetLimits,
    /// Rest given to the service after a failure.
    pub(crate) rest: TimeDelta,
    /// Counters.
    pub(crate) metrics: ServiceMetrics,
    /// Source of the time.
    pub(crate) clock: Arc<dyn Clock>,
}

/// The services that were studied, and the categories asked for.
pub(crate) fn presets() -> Result<Presets> {
    Ok(Presets::read(&home().join("data/providers.toml"))?)
}

/// The service of a preset, called at `endpoint`.
pub(crate) fn chat_service(
    preset: &Preset,
    presets: &Presets,
    endpoint: Endpoint,
    chat_use: ChatUse<'_>,
) -> Result<ChatService> {
    let account = chat_use
        .state
        .join(format!("ai/budget-{}.json", preset.name));

    Ok(ChatService::new(ChatServiceConfig {
        name: preset.name.clone(),
        client: ChatClient::new(endpoint, Arc::clone(&chat_use.clock))?,
        prompt: TriagePrompt::new(presets.categories.clone(), false),
        prices: preset.prices,
        budget: Arc::new(Budget::new(
            &account,
            chat_use.limits,
            Arc::clone(&chat_use.clock),
        )),
        retry: Retry {
            more: 2,
            first_pause: Duration::from_millis(500),
            longest_pause: Duration::from_secs(5),
        },
        rest: chat_use.rest,
        most_at_once: 2,
        most_waiting: 32,
        longest_report: LONGEST_REPORT,
        cached_answers: 1024,
        metrics: chat_use.metrics,
        clock: chat_use.clock,
    }))
}
