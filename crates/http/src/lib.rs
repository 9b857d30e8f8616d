#![doc = include_str!("../README.md")]

pub mod access;
pub mod authority;
pub mod catalogue;
mod certificate;
pub mod clients;
pub mod entity_tag;
mod extract;
pub mod health;
mod health_check;
pub mod limits;
pub mod metrics;
mod observe;
pub mod problem;
pub mod process;
mod reference;
mod server;
mod shell;
pub mod signing_key;
mod tasks;
pub mod telemetry;
#[cfg(test)]
mod testing;

pub use access::{Require, Scope};
pub use authority::{
    Authority, AuthorityConfig, FormerKey, Grant, Renewal, Renewed, Revocations, TOKEN_LIFETIME,
};
pub use catalogue::{Catalogue, MetricSpec, Unit};
pub use clients::{Client, SecretHash, generate_secret};
pub use extract::{FromParameters, Json, Object, Parameters, Path, Query, media_type, read_json};
pub use health::Readiness;
pub use health_check::{CheckStatus, HealthCheck};
pub use limits::{AddressLimit, ConnectionLimits, Limits, RateLimit};
pub use metrics::Metrics;
pub use problem::{Problem, ProblemType};
pub use server::{serve, serve_within};
pub use shell::{Middleware, Shell, document};
pub use signing_key::SigningKey;
pub use tasks::TaskMetrics;
