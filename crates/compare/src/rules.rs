//! The rules of `data/criteria.toml`: which facts and which words of pages show each criterion, and
//! how strong that makes it.

mod page;
mod rule;
#[cfg(test)]
mod tests;
mod words;

use crate::document::Document;
use crate::model::Evidence;
use page::{RulePage, SharedPage};
pub(crate) use rule::CriterionRule;
use rule::RuleFile;
use words::{RuleWords, WordRole};

const SOURCE: &str = include_str!("../data/criteria.toml");

/// All rules, and their words.
pub(crate) struct Rules {
    pub(crate) rules: Vec<CriterionRule>,
    words: RuleWords,
}

impl Rules {
    /// Reads the rules that the binary carries.
    ///
    /// # Errors
    /// When the committed file is wrong, with the line at fault.
    pub(crate) fn load() -> Result<Self, toml::de::Error> {
        let file: RuleFile = toml::from_str(SOURCE)?;
        let (rules, generic) = file.into_parts();

        // The words are a few hundred short literals of our own: no automaton is too large for
        // them.
        let words = RuleWords::new(&rules, generic)
            .map_err(|error| serde::de::Error::custom(error.to_string()))?;
        Ok(Self { rules, words })
    }

    /// The evidence of a page, by index of its rule.
    pub(crate) fn read(&self, document: &Document) -> Vec<(usize, Evidence)> {
        let title = document.title();
        let title_hits = self.words.hits(&title, |_| true);
        // The words of a claim show nothing, but a heading that claims may stand over real text.
        let hits = self.words.hits(&document.text, |at| {
            !document.is_claim(at) || document.is_in_heading(at)
        });
        let shared = SharedPage::new(&self.rules, document, &hits);

        let evidence = |(index, rule): (usize, &CriterionRule)| {
            let in_title = |role| title_hits[index].iter().any(|hit| hit.role == role);
            let page = RulePage {
                rule,
                words: &self.words,
                document,
                shared: &shared,
                hits: &hits[index],
                title: &title,
                is_titled: in_title(WordRole::Subject),
                title_has_condition: rule.both.is_empty() || in_title(WordRole::Condition),
            };
            Some((index, page.evidence()?))
        };
        self.rules
            .iter()
            .enumerate()
            .filter(|(_, rule)| !rule.subject.is_empty())
            .filter_map(evidence)
            .collect()
    }
}
