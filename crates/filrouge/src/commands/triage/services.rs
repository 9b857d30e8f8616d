//! The AI services that this machine can reach: the embedded one, those whose key it has, and the
//! one that `FILROUGE_PROVIDER_URL` names.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use chrono::TimeDelta;
use filrouge_api_client::{Retry, SecretSource};
use filrouge_http::Catalogue;
use filrouge_providers::{
    Budget, ChatClient, ChatService, ChatServiceConfig, Endpoint, Preset, Presets, ServiceMetrics,
    TriagePrompt,
};
use filrouge_types::{Secret, SystemClock};

/// The preset that `FILROUGE_PROVIDER_URL` replaces, unless `FILROUGE_PROVIDER_NAME` says another.
const REPLACED: &str = "llama-server";

/// A measure waits longer than the application would: a slow answer is a figure, not a failure.
const PATIENCE: Duration = Duration::from_mins(2);

/// A service over HTTP, ready to be asked.
pub(super) struct Reached {
    pub(super) service: ChatService,
    pub(super) metrics: ServiceMetrics,
    pub(super) endpoint: Endpoint,
    /// Its process, when it is ours.
    pub(super) pid: Option<u32>,
}

/// A key in a file, read again for each call: renewing it needs no restart.
#[derive(Debug)]
struct KeyFile(PathBuf);

impl SecretSource for KeyFile {
    fn secret(&self) -> Secret {
        // A file that went away gives an empty key, which the service refuses.
        let text = std::fs::read_to_string(&self.0).unwrap_or_default();
        text.trim().to_owned().into()
    }
}

/// The service of a preset, or the reason why it cannot be asked from here.
pub(super) fn reach(
    preset: &Preset,
    presets: &Presets,
    account: &Path,
) -> Result<Reached, &'static str> {
    let endpoint = endpoint(preset)?;
    let built = build(preset, presets, endpoint.clone(), account);
    let (service, metrics) = built.map_err(|_| "son adresse ne convient pas")?;

    Ok(Reached {
        service,
        metrics,
        endpoint,
        pid: is_named(preset)
            .then(|| variable("FILROUGE_PROVIDER_PID")?.parse().ok())
            .flatten(),
    })
}

/// The server of a preset: that of the environment, else its own with its key.
fn endpoint(preset: &Preset) -> Result<Endpoint, &'static str> {
    let is_named = is_named(preset);
    let base = match variable("FILROUGE_PROVIDER_URL").filter(|_| is_named) {
        Some(url) => url
            .parse()
            .map_err(|_| "FILROUGE_PROVIDER_URL n’est pas une adresse")?,
        None => preset.base.clone().ok_or("il n’a pas d’adresse")?,
    };
    let key_file = match variable("FILROUGE_PROVIDER_KEY_FILE").filter(|_| is_named) {
        Some(file) => Some(file),
        None => preset.key_file_variable.as_deref().and_then(variable),
    };
    if preset.key_file_variable.is_some() && key_file.is_none() && !is_named {
        return Err("sa clé n’est pas donnée");
    }

    Ok(Endpoint {
        base,
        key: key_file.map(|file| Arc::new(KeyFile(file.into())) as Arc<dyn SecretSource>),
        model: variable("FILROUGE_PROVIDER_MODEL")
            .filter(|_| is_named)
            .unwrap_or_else(|| preset.model.clone()),
        answers_as: preset.answers_as.clone(),
        timeout: PATIENCE.max(Duration::from_secs(preset.timeout_seconds)),
        most_tokens: preset.most_tokens,
        allow_plain_http: false,
    })
}

fn build(
    preset: &Preset,
    presets: &Presets,
    endpoint: Endpoint,
    account: &Path,
) -> Result<(ChatService, ServiceMetrics)> {
    let clock = Arc::new(SystemClock);
    let metrics = ServiceMetrics::new(&mut Catalogue::default())?;
    let account = account.join(format!("ai/budget-{}.json", preset.name));

    let service = ChatService::new(ChatServiceConfig {
        name: preset.name.clone(),
        client: ChatClient::new(endpoint, clock.clone())?,
        prompt: TriagePrompt::new(presets.categories.clone(), false),
        prices: preset.prices,
        budget: Arc::new(Budget::new(
            &account,
            presets.budget.limits(),
            clock.clone(),
        )),
        retry: Retry {
            more: 2,
            first_pause: Duration::from_millis(500),
            longest_pause: Duration::from_secs(5),
        },
        // Each text is measured for itself: no failure spares the next one.
        rest: TimeDelta::zero(),
        most_at_once: 2,
        most_waiting: 32,
        longest_report: 4000,
        cached_answers: 1024,
        metrics: metrics.clone(),
        clock,
    });
    Ok((service, metrics))
}

/// True for the preset that the environment replaces.
fn is_named(preset: &Preset) -> bool {
    let name = variable("FILROUGE_PROVIDER_NAME").unwrap_or_else(|| REPLACED.to_owned());

    variable("FILROUGE_PROVIDER_URL").is_some() && preset.name == name
}

/// The service that the environment names, for a command that needs one.
pub(super) fn reach_named(presets: &Presets, account: &Path) -> Result<Reached> {
    let Some(preset) = presets.services.iter().find(|preset| is_named(preset)) else {
        bail!("FILROUGE_PROVIDER_URL ne nomme aucun service : tests/llama/run en démarre un");
    };

    reach(preset, presets, account)
        .map_err(anyhow::Error::msg)
        .with_context(|| preset.title.clone())
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
