//! The AI services that this machine can reach: the embedded one, those whose key it has, and the
//! one that `FILROUGE_PROVIDER_URL` names.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use chrono::TimeDelta;
use filrouge_api_client::SecretSource;
use filrouge_http::Catalogue;
use filrouge_providers::{ChatService, Endpoint, Preset, Presets, ServiceMetrics};
use filrouge_types::SystemClock;

use crate::chat_service::{ChatUse, KeyFile, chat_service};

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
    let metrics = ServiceMetrics::new(&mut Catalogue::default())?;
    let chat_use = ChatUse {
        state: account,
        limits: presets.budget.limits(),
        // Each text is measured for itself: no failure spares the next one.
        rest: TimeDelta::zero(),
        metrics: metrics.clone(),
        clock: Arc::new(SystemClock),
    };

    let service = chat_service(preset, presets, endpoint, chat_use)?;
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
