//! Findings of a juror in a planted submission, beside those of the engine.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use filrouge_compare::Submission;
use serde::{Deserialize, Serialize};

/// The expectation of one submission.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expectation {
    /// `submission`, `not-a-submission` or `empty`.
    pub(crate) kind: String,
    /// Strength of each competency.
    pub(crate) strength: BTreeMap<String, Accepted>,
    /// Everything that must be found, and nothing else.
    #[serde(default)]
    pub(crate) red_flags: BTreeSet<Finding>,
}

/// One strength, or several where two jurors would not agree.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Accepted {
    One(String),
    Several(Vec<String>),
}

impl Accepted {
    /// The strengths that are accepted.
    pub(crate) fn all(&self) -> &[String] {
        match self {
            Self::One(strength) => std::slice::from_ref(strength),
            Self::Several(strengths) => strengths,
        }
    }
}

/// The place of a red flag.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Finding {
    pub(crate) path: String,
    pub(crate) line: usize,
    pub(crate) kind: String,
}

impl Expectation {
    /// Differences, one line each, with the evidence of the engine; empty when all is as expected.
    pub(crate) fn differences(&self, found: &Submission) -> String {
        let mut text = String::new();
        let kind = word(&found.kind);
        if kind != self.kind {
            let _ = writeln!(text, "  kind: expected {}, found {kind}", self.kind);
        }
        self.strengths(found, &mut text);
        self.findings(found, &mut text);
        text
    }

    fn strengths(&self, found: &Submission, text: &mut String) {
        for competency in &found.competencies {
            let expected = self.strength[&competency.id].all();
            let strength = word(&competency.strength);
            if !expected.contains(&strength) {
                let _ = writeln!(
                    text,
                    "  {}: expected {}, found {strength}",
                    competency.id,
                    expected.join(" or ")
                );
                let evidence = competency
                    .criteria
                    .iter()
                    .flat_map(|criterion| &criterion.evidence);
                for one in evidence
                    .filter(|one| one.strength == competency.strength)
                    .take(3)
                {
                    let _ = writeln!(
                        text,
                        "      {}:{} {}",
                        one.path,
                        one.line.unwrap_or_default(),
                        one.what
                    );
                }
            }
        }
    }

    fn findings(&self, found: &Submission, text: &mut String) {
        let found: BTreeSet<Finding> = found
            .red_flags
            .iter()
            .map(|one| Finding {
                kind: word(&one.kind),
                path: one.path.clone(),
                line: one.line,
            })
            .collect();

        for Finding { kind, path, line } in self.red_flags.difference(&found) {
            let _ = writeln!(text, "  missed: {kind} {path}:{line}");
        }

        for Finding { kind, path, line } in found.difference(&self.red_flags) {
            let _ = writeln!(text, "  invented: {kind} {path}:{line}");
        }
    }
}

/// A value as the JSON report writes it.
fn word(value: &impl Serialize) -> String {
    serde_json::to_value(value)
        .unwrap()
        .as_str()
        .unwrap()
        .to_owned()
}
