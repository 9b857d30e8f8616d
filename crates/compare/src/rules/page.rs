//! A page, as one rule reads it.

use std::collections::BTreeSet;
use std::ops::Range;

use super::rule::CriterionRule;
use super::words::{Hit, RuleWords, WordRole};
use crate::document::{Document, Section, is_concrete, is_promise};
use crate::model::{Evidence, Strength};

/// Specifics that a subject needs beyond those of its rule when it has no heading of its own.
const WITHOUT_HEADING: usize = 2;

/// A page, the words of one rule in it, and its title.
pub(super) struct RulePage<'all> {
    pub(super) rule: &'all CriterionRule,
    pub(super) words: &'all RuleWords,
    pub(super) document: &'all Document,
    pub(super) hits: &'all [Hit],
    pub(super) title: &'all str,
    /// The title has a subject of the rule.
    pub(super) is_titled: bool,
    /// The title meets the condition of the rule, or there is none.
    pub(super) title_has_condition: bool,
}

/// A passage that may show the criterion.
struct Candidate {
    at: usize,
    range: Range<usize>,
    /// Number of distinct specifics that it needs.
    need: usize,
    /// Its subject counts as a word, if no more.
    may_mention: bool,
}

/// A passage that shows the criterion.
struct Passage<'all> {
    strength: Strength,
    at: usize,
    heading: &'all str,
}

impl<'all> RulePage<'all> {
    /// The first of the strongest passages; `crowded` says which sections are lists of key words.
    pub(super) fn evidence(&self, crowded: &[bool]) -> Option<Evidence> {
        if self.hits.is_empty() && !self.is_titled {
            return None;
        }

        let sections = self
            .document
            .sections
            .iter()
            .zip(crowded)
            .zip(self.conditions())
            .filter_map(|((section, crowded), condition)| {
                self.section(section, *crowded, condition)
            });
        let best = self
            .whole(crowded[0])
            .into_iter()
            .chain(sections)
            .reduce(|best, next| {
                if next.strength > best.strength {
                    next
                } else {
                    best
                }
            })?;

        Some(Evidence {
            path: self.document.path.clone(),
            line: Some(self.document.line(best.at)),
            strength: best.strength,
            what: best.french(),
        })
    }

    /// The page itself, when its file name is on the subject.
    fn whole(&self, is_crowded: bool) -> Option<Passage<'all>> {
        let range = self.document.sections[0].body..self.document.text.len();
        let is_described = self.is_titled
            && !is_crowded
            && self.describes(range, self.title_has_condition, self.rule.need);

