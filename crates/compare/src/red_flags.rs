//! Red flags: appearances to clear up. Each detector is a small file, each finding a question for
//! the oral, never a verdict.

mod alerts;
mod claims;
mod criteria;
mod drift;
mod features;
mod persons;
mod pipelines;
mod scores;
mod secrets;
mod test_quality;
#[cfg(test)]
mod tests;
mod variables;

use crate::call_graph::Graph;
use crate::corpus::Corpus;
use crate::model::{CompetencyResult, Finding};
use crate::tree::Role;
use crate::yaml::Yaml;

/// Findings that one file shows by itself; `parsed` says whether it is within the budget of the
/// analysis.
pub(crate) fn of_text(path: &str, role: Role, text: &str, parsed: bool) -> Vec<Finding> {
    let mut found = secrets::find(path, role, text);
    found.extend(persons::find(path, role, text));
    if parsed {
        found.extend(variables::find(path, text));
        found.extend(scores::find(path, role, text));
    }
    found
}

/// Findings that one YAML file shows by itself.
pub(crate) fn of_yaml(path: &str, yaml: &Yaml) -> Vec<Finding> {
    alerts::empty_receivers(path, yaml)
}

/// Findings that show only beside the rest of the tree.
pub(crate) fn of_corpus(corpus: &Corpus) -> Vec<Finding> {
    let graph = Graph::new(&corpus.modules);

    let mut found = test_quality::find(corpus, &graph);
    found.extend(pipelines::find(corpus));
    found.extend(drift::find(corpus, &graph));
    found.extend(features::find(corpus));
    found.extend(alerts::find(corpus));
    found.extend(claims::find(corpus));
    found
}

/// Criteria that the submission says it meets.
pub(crate) fn of_claims(corpus: &Corpus, competencies: &[CompetencyResult]) -> Vec<Finding> {
    criteria::find(corpus, competencies)
}
