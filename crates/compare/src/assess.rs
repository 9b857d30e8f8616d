//! From facts and pages to criteria and competencies.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use crate::corpus::Corpus;
use crate::criteria::{Competency, Criteria};
use crate::fact::{Fact, FactKind};
use crate::model::{CompetencyResult, CriterionResult, Evidence, Strength};
use crate::rules::{CriterionRule, Rules};

/// Greatest number of pieces of evidence kept for a criterion.
const KEPT: usize = 12;

/// The 21 competencies of a submission.
pub(crate) fn assess(corpus: &Corpus, rules: &Rules, criteria: &Criteria) -> Vec<CompetencyResult> {
    let facts: Vec<&Fact> = corpus.all_facts().collect();
    let kinds: BTreeSet<FactKind> = facts
        .iter()
        .filter(|fact| !fact.is_word)
        .map(|fact| fact.kind)
        .collect();

    let mut shown: BTreeMap<&str, Shown> = rules
        .rules
        .iter()
        .enumerate()
        .map(|(index, rule)| {
            let mut evidence = evidence_of_facts(rule, &facts, &kinds);
            evidence.extend(evidence_of_pages(index, corpus));
            (rule.id.as_str(), Shown { rule, evidence })
        })
        .collect();

    criteria
        .competencies
        .iter()
        .map(|competency| competency_result(competency, &mut shown))
        .collect()
}

/// A criterion's rule, and the evidence that it found.
struct Shown<'all> {
    rule: &'all CriterionRule,
    evidence: Vec<Found<'all>>,
}

/// A piece of evidence, before it is known whether the report keeps it: a fact may show many
/// criteria. The order is that of `Evidence`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Found<'all> {
    path: &'all str,
    line: Option<usize>,
    strength: Strength,
    what: &'all str,
}

/// A competency is as strong as the strongest of its core criteria.
fn competency_result(
    competency: &Competency,
    shown: &mut BTreeMap<&str, Shown>,
) -> CompetencyResult {
    let own: Vec<Shown> = competency
        .criteria
        .iter()
        .filter_map(|criterion| shown.remove(criterion.id.as_str()))
        .collect();

    let strength = own
        .iter()
        .flat_map(Shown::core_strengths)
        .max()
        .unwrap_or(Strength::Absent);
    CompetencyResult {
        id: competency.id.clone(),
        strength,
        criteria: own.into_iter().map(|one| one.result(strength)).collect(),
    }
}

impl Shown<'_> {
    /// The strengths of the evidence that counts for the competency.
    fn core_strengths(&self) -> impl Iterator<Item = Strength> {
        let counts = |strength: &Strength| {
            self.rule.core || (self.rule.core_pages && *strength <= Strength::Described)
        };
        self.evidence.iter().map(|one| one.strength).filter(counts)
    }

    fn result(mut self, of_competency: Strength) -> CriterionResult {
        // Versioned files prove nothing of a competency that no code shows.
        if self.rule.follows && of_competency < Strength::Implemented {
            self.evidence.retain(|one| {
                one.strength <= Strength::Described && of_competency > Strength::Mentioned
            });
        }
        criterion_result(&self.rule.id, self.evidence)
    }
}

fn evidence_of_facts<'all>(
    rule: &CriterionRule,
    facts: &[&'all Fact],
    kinds: &BTreeSet<FactKind>,
) -> Vec<Found<'all>> {
    let is_within = rule.within.is_empty() || rule.within.iter().any(|kind| kinds.contains(kind));
    let is_shown = |fact: &Fact| {
        is_within && rule.show.contains(&fact.kind) && (fact.exercised || !rule.only_exercised)
    };
    let shows = facts.iter().any(|fact| is_shown(fact));

    let counts = |fact: &&'all Fact| is_shown(fact) || (shows && rule.extra.contains(&fact.kind));
    facts
        .iter()
        .copied()
        .filter(counts)
        .map(evidence_of)
        .collect()
}

fn evidence_of_pages(rule: usize, corpus: &Corpus) -> impl Iterator<Item = Found<'_>> {
    let said = corpus.said.iter().filter(move |(index, _)| *index == rule);
    said.map(|(_, evidence)| Found {
        path: &evidence.path,
        line: evidence.line,
        strength: evidence.strength,
        what: &evidence.what,
    })
}

fn evidence_of(fact: &Fact) -> Found<'_> {
    let strength = match fact.exercised {
        // A job that never starts exercises nothing, whatever it would run.
        _ if fact.is_word => Strength::Mentioned,
        true => Strength::Exercised,
        false => Strength::Implemented,
    };
    Found {
        path: &fact.path,
        line: (fact.line > 0).then_some(fact.line),
        strength,
        what: &fact.what,
    }
}

/// The evidence of a criterion, the strongest first, once for each place.
fn criterion_result(id: &str, mut evidence: Vec<Found>) -> CriterionResult {
    evidence.sort_by(|left, right| {
        let by_strength = right.strength.cmp(&left.strength);
        by_strength.then_with(|| left.cmp(right))
    });
    evidence.dedup_by(|left, right| {
        left.path == right.path && left.line == right.line && left.strength == right.strength
    });

    let strength = evidence
        .first()
        .map_or(Strength::Absent, |one| one.strength);
    // Beside real evidence, a word says nothing more.
    if strength > Strength::Mentioned {
        evidence.retain(|one| one.strength > Strength::Mentioned);
    }
    // A report that lists everything is read by nobody.
    evidence.truncate(KEPT);

    CriterionResult {
        id: id.to_owned(),
        strength,
        evidence: evidence.into_iter().map(Found::kept).collect(),
    }
}

impl Found<'_> {
    fn kept(self) -> Evidence {
        Evidence {
            path: self.path.to_owned(),
            line: self.line,
            strength: self.strength,
            what: self.what.to_owned(),
        }
    }
}
