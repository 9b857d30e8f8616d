//! The reports of riders, read by the service that was chosen; by the classifier of the project when
//! none was, or when it fails.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use chrono::TimeDelta;
use filrouge_api_client::SecretSource;
use filrouge_http::Catalogue;
use filrouge_providers::{
    BudgetLimits, ChatService, EMBEDDED, EmbeddedService, Endpoint, Preset, Presets,
    ServiceMetrics, TriageService, Triaged, WithFallback,
};
use filrouge_storage::StateFolder;
use filrouge_triage::{Classifier, Urgency, details, redact};
use filrouge_types::{Clock, SystemClock};
use filrouge_web::{OpenReportReader, ReadSorting, ReaderState, ReportReader};
use futures::FutureExt as _;
use futures::future::BoxFuture;

use crate::chat_service::{ChatUse, KeyFile, chat_service, presets};
use crate::cli::TriageServiceArguments;
use crate::project::home;

/// A service that failed is left alone this long: the embedded classifier reads meanwhile.
const REST: TimeDelta = TimeDelta::seconds(30);

/// The category of a report that a service could not place, when it is too pressing to wait.
const NO_CATEGORY: &str = "autre";

/// Takes personal data out of a text, and sorts it by the service that there is.
struct ServiceReader {
    /// Reads the reports; none when there is neither a service nor a classifier.
    service: Option<Arc<dyn TriageService>>,
    /// The service over HTTP, whose state operators are told.
    chat: Option<Arc<ChatService>>,
}

/// A service over HTTP that a person chose.
pub(crate) struct Chosen {
    presets: Presets,
    preset: Preset,
    endpoint: Endpoint,
    limits: BudgetLimits,
}

/// The service that the options name; none for the embedded classifier.
///
/// # Errors
/// When it is unknown, or its key or its address is missing.
pub(crate) fn chosen(arguments: &TriageServiceArguments) -> Result<Option<Chosen>> {
    let name = arguments.triage_service.as_deref();
    let Some(name) = name.filter(|name| *name != EMBEDDED && !name.is_empty()) else {
        return Ok(None);
    };
    let presets = presets()?;
    let preset = presets.named(name).cloned().with_context(|| {
        let names: Vec<&str> = presets.services.iter().map(|one| &*one.name).collect();
        format!(
            "le service d’IA `{name}` n’est pas dans data/providers.toml, qui connaît {}",
            names.join(", ")
        )
    })?;

    let endpoint = endpoint(&preset, arguments).with_context(|| preset.title.clone())?;
    let declared = presets.budget.limits();
    let limits = BudgetLimits {
        micros: arguments
            .triage_budget
            .map_or(declared.micros, |euros| u64::from(euros) * 1_000_000),
        tokens: arguments.triage_tokens.unwrap_or(declared.tokens),
    };
    Ok(Some(Chosen {
        presets,
        preset,
        endpoint,
        limits,
    }))
}

/// Opens the reader for the application, which shows its metrics among its own. Without the
/// classifier that the project ships it still redacts, and reports wait for a person.
pub(crate) fn opener(
    arguments: &TriageServiceArguments,
    state: &StateFolder,
) -> Result<OpenReportReader> {
    let chosen = chosen(arguments)?;
    let state = state.clone();

    Ok(Arc::new(move |catalogue| {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let reader = open(chosen.as_ref(), &state, clock, catalogue)?;
        Ok(Arc::new(reader) as Arc<dyn ReportReader>)
    }))
}

fn open(
    chosen: Option<&Chosen>,
    state: &StateFolder,
    clock: Arc<dyn Clock>,
    catalogue: &mut Catalogue,
) -> Result<ServiceReader> {
    let metrics = ServiceMetrics::new(catalogue)?;
    let embedded = embedded(&metrics);

    let Some(Chosen {
        presets,
        preset,
        endpoint,
        limits,
    }) = chosen
    else {
        return Ok(ServiceReader {
            service: embedded,
            chat: None,
        });
    };
    let chat_use = ChatUse {
        state: state.root(),
        limits: *limits,
        rest: REST,
        metrics: metrics.clone(),
        clock,
    };
    let chat = chat_service(preset, presets, endpoint.clone(), chat_use)
        .with_context(|| preset.title.clone())?;

    let chat = Arc::new(chat);
    let service: Arc<dyn TriageService> = match embedded {
        Some(embedded) => Arc::new(WithFallback::new(chat.clone(), embedded, metrics)),
        None => chat.clone(),
    };
    Ok(ServiceReader {
        service: Some(service),
        chat: Some(chat),
    })
}

