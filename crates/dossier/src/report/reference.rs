//! The reference of a comparison: the state of each criterion in the project, as the last `cargo
//! dossier verify` left it. The project is not read as a submission: what it claims was played.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::git::Git;
use crate::verify::saved;

/// The command that makes the report.
const COMMAND: &str = "cargo dossier verify";
/// Format of the report that is read.
const FORMAT: u32 = 1;
/// Digits of a hash that a person compares.
const SHOWN: usize = 12;

/// The project beside the submissions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Name of its folder.
    pub(crate) name: String,
    /// The run that says so, or the command to run, in French.
    pub(crate) note: String,
    states: BTreeMap<String, CriterionState>,
}

/// State of a criterion after its proofs were played. The order is that of what a jury must know
/// first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CriterionState {
    Holds,
    ToJudge,
    NotDeclared,
    NotPlayed,
    DoesNotHold,
}

impl CriterionState {
    pub(crate) const ALL: [Self; 5] = [
        Self::Holds,
        Self::ToJudge,
        Self::NotDeclared,
        Self::NotPlayed,
        Self::DoesNotHold,
    ];

    /// The French word of the reports.
    pub(crate) fn french(self) -> &'static str {
        match self {
            Self::Holds => "tient",
            Self::ToJudge => "à juger",
            Self::NotDeclared => "sans preuve déclarée",
            Self::NotPlayed => "non joué",
            Self::DoesNotHold => "ne tient pas",
        }
    }

    /// The meaning of the word, in French.
    pub(crate) fn meaning(self) -> &'static str {
        match self {
            Self::Holds => "les preuves du projet ont été rejouées, et tiennent.",
            Self::ToJudge => "une personne doit regarder la preuve.",
            Self::NotDeclared => "le projet ne déclare aucune preuve.",
            Self::NotPlayed => "la preuve n'a pas été rejouée : ce n'est pas une réussite.",
            Self::DoesNotHold => "une preuve du projet a été rejouée, et ne tient pas.",
        }
    }
}

/// The file of the last `verify`.
#[derive(Deserialize)]
struct LastVerify {
    format: u32,
    commit: String,
    at: DateTime<Utc>,
    criteria: Vec<CriterionLine>,
}

#[derive(Deserialize)]
struct CriterionLine {
    id: String,
    state: CriterionState,
}

impl Reference {
    /// The reference at `root`, by the last verification in its state folder, with the reason when
    /// it was not played.
    pub fn load(root: &Path, state: &Path) -> Self {
        let name = root.canonicalize().ok().and_then(|path| {
            let name = path.file_name()?;
            Some(name.to_string_lossy().into_owned())
        });
        let name = name.unwrap_or_else(|| root.display().to_string());

        match last_verify(root, &saved::path(state)) {
            Ok(last) => Self {
                name,
                note: note(&last, head(root).as_deref()),
                states: last
                    .criteria
                    .into_iter()
                    .map(|one| (one.id, one.state))
                    .collect(),
            },
            Err(reason) => Self {
                name,
                note: format!("non joué{reason} : lancer `{COMMAND}`"),
                states: BTreeMap::new(),
            },
        }
    }

    /// The state of a criterion: not played, unless the last run says otherwise.
    pub(crate) fn state(&self, id: &str) -> CriterionState {
        self.states
            .get(id)
            .copied()
            .unwrap_or(CriterionState::NotPlayed)
    }

    /// The state of a competency: the one of its criteria that a jury must know first.
    pub(crate) fn state_of_all<'ids>(
        &self,
        ids: impl Iterator<Item = &'ids str>,
    ) -> CriterionState {
        ids.map(|id| self.state(id))
            .max()
            .unwrap_or(CriterionState::NotPlayed)
    }
}

/// Reads a file named from the root; the reason, in French, when it is there and cannot be read.
fn last_verify(root: &Path, file: &Path) -> Result<LastVerify, String> {
    let text = std::fs::read_to_string(root.join(file)).map_err(|_| String::new())?;
    let file = file.display();

    let last: LastVerify =
        serde_json::from_str(&text).map_err(|error| format!(" ({file} illisible : {error})"))?;
    if last.format == FORMAT {
        Ok(last)
    } else {
        Err(format!(" ({file} est d'un autre format)"))
    }
}

fn note(last: &LastVerify, head: Option<&str>) -> String {
    let when = last.at.format("%Y-%m-%d %H:%M UTC");
    let verified = last.commit.split_whitespace().next().unwrap_or("");
    let said = format!("vérifié le {when}, commit {verified:.SHOWN$}");

    match head {
        Some(head) if head != verified => {
            format!("{said} ; le projet est au commit {head:.SHOWN$} : relancer `{COMMAND}`")
        }
        _ => said,
    }
}

/// The commit that the project stands on.
fn head(root: &Path) -> Option<String> {
    Git::open(root).ok()?.head().ok()
}
