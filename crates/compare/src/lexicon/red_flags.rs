//! The words of `data/red-flags.toml`.

use serde::Deserialize;

use super::words::Words;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RedFlags {
    pub(crate) secrets: Secrets,
    pub(crate) persons: Persons,
    pub(crate) scores: Scores,
    pub(crate) variables: Variables,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Secrets {
    pub(crate) shapes: Words,
    pub(crate) marks: Words,
    pub(crate) names: Words,
    pub(crate) other_names: Words,
    pub(crate) placeholders: Words,
    pub(crate) examples: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Persons {
    pub(crate) names: Words,
    pub(crate) contacts: Words,
    pub(crate) own_contacts: Words,
    pub(crate) invented: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scores {
    pub(crate) not_a_result: Words,
    pub(crate) files: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Variables {
    pub(crate) expanders: Words,
    pub(crate) commands: Words,
}