/// The classifier that the project ships.
fn embedded(metrics: &ServiceMetrics) -> Option<Arc<dyn TriageService>> {
    let classifier = Classifier::load(&home().join("models/triage"));
    let classifier = classifier
        .inspect_err(|error| tracing::warn!(%error, "there is no embedded classifier"))
        .ok()?;

    Some(Arc::new(EmbeddedService::new(classifier, metrics.clone())))
}

/// Where the service is, and the key that it is shown.
fn endpoint(preset: &Preset, arguments: &TriageServiceArguments) -> Result<Endpoint> {
    let base = arguments.triage_url.as_ref().or(preset.base.as_ref());
    let base = base.context("son adresse n’est pas donnée : --triage-url")?;

    let variable = preset.key_file_variable.as_deref();
    let named = variable.and_then(std::env::var_os);
    let key_file = arguments.triage_key_file.clone().or(named.map(Into::into));
    if let (Some(variable), None) = (variable, &key_file) {
        return Err(anyhow!(
            "le fichier de sa clé n’est pas donné : --triage-key-file, ou la variable {variable}"
        ));
    }

    Ok(Endpoint {
        base: base.clone(),
        key: key_file.map(|file| Arc::new(KeyFile(file)) as Arc<dyn SecretSource>),
        model: preset.model.clone(),
        answers_as: preset.answers_as.clone(),
        timeout: Duration::from_secs(preset.timeout_seconds),
        most_tokens: preset.most_tokens,
        allow_plain_http: arguments.triage_private_network,
    })
}

impl ReportReader for ServiceReader {
    fn redact(&self, text: &str) -> String {
        redact(text).text
    }

    fn sort<'a>(&'a self, text: &'a str) -> BoxFuture<'a, Option<ReadSorting>> {
        async move {
            // Each service logs its own failures, without the text.
            let triaged = self.service.as_ref()?.triage(text).await.ok()?;
            sorting(triaged, details(text).urgency)
        }
        .boxed()
    }

    fn state(&self) -> ReaderState {
        let Some(chat) = &self.chat else {
            return match self.service {
                Some(_) => ReaderState::Embedded,
                None => ReaderState::Nothing,
            };
        };
        let service = chat.name().to_owned();

        match chat.state() {
            Ok(state) => ReaderState::Service {
                service,
                failure: state.last_failure.map(str::to_owned),
                is_resting: state.is_resting,
                budget_left: Some(state.budget_left),
            },
            // Nothing is sent without an account.
            Err(error) => {
                tracing::error!(%error, "the account of the AI service cannot be read");
                ReaderState::Service {
                    service,
                    failure: Some("no_account".to_owned()),
                    is_resting: false,
                    budget_left: None,
                }
            }
        }
    }
}

/// The sorting of a report whose urgency our rules say; none when a person must read it first.
fn sorting(triaged: Triaged, by_rules: Urgency) -> Option<ReadSorting> {
    let is_urgent = triaged.is_urgent == Some(true);
    // A service makes a report more pressing, never less: a text may have told it to say so.
    let urgency = match by_rules {
        Urgency::Routine if is_urgent => Urgency::Today,
        other => other,
    };

    // Somebody in danger comes first, even where the category is not known.
    let is_known = triaged.category.is_some();
    if !is_known && urgency == Urgency::Routine {
        return None;
    }
    Some(ReadSorting {
        category: triaged.category.unwrap_or_else(|| NO_CATEGORY.to_owned()),
        urgency: urgency.word().to_owned(),
        confidence: triaged.confidence.filter(|_| is_known).map(f64::from),
    })
}

#[cfg(test)]
mod tests;
