//! The words of `data/files.toml`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::words::Words;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Files {
    pub(crate) folders: Folders,
    pub(crate) endings: Endings,
    /// The language of each extension that no reader knows.
    pub(crate) unread: BTreeMap<String, String>,
    pub(crate) unread_pipelines: UnreadPipelines,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Folders {
    pub(crate) tests: Words,
    pub(crate) fixtures: Words,
    pub(crate) below_tests: Words,
    pub(crate) vendored: Words,
    pub(crate) marks: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Endings {
    pub(crate) code: Words,
    pub(crate) binary: Words,
    pub(crate) reports: Words,
    pub(crate) generated: Words,
    pub(crate) generated_names: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct UnreadPipelines {
    pub(crate) names: Words,
}
