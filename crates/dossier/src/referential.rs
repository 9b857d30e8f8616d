//! The referential: épreuves, blocs, competencies and criteria, read from
//! `data/referential/rncp37827.toml`.

use serde::Deserialize;

#[cfg(test)]
mod tests;

// In the binary: no proof is judged by the criteria of another version.
const SOURCE: &str = include_str!("../../../data/referential/rncp37827.toml");

/// The certification, whole.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Referential {
    /// Identifier of the certification, such as `RNCP37827`.
    pub certification: String,
    /// Title of the certification, in French.
    pub title: String,
    /// Minutes of questions after the five épreuves.
    pub questions_minutes: u32,
    /// Identifiers of the épreuves in the order of the oral.
    pub order: Vec<String>,
    /// The three blocs.
    #[serde(rename = "bloc")]
    pub blocs: Vec<Bloc>,
    /// The five épreuves, by number.
    #[serde(rename = "epreuve")]
    pub epreuves: Vec<Epreuve>,
    /// The 21 competencies, by number.
    #[serde(rename = "competency")]
    pub competencies: Vec<Competency>,
}

/// A part of the certification that is acquired on its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bloc {
    /// Number, 1 to 3.
    pub id: u32,
    /// Title in French.
    pub fr: String,
    /// Title in English.
    pub en: String,
}

/// An exam: prepared, handed in and presented by the candidate.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Epreuve {
    /// `E1` to `E5`.
    pub id: String,
    /// The official kind, such as « mise en situation 1 ».
    pub kind: String,
    /// Number of its bloc.
    pub bloc: u32,
    /// Least number of pages of the report, annexes aside.
    pub pages_min: u32,
    /// Greatest number of pages of the report, annexes aside.
    pub pages_max: u32,
    /// Minutes before the jury.
    pub oral_minutes: u32,
    /// True when a live demonstration is required.
    pub demonstration: bool,
    /// The starting point that is imposed, in French.
    pub starting_point: String,
    /// Subject of the presentation, in French.
    pub presents: String,
}

/// A skill of the candidate, with the criteria that show it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Competency {
    /// `C1` to `C21`.
    pub id: String,
    /// Identifier of its épreuve.
    pub epreuve: String,
    /// Title in French.
    pub fr: String,
    /// Title in English.
    pub en: String,
    /// Its criteria, in order.
    #[serde(rename = "criterion")]
    pub criteria: Vec<Criterion>,
}

/// One line of the jury's grid.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// Such as `C4.9`: the 9th criterion of C4.
    pub id: String,
    /// Our wording in French.
    pub fr: String,
    /// Our wording in English.
    pub en: String,
    /// The kinds of proof it expects.
    pub evidence: Vec<Evidence>,
    /// Part of the check that a machine can do.
    pub auto: Auto,
}

/// A kind of proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Evidence {
    /// A document.
    Doc,
    /// Source code or configuration.
    Code,
    /// An execution that succeeds, or the trace that it left.
    Run,
    /// An automated test.
    Test,
    /// The history or the remote of the repository.
    Git,
    /// A service that answers.
    Live,
    /// An explanation to the jury.
    Oral,
}

/// Part of the check of a criterion that a machine can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Auto {
    /// The whole of it.
    #[serde(rename = "A")]
    Whole,
    /// A tool finds the evidence and a person judges.
    #[serde(rename = "S")]
    Assisted,
    /// A person only.
    #[serde(rename = "H")]
    Human,
}

impl Referential {
    /// Reads the referential that the binary carries.
    ///
    /// # Errors
    /// When the committed file is not one, with the line at fault.
    pub fn load() -> Result<Self, toml::de::Error> {
        toml::from_str(SOURCE)
    }

    /// All criteria, in the order of the referential.
    pub fn criteria(&self) -> impl Iterator<Item = &Criterion> {
        self.competencies
            .iter()
            .flat_map(|competency| &competency.criteria)
    }

    /// True when `id` is one of the criteria.
    pub fn has_criterion(&self, id: &str) -> bool {
        self.criteria().any(|criterion| criterion.id == id)
    }

    /// The competencies of one épreuve.
    pub fn competencies_of(&self, epreuve: &Epreuve) -> impl Iterator<Item = &Competency> {
        self.competencies
            .iter()
            .filter(|competency| competency.epreuve == epreuve.id)
    }

    /// The competencies of one bloc, by its number.
    pub fn competencies_of_bloc(&self, bloc: u32) -> impl Iterator<Item = &Competency> {
        let within = self
            .epreuves
            .iter()
            .filter(move |epreuve| epreuve.bloc == bloc);
        within.flat_map(|epreuve| self.competencies_of(epreuve))
    }

    /// The épreuves in the order of the oral.
    pub fn oral(&self) -> impl Iterator<Item = &Epreuve> {
        self.order
            .iter()
            .filter_map(|id| self.epreuves.iter().find(|epreuve| &epreuve.id == id))
    }
}
