//! The one trait of the services that triage riders' reports, ours and other people's.

use futures::future::BoxFuture;

use crate::ServiceError;

/// A service that reads a report and says its category and its urgency.
pub trait TriageService: Send + Sync {
    /// Name in metrics and reports.
    fn name(&self) -> &str;

    /// Reads one report.
    ///
    /// # Errors
    /// When the service gives nothing that can be used: the caller falls back, or asks a person.
    fn triage<'a>(&'a self, report: &'a str) -> BoxFuture<'a, Result<Triaged, ServiceError>>;
}

/// A category of reports: its identifier, and the sentence that explains it to a language model.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Category {
    /// Identifier, the value of the column `category` of a labelled set.
    pub name: String,
    /// The reports that belong to it, in French.
    pub means: String,
}

/// The reading of a report.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Triaged {
    /// Its category; `None` when the service does not know, and a person must look.
    pub category: Option<String>,
    /// Probability of the category, from 0 to 1; `None` for a service that gives none.
    pub confidence: Option<f32>,
    /// True when somebody could be hurt or is stuck; `None` when the service does not say.
    pub is_urgent: Option<bool>,
    /// A courteous reply in French, for a person to check; `None` when it was not asked for.
    pub reply: Option<String>,
    /// Tokens that were paid for; none for a service that counts none, and for a cached answer.
    pub usage: TokenUsage,
}

/// The tokens of one answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct TokenUsage {
    /// Tokens read.
    #[serde(rename = "prompt_tokens", default)]
    pub prompt: u64,
    /// Tokens written.
    #[serde(rename = "completion_tokens", default)]
    pub completion: u64,
}

impl TokenUsage {
    /// Read and written together.
    pub fn total(self) -> u64 {
        self.prompt.saturating_add(self.completion)
    }
}
