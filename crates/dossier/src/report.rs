//! Reports of a comparison for a person: submissions side by side, the reference first.

mod evidence_link;
mod page;
mod reference;
#[cfg(test)]
pub(crate) mod tests;
mod text;
mod visible;

pub(crate) use evidence_link::EvidenceLink;
pub use page::html;
pub use reference::Reference;
pub use text::text;
pub(crate) use visible::visible;

use filrouge_compare::{CriterionResult, Submission};

/// The reason, in French, why no report gives a mark.
pub const NO_MARK: &str = "Aucune note n'est donnée. Une force dit ce qu'une machine a trouvé dans les fichiers, pas ce que vaut \
    le travail : une preuve forte peut être mal comprise par son auteur, une preuve absente peut être à l'oral, dans un autre \
    dépôt ou dans un rapport imprimé. Juger revient au jury.";

/// The submissions of a report, in the order of its columns.
#[derive(Debug, Clone, Copy)]
pub struct ReportInput<'all> {
    /// The project itself, in the first column.
    pub reference: Option<&'all Reference>,
    /// The candidates'.
    pub submissions: &'all [Submission],
}

impl ReportInput<'_> {
    /// The heading of each column, the reference first.
    pub(crate) fn headings(self) -> Vec<String> {
        let reference = self.reference.map(reference_heading);
        let submissions = self.submissions.iter();
        reference
            .into_iter()
            .chain(submissions.map(|submission| visible(&submission.name)))
            .collect()
    }
}

pub(crate) fn reference_heading(reference: &Reference) -> String {
    format!("Référence : {}", visible(&reference.name))
}

/// Findings of a submission for one criterion.
pub(crate) fn criterion<'all>(
    submission: &'all Submission,
    id: &str,
) -> Option<&'all CriterionResult> {
    submission
        .competencies
        .iter()
        .flat_map(|competency| &competency.criteria)
        .find(|criterion| criterion.id == id)
}
