//! Appearances to clear up: each detector is a small file, each finding a question for the oral,
//! never a verdict.

mod alerts;
mod claims;
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

use super::corpus::Corpus;
use super::model::{Finding, FindingKind};
use super::tree::Role;
use super::yaml::Yaml;

/// What one file shows by itself.
pub(super) fn of_text(path: &str, role: Role, text: &str, parsed: bool) -> Vec<Finding> {
    let mut found = secrets::find(path, role, text);
    found.extend(persons::find(path, role, text));
    if !parsed {
        return found;
    }
    found.extend(variables::find(path, text));
    found.extend(scores::find(path, role, text));
    found
}

/// What one YAML file shows by itself.
pub(super) fn of_yaml(path: &str, yaml: &Yaml) -> Vec<Finding> {
    alerts::empty_receivers(path, yaml)
}

/// What shows only beside the rest of the tree.
pub(super) fn of_corpus(corpus: &Corpus) -> Vec<Finding> {
    let mut found = test_quality::find(corpus);
    found.extend(pipelines::find(corpus));
    found.extend(drift::find(corpus));
    found.extend(features::find(corpus));
    found.extend(alerts::find(corpus));
    found.extend(claims::find(corpus));
    found
}

fn finding(kind: FindingKind, path: &str, line: usize, question: impl Into<String>) -> Finding {
    Finding {
        kind,
        path: path.to_owned(),
        line,
        question: question.into(),
    }
}