        is_described.then_some(Passage {
            strength: Strength::Described,
            at: 0,
            heading: self.title,
        })
    }

    /// For each section, whether its heading, or one above it, meets the condition of the rule.
    fn conditions(&self) -> Vec<bool> {
        let mut above: Vec<(usize, bool)> = Vec::new();

        let condition = |section: &Section| {
            above.retain(|(level, _)| *level < section.level);
            let is_met = self.title_has_condition
                || above.iter().any(|(_, is_met)| *is_met)
                || self.names_criterion(section)
                || self.has(WordRole::Condition, section.start..section.body);

            above.push((section.level, is_met));
            is_met
        };
        self.document.sections.iter().map(condition).collect()
    }

    fn section(
        &self,
        section: &'all Section,
        is_crowded: bool,
        condition: bool,
    ) -> Option<Passage<'all>> {
        let candidate = self.candidate(section)?;
        let is_described =
            !is_crowded && self.describes(candidate.range, condition, candidate.need);
        // A list of key words mentions its subjects, and describes none.
        let is_mentioned =
            candidate.may_mention && (condition || self.has_condition_near(candidate.at));

        let strength = match (is_described, is_mentioned) {
            (true, _) => Strength::Described,
            (false, true) => Strength::Mentioned,
            (false, false) => return None,
        };
        Some(Passage {
            strength,
            at: candidate.at,
            heading: &section.heading,
        })
    }

    /// The part of a section that may show the criterion: all of it under a heading on the subject,
    /// its own text elsewhere.
    fn candidate(&self, section: &Section) -> Option<Candidate> {
        // A heading that promises is read as any text: the work below it may be done.
        if self.has_heading(section) && !is_promise(&section.heading) {
            return Some(Candidate {
                at: section.start,
                range: section.body..section.outer_end,
                need: self.rule.need,
                may_mention: true,
            });
        }

        let hit = self.strongest_subject(section)?;
        Some(Candidate {
            at: hit.at,
            range: section.body..section.end,
            need: self.rule.need + WITHOUT_HEADING,
            may_mention: self.speaks(hit),
        })
    }

    fn has_heading(&self, section: &Section) -> bool {
        let is_on_subject = || self.has(WordRole::Subject, section.start..section.body);
        section.level > 0 && (self.names_criterion(section) || is_on_subject())
    }

    /// A subject in the body of a section, one that says something by itself if there is one.
    fn strongest_subject(&self, section: &Section) -> Option<&Hit> {
        let mut subjects = self
            .hits
            .iter()
            .filter(|hit| hit.role == WordRole::Subject)
            .filter(|hit| (section.body..section.end).contains(&hit.at));

        let first = subjects.clone().next();
        subjects.find(|hit| self.speaks(hit)).or(first)
    }

    /// True when a subject says something by itself, and its line is about nothing else.
    fn speaks(&self, hit: &Hit) -> bool {
        let line = &self.document.text[self.line_around(hit.at)];
        !self.words.is_generic(hit.word) && !self.rule.unless.any_in(line)
    }

    /// True when a passage is concrete, and has enough specifics and the condition of the rule.
    fn describes(&self, range: Range<usize>, condition: bool, need: usize) -> bool {
        let passage = self.document.text.get(range.clone()).unwrap_or("");
        let specifics: BTreeSet<usize> = self
            .hits
            .iter()
            .filter(|hit| hit.role == WordRole::Specific && range.contains(&hit.at))
            .map(|hit| hit.word)
            .collect();

        // A long passage may name work to be done beside work that is.
        let is_only_promise = passage.len() < 240 && is_promise(passage);
        (condition || self.has(WordRole::Condition, range))
            && specifics.len() >= need.min(self.rule.specifics.len())
            && is_concrete(passage)
            && !is_only_promise
    }

    /// True when the line of a subject has one of the words that must stand beside it.
    fn has_condition_near(&self, at: usize) -> bool {
        self.has(WordRole::Condition, self.line_around(at))
    }

    fn has(&self, role: WordRole, range: Range<usize>) -> bool {
        self.hits
            .iter()
            .any(|hit| hit.role == role && range.contains(&hit.at))
    }

    fn line_around(&self, at: usize) -> Range<usize> {
        let text = &self.document.text;
        let start = text[..at].rfind('\n').map_or(0, |start| start + 1);
        let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
        start..end
    }

    /// True when a heading bears the code of the criterion or of its competency, as reports often
    /// do: `## C14 — Analyse du besoin`.
    fn names_criterion(&self, section: &Section) -> bool {
        let id = self.rule.id.to_ascii_lowercase();
        let competency = id.split('.').next().unwrap_or("");

        section
            .heading
            .split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '.')
            .any(|word| word.trim_end_matches('.') == competency || word == id)
    }
}

impl Passage<'_> {
    fn french(&self) -> String {
        match (self.strength, self.heading) {
            (Strength::Described, "") => "une page le décrit".to_owned(),
            (Strength::Described, heading) => format!("décrit sous « {heading} »"),
            (_, "") => "un mot, sans rien de précis".to_owned(),
            (_, heading) => format!("un mot sous « {heading} », sans rien de précis"),
        }
    }
}

/// Sections where the subjects of many competencies crowd in few words: a list of key words, not a
/// description.
pub(super) fn crowded(
    rules: &[CriterionRule],
    document: &Document,
    hits: &[Vec<Hit>],
) -> Vec<bool> {
    let is_crowded = |section: &Section| {
        let range = section.body..section.end;
        let is_subject = |hit: &Hit| hit.role == WordRole::Subject && range.contains(&hit.at);
        let named: BTreeSet<&str> = rules
            .iter()
            .zip(hits)
            .filter(|(_, hits)| hits.iter().any(is_subject))
            .filter_map(|(rule, _)| rule.id.split('.').next())
            .collect();

        let passage = document.text.get(range.clone()).unwrap_or("");
        // Measured on planted lists and on real tables of contents: a page on eight subjects has
        // more than 22 words for each.
        named.len() >= 8 && passage.split_whitespace().count() < named.len() * 22
    };
    document.sections.iter().map(is_crowded).collect()
}
