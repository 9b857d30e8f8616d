//! The words of `data/pipelines.toml`.

use serde::Deserialize;

use super::words::Words;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pipelines {
    pub(crate) commands: Commands,
    pub(crate) actions: Actions,
    pub(crate) scripts: Scripts,
    pub(crate) words: About,
    pub(crate) gitlab: Gitlab,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Commands {
    pub(crate) tests: Words,
    pub(crate) deliveries: Words,
    pub(crate) packages: Words,
    pub(crate) preparations: Words,
    pub(crate) lints: Words,
    pub(crate) trainings: Words,
    pub(crate) data_checks: Words,
    pub(crate) prints: Words,
    pub(crate) idle: Words,
    pub(crate) idle_starts: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Actions {
    pub(crate) packages: Words,
    pub(crate) deliveries: Words,
    pub(crate) preparations: Words,
    pub(crate) azure_deliveries: Words,
    pub(crate) idle: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scripts {
    pub(crate) tests: Words,
    pub(crate) trainings: Words,
    pub(crate) data_checks: Words,
    pub(crate) evaluations: Words,
    pub(crate) runners: Words,
    pub(crate) prefixes: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct About {
    pub(crate) data: Words,
    pub(crate) model: Words,
    pub(crate) training: Words,
    pub(crate) evaluation: Words,
    pub(crate) delivery: Words,
    pub(crate) summaries: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Gitlab {
    pub(crate) reserved: Words,
}
