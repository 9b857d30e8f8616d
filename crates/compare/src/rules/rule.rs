//! One rule, as `data/criteria.toml` writes it.

use serde::Deserialize;

use crate::fact::FactKind;
use crate::lexicon::Words;

/// The facts and the words that show one criterion.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CriterionRule {
    /// Such as `C5.4`.
    pub(crate) id: String,
    /// The criterion is at the core of its competency.
    #[serde(default)]
    pub(crate) core: bool,
    /// Pages about it count for the competency, though code does not.
    #[serde(default)]
    pub(crate) core_pages: bool,
    /// Facts that show it.
    #[serde(default)]
    pub(crate) show: Vec<FactKind>,
    /// Facts that show it beside another one of `show`.
    #[serde(default)]
    pub(crate) extra: Vec<FactKind>,
    /// Facts of which one must exist for `show` or pages to count.
    #[serde(default)]
    pub(crate) within: Vec<FactKind>,
    /// It counts only once the core of its competency is there.
    #[serde(default)]
    pub(crate) follows: bool,
    /// Only a fact that a test exercises counts.
    #[serde(default)]
    pub(crate) only_exercised: bool,
    /// A page on accessible documentation shows it.
    #[serde(default)]
    accessible: bool,
    #[serde(default)]
    pub(crate) subject: Words,
    #[serde(default)]
    pub(super) specifics: Words,
    /// Number of distinct specifics that a page must have.
    #[serde(default = "two")]
    pub(super) need: usize,
    /// Words that, on its line, make a subject speak of something else.
    #[serde(default)]
    pub(super) unless: Words,
    /// Words of which the heading, the page name or the passage must have one.
    #[serde(default)]
    pub(super) both: Words,
}

fn two() -> usize {
    2
}

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleFile {
    generic: Words,
    accessible: Accessible,
    rule: Vec<CriterionRule>,
}

/// The words that the ten criteria on accessible documentation share.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Accessible {
    subject: Words,
    specifics: Words,
    both: Words,
}

impl RuleFile {
    /// The rules, and the subjects that say nothing outside a heading.
    pub(super) fn into_parts(self) -> (Vec<CriterionRule>, Words) {
        let Accessible {
            subject,
            specifics,
            both,
        } = self.accessible;

        let with_shared_words = |rule: CriterionRule| CriterionRule {
            subject: subject.clone(),
            specifics: specifics.clone(),
            both: both.clone(),
            ..rule
        };
        let rules = self.rule.into_iter().map(|rule| match rule.accessible {
            true => with_shared_words(rule),
            false => rule,
        });
        (rules.collect(), self.generic)
    }
}
