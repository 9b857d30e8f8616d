//! A page, as one rule reads it.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use super::rule::CriterionRule;
use super::words::{Hit, Hits, RuleWords, WordRole};
use crate::document::{Document, Section, is_concrete, is_promise};
use crate::model::{Evidence, Strength};

/// Specifics that a subject needs beyond those of its rule when it has no heading of its own.
const WITHOUT_HEADING: usize = 2;
/// Bytes of a line that are read on each side of a word.
const LINE: usize = 400;
/// Letters of a heading that the report repeats.
const HEADING: usize = 120;

/// The readings of a page that do not depend on the rule.
pub(super) struct SharedPage<'all> {
    document: &'all Document,
    /// Sections that are lists of key words.
    crowded: Vec<bool>,
    /// Passages already judged concrete, or not.
    concrete: RefCell<HashMap<(usize, usize), bool>>,
}

/// A page, the words of one rule in it, and its title.
pub(super) struct RulePage<'all> {
    pub(super) rule: &'all CriterionRule,
    pub(super) words: &'all RuleWords,
    pub(super) document: &'all Document,
    pub(super) shared: &'all SharedPage<'all>,
    pub(super) hits: &'all Hits,
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
    /// The first of the strongest passages.
    pub(super) fn evidence(&self) -> Option<Evidence> {
        if self.hits.is_empty() && !self.is_titled {
            return None;
        }
        let crowded = &self.shared.crowded;

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
                // The heading that names a criterion claims it.
                may_mention: !self.document.is_claim(section.start),
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
        let hits = self.hits.within(section.body..section.end).iter();
        let mut subjects = hits.filter(|hit| hit.role == WordRole::Subject);

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
            .within(range.clone())
            .iter()
            .filter(|hit| hit.role == WordRole::Specific)
            .map(|hit| hit.word)
            .collect();

        // A long passage may name work to be done beside work that is.
        let is_only_promise = passage.len() < 240 && is_promise(passage);
        (condition || self.has(WordRole::Condition, range.clone()))
            && specifics.len() >= need.min(self.rule.specifics.len())
            && self.shared.is_concrete(range)
            && !is_only_promise
    }

    /// True when the line of a subject has one of the words that must stand beside it.
    fn has_condition_near(&self, at: usize) -> bool {
        self.has(WordRole::Condition, self.line_around(at))
    }

    fn has(&self, role: WordRole, range: Range<usize>) -> bool {
        let mut hits = self.hits.within(range).iter();
        hits.any(|hit| hit.role == role)
    }

    /// The line of a place, or its part that is near.
    fn line_around(&self, at: usize) -> Range<usize> {
        let text = &self.document.text;
        let first = text.ceil_char_boundary(at.saturating_sub(LINE)).min(at);
        let last = text.floor_char_boundary(at + LINE).max(at);
        let start = text[first..at]
            .rfind('\n')
            .map_or(first, |end| first + end + 1);
        let end = text[at..last].find('\n').map_or(last, |end| at + end);
        start..end
    }

    /// True when a heading bears the code of the criterion or of its competency, as reports often
    /// do: `## C14 — Analyse du besoin`.
    fn names_criterion(&self, section: &Section) -> bool {
        let id = self.rule.id.as_str();
        let competency = id.split('.').next().unwrap_or("");
        let mut codes = section.codes.iter();
        codes.any(|code| code.eq_ignore_ascii_case(competency) || code.eq_ignore_ascii_case(id))
    }
}

impl Passage<'_> {
    fn french(&self) -> String {
        let heading: String = self.heading.chars().take(HEADING).collect();
        match (self.strength, heading.as_str()) {
            (Strength::Described, "") => "une page le décrit".to_owned(),
            (Strength::Described, heading) => format!("décrit sous « {heading} »"),
            (_, "") => "un mot, sans rien de précis".to_owned(),
            (_, heading) => format!("un mot sous « {heading} », sans rien de précis"),
        }
    }
}

impl<'all> SharedPage<'all> {
    pub(super) fn new(rules: &[CriterionRule], document: &'all Document, hits: &[Hits]) -> Self {
        Self {
            document,
            crowded: crowded(rules, document, hits),
            concrete: RefCell::default(),
        }
    }

    fn is_concrete(&self, passage: Range<usize>) -> bool {
        let judge = || is_concrete(self.document.text.get(passage.clone()).unwrap_or(""));
        let key = (passage.start, passage.end);
        *self.concrete.borrow_mut().entry(key).or_insert_with(judge)
    }
}

/// Sections where the subjects of many competencies crowd in few words: a list of key words, not a
/// description.
fn crowded(rules: &[CriterionRule], document: &Document, hits: &[Hits]) -> Vec<bool> {
    let mut named: Vec<BTreeSet<&str>> = vec![BTreeSet::new(); document.sections.len()];

    for (rule, hits) in rules.iter().zip(hits) {
        let competency = rule.id.split('.').next().unwrap_or("");
        for hit in hits.iter().filter(|hit| hit.role == WordRole::Subject) {
            let index = document.section_at(hit.at);
            if document.sections[index].body <= hit.at {
                named[index].insert(competency);
            }
        }
    }

    let is_crowded = |(section, named): (&Section, BTreeSet<&str>)| {
        let passage = document.text.get(section.body..section.end);
        // Measured on planted lists and on real tables of contents: a page on eight subjects has
        // more than 22 words for each.
        named.len() >= 8 && passage.unwrap_or("").split_whitespace().count() < named.len() * 22
    };
    document
        .sections
        .iter()
        .zip(named)
        .map(is_crowded)
        .collect()
}
