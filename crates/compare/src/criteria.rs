//! The part of the referential that reading needs: identifiers and wordings.

use serde::Deserialize;

const SOURCE: &str = include_str!("../../../data/referential/rncp37827.toml");

/// The 21 competencies with their 142 criteria, in order.
#[derive(Debug, Deserialize)]
pub(crate) struct Criteria {
    #[serde(rename = "competency")]
    pub(crate) competencies: Vec<Competency>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Competency {
    /// `C1` to `C21`.
    pub(crate) id: String,
    #[serde(rename = "criterion")]
    pub(crate) criteria: Vec<Criterion>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Criterion {
    /// Such as `C4.9`.
    pub(crate) id: String,
    /// Wording in French.
    pub(crate) fr: String,
    /// Wording in English.
    pub(crate) en: String,
}

impl Criteria {
    /// Reads the referential that the binary carries.
    ///
    /// # Errors
    /// When the committed file is not one, with the line at fault.
    pub(crate) fn load() -> Result<Self, toml::de::Error> {
        // The other fields of the file are left to who reports.
        toml::from_str(SOURCE)
    }

    /// All criteria, in the order of the referential.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Criterion> {
        self.competencies
            .iter()
            .flat_map(|competency| &competency.criteria)
    }
}
