//! The words of `data/pages.toml`.

use serde::Deserialize;

use super::words::Words;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pages {
    pub(crate) prose: Prose,
    pub(crate) claims: Claims,
    pub(crate) gates: Gates,
    pub(crate) copies: Copies,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Prose {
    pub(crate) promises: Words,
    pub(crate) links: Words,
    pub(crate) generated: Words,
    pub(crate) incidents: Words,
    pub(crate) certification: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Claims {
    pub(crate) made: Words,
    pub(crate) endings: Words,
    pub(crate) output_folders: Words,
    pub(crate) protected: Words,
    pub(crate) open: Words,
    pub(crate) bounds: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Gates {
    pub(crate) measures: Vec<Measure>,
    pub(crate) constants: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Copies {
    pub(crate) official: Words,
    pub(crate) dumps: Words,
    pub(crate) headers: Words,
}

/// A measure of a model, and the words that mean it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Measure {
    pub(crate) name: String,
    pub(crate) words: Words,
}
