#![doc = include_str!("../README.md")]

mod answer;
pub mod benchmark;
mod budget;
mod chat;
mod chat_service;
mod client;
mod embedded;
mod error;
mod fallback;
mod metrics;
pub mod monitoring;
mod presets;
mod prompt;
mod service;

pub use answer::is_french;
pub use budget::{Budget, BudgetError, BudgetLimits, Expense};
pub use chat_service::{ChatService, ChatServiceConfig, ChatServiceState};
pub use client::{ChatClient, Endpoint};
pub use embedded::{EMBEDDED, EmbeddedService};
pub use error::ServiceError;
pub use fallback::WithFallback;
pub use metrics::ServiceMetrics;
pub use presets::{DeclaredBudget, Fact, Hosting, Preset, Presets, Prices, Retention, Unstudied};
pub use prompt::TriagePrompt;
pub use service::{Category, TokenUsage, TriageService, Triaged};
