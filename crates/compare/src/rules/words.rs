//! The words of all rules, found in a page in one pass.

#[cfg(test)]
use std::cell::Cell;
use std::collections::BTreeMap;
use std::ops::Range;

use aho_corasick::{AhoCorasick, BuildError};

use super::rule::CriterionRule;
use crate::lexicon::Words;

/// The part of a word in its rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WordRole {
    Subject,
    Specific,
    /// One of `both`.
    Condition,
}

/// A word of a rule at a place of a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hit {
    /// Byte where the word starts.
    pub(super) at: usize,
    pub(super) word: usize,
    pub(super) role: WordRole,
}

/// The words of one rule in a text, in its order.
#[derive(Debug, Clone, Default)]
pub(super) struct Hits(Vec<Hit>);

#[cfg(test)]
thread_local! {
    /// Words handed out by `within`: the work of reading a page.
    pub(super) static LOOKED_AT: Cell<usize> = const { Cell::new(0) };
}

impl Hits {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Hit> {
        self.0.iter()
    }

    /// The words of a passage: no other one is looked at.
    pub(super) fn within(&self, passage: Range<usize>) -> &[Hit] {
        let start = self.0.partition_point(|hit| hit.at < passage.start);
        let end = self.0.partition_point(|hit| hit.at < passage.end);
        let found = self.0.get(start..end).unwrap_or_default();
        #[cfg(test)]
        LOOKED_AT.set(LOOKED_AT.get() + found.len());
        found
    }
}

/// The automaton of the words, and the rules that each of them serves.
pub(super) struct RuleWords {
    automaton: AhoCorasick,
    /// For each word: the rules that it serves, and its part in each.
    roles: Vec<Vec<(usize, WordRole)>>,
    texts: Vec<String>,
    generic: Words,
    rules: usize,
}

impl RuleWords {
    pub(super) fn new(rules: &[CriterionRule], generic: Words) -> Result<Self, BuildError> {
        // Sorted words give the same automaton in every run.
        let (texts, roles): (Vec<&str>, Vec<_>) = by_word(rules).into_iter().unzip();
        Ok(Self {
            automaton: AhoCorasick::new(&texts)?,
            roles,
            texts: texts.into_iter().map(str::to_owned).collect(),
            generic,
            rules: rules.len(),
        })
    }

    /// The words of every rule in a text, by rule; `counts` says of a place whether its words do.
    pub(super) fn hits(&self, text: &str, counts: impl Fn(usize) -> bool) -> Vec<Hits> {
        let mut hits = vec![Hits::default(); self.rules];

        for found in self.automaton.find_overlapping_iter(text) {
            let word = found.pattern().as_usize();
            if !self.is_word(text, word, found.start(), found.end()) || !counts(found.start()) {
                continue;
            }
            for (rule, role) in &self.roles[word] {
                hits[*rule].0.push(Hit {
                    at: found.start(),
                    word,
                    role: *role,
                });
            }
        }

        // They were found in the order of their ends.
        for hits in &mut hits {
            hits.0.sort_by_key(|hit| hit.at);
        }
        hits
    }

    /// True when a word is a subject that says nothing outside a heading.
    pub(super) fn is_generic(&self, word: usize) -> bool {
        self.generic.has(&self.texts[word])
    }

    /// True when a match begins a word, and ends one when it is short: `api` is no part of `rapide`
    /// nor of `apiculture`, `extract` begins `extraction`.
    fn is_word(&self, text: &str, word: usize, start: usize, end: usize) -> bool {
        let is_letter = |byte: Option<&u8>| {
            byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte >= 0x80)
        };
        let bytes = text.as_bytes();
        let own = self.texts[word].as_bytes();

        let before = start.checked_sub(1).and_then(|at| bytes.get(at));
        let begins = !is_letter(own.first()) || !is_letter(before);

        let is_short = own.len() <= 4 && is_letter(own.last());
        let after = bytes.get(end);
        // The plural of a short word is the same word.
        begins && (!is_short || !is_letter(after) || after == Some(&b's'))
    }
}

/// The rules that each word serves, and its part in each: it may have another one in another rule.
fn by_word(rules: &[CriterionRule]) -> BTreeMap<&str, Vec<(usize, WordRole)>> {
    let mut found: BTreeMap<&str, Vec<(usize, WordRole)>> = BTreeMap::new();

    for (index, rule) in rules.iter().enumerate() {
        let lists = [
            (&rule.subject, WordRole::Subject),
            (&rule.specifics, WordRole::Specific),
            (&rule.both, WordRole::Condition),
        ];
        for (words, role) in lists {
            for word in words.iter() {
                found.entry(word).or_default().push((index, role));
            }
        }
    }

    found
}
