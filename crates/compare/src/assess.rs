//! From facts and pages to criteria and competencies.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use super::corpus::Corpus;
use super::fact::{Fact, FactKind};
use super::model::{
    CompetencyResult, CriterionResult, Evidence, Finding, FindingKind, Strength, SubmissionKind,
};
use super::rules::{Rule, Rules};
use crate::criteria::Criteria;

/// Greatest number of pieces of evidence kept for a criterion.
const KEPT: usize = 12;

/// The 21 competencies of a submission.
pub(super) fn assess(corpus: &Corpus, rules: &Rules, criteria: &Criteria) -> Vec<CompetencyResult> {
    let facts: Vec<&Fact> = corpus.all_facts().collect();
    let kinds: BTreeSet<FactKind> = facts
        .iter()
        .filter(|fact| !fact.is_word)
        .map(|fact| fact.kind)
        .collect();
    let mut found: BTreeMap<&str, Vec<Evidence>> = BTreeMap::new();

    for (index, rule) in rules.rules.iter().enumerate() {
        found.insert(&rule.id, evidence(index, rule, corpus, &facts, &kinds));
    }

    let core: BTreeMap<&str, &Rule> = rules
        .rules
        .iter()
        .map(|rule| (rule.id.as_str(), rule))
        .collect();
    let mut competencies = Vec::new();

    for competency in &criteria.competencies {
        let counts = |id: &str, strength: Strength| {
            core.get(id).is_some_and(|rule| {
                rule.core || (rule.core_pages && strength <= Strength::Described)
            })
        };

        let evidence = competency.criteria.iter().flat_map(|criterion| {
            found
                .get(criterion.id.as_str())
                .into_iter()
                .flatten()
                .map(move |one| (criterion.id.as_str(), one.strength))
        });

        let strength = evidence
            .filter(|(id, strength)| counts(id, *strength))
            .map(|(_, strength)| strength)
            .max();
        let strength = strength.unwrap_or(Strength::Absent);

        let criteria = competency.criteria.iter().map(|criterion| {
            let follows = core
                .get(criterion.id.as_str())
                .is_some_and(|rule| rule.follows);
            let mut evidence = found.remove(criterion.id.as_str()).unwrap_or_default();

            if follows && strength < Strength::Implemented {
                evidence.retain(|one| {
                    one.strength <= Strength::Described && strength > Strength::Mentioned
                });
            }

            criterion_result(&criterion.id, evidence)
        });

        competencies.push(CompetencyResult {
            id: competency.id.clone(),
            strength,
            criteria: criteria.collect(),
        });
    }

    competencies
}

fn evidence(
    index: usize,
    rule: &Rule,
    corpus: &Corpus,
    facts: &[&Fact],
    kinds: &BTreeSet<FactKind>,
) -> Vec<Evidence> {
    let mut found: Vec<Evidence> = Vec::new();

    if rule.within.is_empty() || rule.within.iter().any(|kind| kinds.contains(kind)) {
        let is_shown = |fact: &&&Fact| {
            rule.show.contains(&fact.kind) && (fact.exercised || !rule.only_exercised)
        };
        found.extend(facts.iter().filter(is_shown).map(|fact| of_fact(fact)));

        if !found.is_empty() {
            found.extend(
                facts
                    .iter()
                    .filter(|fact| rule.extra.contains(&fact.kind))
                    .map(|fact| of_fact(fact)),
            );
        }
    }

    found.extend(
        facts
            .iter()
            .filter(|fact| fact.criterion.as_deref() == Some(&rule.id))
            .map(|fact| of_fact(fact)),
    );

    found.extend(
        corpus
            .said
            .iter()
            .filter(|(rule, _)| *rule == index)
            .map(|(_, evidence)| evidence.clone()),
    );

    found
}

fn of_fact(fact: &Fact) -> Evidence {
    let is_page = [".md", ".txt", ".rst"]
        .iter()
        .any(|ending| fact.path.ends_with(ending))
        && fact.kind == FactKind::Declared;

    let strength = match fact.exercised {
        _ if fact.is_word => Strength::Mentioned,
        true => Strength::Exercised,
        false if is_page => Strength::Described,
        false => Strength::Implemented,
    };

    Evidence {
        path: fact.path.clone(),
        line: (fact.line > 0).then_some(fact.line),
        strength,
        what: fact.what.clone(),
    }
}

fn criterion_result(id: &str, mut evidence: Vec<Evidence>) -> CriterionResult {
    evidence.sort_by(|left, right| {
        right
            .strength
            .cmp(&left.strength)
            .then_with(|| left.cmp(right))
    });

    evidence.dedup_by(|left, right| {
        left.path == right.path && left.line == right.line && left.strength == right.strength
    });
    let strength = evidence
        .first()
        .map_or(Strength::Absent, |one| one.strength);

    if strength > Strength::Mentioned {
        evidence.retain(|one| one.strength > Strength::Mentioned);
    }

    evidence.truncate(KEPT);
    CriterionResult {
        id: id.to_owned(),
        strength,
        evidence,
    }
}

/// Whether the tree is the work of a candidate at all.
pub(super) fn kind(
    corpus: &Corpus,
    competencies: &[CompetencyResult],
    asked: &[Finding],
) -> SubmissionKind {
    let says_nothing = corpus.modules.is_empty()
        && corpus.workflows.is_empty()
        && corpus.facts.is_empty()
        && corpus.said.is_empty();
    if corpus.paths.is_empty() || (corpus.read.bytes < 200 && says_nothing) {
        return SubmissionKind::Empty;
    }

    // The grid is pasted by candidates only, and stories around a call to a model are what E4 asks
    // for.
    let has_grid = asked.iter().any(|one| one.kind == FindingKind::PastedGrid);
    let reaches = |id: &str, least: Strength| {
        competencies
            .iter()
            .any(|one| one.id == id && one.strength >= least)
    };

    // A watch beside a comparison of services is what E2 hands in, and little else.
    let is_second_case = reaches("C6", Strength::Described) && reaches("C7", Strength::Described);
    let is_fourth = reaches("C10", Strength::Implemented) && reaches("C14", Strength::Described);
    if has_grid || is_second_case || is_fourth {
        return SubmissionKind::Submission;
    }

    let strength = |id: &str| {
        competencies
            .iter()
            .find(|one| one.id == id)
            .map_or(Strength::Absent, |one| one.strength)
    };

    let is_done = |ids: &[&str]| {
        ids.iter()
            .filter(|id| strength(id) >= Strength::Implemented)
            .count()
    };
    let is_said = competencies
        .iter()
        .filter(|one| one.strength >= Strength::Described)
        .count();

    let names = corpus.pages.iter().any(|page| page.names_certification);
    let has_model = corpus.all_facts().any(|fact| {
        matches!(
            fact.kind,
            FactKind::Training | FactKind::AiService | FactKind::Evaluation | FactKind::ModelSaving
        )
    });

    let data_work = is_done(&["C1", "C2", "C3", "C4", "C5"]);
    let is_data_work = is_done(&["C1", "C3"]) >= 1
        && (is_done(&["C3", "C5"]) >= 1 && data_work >= 3 || data_work == 2 && is_said >= 3);

    let serves_model = corpus
        .all_facts()
        .any(|fact| fact.kind == FactKind::ModelRoute)
        && competencies
            .iter()
            .filter(|one| one.strength >= Strength::Implemented)
            .count()
            >= 4;

    if names || serves_model || is_data_work || (has_model && is_said >= 2) || is_said >= 6 {
        SubmissionKind::Submission
    } else {
        SubmissionKind::NotASubmission
    }
}
