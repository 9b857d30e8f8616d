//! `data/providers.toml`: the services that were studied, how each is called, and the facts known
//! of it, with the public source and the day it was read.

use std::path::Path;

use filrouge_bounded::{TomlFileError, read_toml};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::{BudgetLimits, Category, Expense, TokenUsage};

/// The services studied, those that were not, and the categories asked for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Presets {
    /// The most that a month may cost.
    pub budget: DeclaredBudget,
    /// The categories, as they are explained to a language model.
    #[serde(rename = "category")]
    pub categories: Vec<Category>,
    /// The services studied.
    #[serde(rename = "service")]
    pub services: Vec<Preset>,
    /// The services left out, each with its reason.
    #[serde(rename = "unstudied")]
    pub unstudied: Vec<Unstudied>,
}

/// The most that a month may cost, as a person writes it.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeclaredBudget {
    /// Money.
    pub euros_per_month: u32,
    /// Tokens, read and written.
    pub tokens_per_month: u64,
}

/// A service: its address, its model, its prices, and the facts known of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// Name in commands, metrics and measures.
    pub name: String,
    /// Name in pages.
    pub title: String,
    /// Base address; none for the service embedded in the program.
    pub base: Option<Url>,
    /// The model asked for.
    pub model: String,
    /// Other names under which it may answer.
    #[serde(default)]
    pub answers_as: Vec<String>,
    /// Name of the variable that gives the file of the key; none when no key is asked for.
    pub key_file_variable: Option<String>,
    /// Longest wait for a whole answer, in seconds.
    pub timeout_seconds: u64,
    /// Tokens that an answer may have.
    pub most_tokens: u32,
    /// Prices of its tokens.
    pub prices: Prices,
    /// Where a report goes.
    pub hosting: Hosting,
    /// For how long it is kept there.
    pub retention: Retention,
    /// The law, the contract, the place, in a sentence.
    pub law: String,
    /// Efforts of its provider on energy and carbon, as far as they are published.
    pub ecology: String,
    /// Needs of the service, and its technical constraints.
    pub prerequisites: Vec<String>,
    /// Its advantages for this need.
    pub advantages: Vec<String>,
    /// Reasons not to choose it, in French.
    pub drawbacks: Vec<String>,
    /// Facts, each with its source.
    #[serde(rename = "fact", default)]
    pub facts: Vec<Fact>,
}

/// Prices of a million tokens, in the currency of the budget.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prices {
    /// Of a million tokens read.
    pub prompt_per_million: f64,
    /// Of a million tokens written.
    pub completion_per_million: f64,
}

/// Where a report goes to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hosting {
    /// It stays in the program.
    InProcess,
    /// On a machine of ours.
    OurMachines,
    /// At a provider, in the European Union.
    EuropeanUnion,
    /// Elsewhere.
    Elsewhere,
}

/// For how long a provider keeps a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Retention {
    /// It does not.
    None,
    /// A time that it announces.
    Announced,
    /// It does not say.
    Unknown,
}

/// A statement about a service.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// The statement, in French.
    pub says: String,
    /// Public address where it was read.
    pub source: Url,
    /// Day it was read.
    pub read_on: chrono::NaiveDate,
}

/// A service that was left out.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unstudied {
    /// Name in pages.
    pub title: String,
    /// Reason, in French.
    pub why: String,
}

impl Presets {
    /// The services that the file at `path` declares.
    ///
    /// # Errors
    /// When it cannot be read or is not in this form.
    pub fn read(path: &Path) -> Result<Self, TomlFileError> {
        read_toml(path)
    }

    /// The service of that name.
    pub fn named(&self, name: &str) -> Option<&Preset> {
        self.services.iter().find(|preset| preset.name == name)
    }
}

impl DeclaredBudget {
    /// The limits of an account.
    pub fn limits(self) -> BudgetLimits {
        BudgetLimits {
            micros: u64::from(self.euros_per_month) * 1_000_000,
            tokens: self.tokens_per_month,
        }
    }
}

impl Preset {
    /// Place and retention as one grade, from 0 to 1: the rule is in the protocol.
    pub fn law_grade(&self) -> f64 {
        match (self.hosting, self.retention) {
            (Hosting::InProcess | Hosting::OurMachines, _) => 1.0,
            (Hosting::EuropeanUnion, Retention::None) => 0.75,
            (Hosting::EuropeanUnion, Retention::Announced) => 0.5,
            (Hosting::EuropeanUnion, Retention::Unknown) | (Hosting::Elsewhere, _) => 0.0,
        }
    }
}

impl Prices {
    /// No price: a service of ours.
    pub const FREE: Self = Self {
        prompt_per_million: 0.0,
        completion_per_million: 0.0,
    };

    /// The expense of these tokens, money rounded up to a millionth.
    pub fn expense(self, usage: TokenUsage) -> Expense {
        // A price per million tokens is a number of millionths per token.
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52 tokens")]
        let micros = usage.prompt as f64 * self.prompt_per_million
            + usage.completion as f64 * self.completion_per_million;

        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "prices are positive, and a cast stops at the largest number"
        )]
        Expense {
            micros: micros.ceil() as u64,
            tokens: usage.total(),
        }
    }
}

#[cfg(test)]
mod tests;
