//! Criteria that a submission says it meets: one question for each, at the first place that says
//! so.

use std::collections::{BTreeMap, BTreeSet};

use crate::corpus::Corpus;
use crate::criterion_claim::{Claimant, CriterionClaim};
use crate::document::{Claim, Claimed};
use crate::model::{CompetencyResult, Finding, FindingKind, Strength};

/// A claim, and the number of the places that say the same.
struct Asked<'all> {
    place: &'all Claim,
    claim: &'all CriterionClaim,
    others: usize,
}

pub(super) fn find(corpus: &Corpus, competencies: &[CompetencyResult]) -> Vec<Finding> {
    let (pages, comments): (Vec<_>, Vec<_>) =
        claims(corpus).partition(|(_, claim)| claim.claimant == Claimant::Page);
    let shown = shown(competencies);

    let mut asked: BTreeMap<&str, Asked> = BTreeMap::new();
    add(comments.into_iter(), &mut asked);
    // A page may well name the criteria that the tree shows: only the others are asked about.
    let alone = pages
        .into_iter()
        .filter(|(_, one)| !shown.contains(one.id.as_str()));
    let (of_competencies, of_criteria): (Vec<_>, Vec<_>) =
        alone.partition(|(_, claim)| claim.id == claim.competency());
    add(of_criteria.into_iter(), &mut asked);

    let told: BTreeSet<&str> = asked.values().map(|one| one.claim.competency()).collect();
    let untold = of_competencies
        .into_iter()
        .filter(|(_, one)| !told.contains(one.id.as_str()));
    add(untold, &mut asked);

    asked.values().map(question).collect()
}

fn claims(corpus: &Corpus) -> impl Iterator<Item = (&Claim, &CriterionClaim)> {
    corpus
        .claims
        .iter()
        .filter_map(|place| match &place.claimed {
            Claimed::Criterion(claim) => Some((place, claim)),
            _ => None,
        })
}

/// Competencies and criteria that something beside a word shows.
fn shown(competencies: &[CompetencyResult]) -> BTreeSet<&str> {
    let is_shown = |strength: Strength| strength > Strength::Mentioned;
    let all = competencies.iter().flat_map(|competency| {
        let criteria = competency.criteria.iter();
        let criteria = criteria.map(|one| (one.id.as_str(), one.strength));
        criteria.chain([(competency.id.as_str(), competency.strength)])
    });
    all.filter(|(_, strength)| is_shown(*strength))
        .map(|(id, _)| id)
        .collect()
}

fn add<'all>(
    claims: impl Iterator<Item = (&'all Claim, &'all CriterionClaim)>,
    asked: &mut BTreeMap<&'all str, Asked<'all>>,
) {
    for (place, claim) in claims {
        asked
            .entry(&claim.id)
            .and_modify(|one| one.others += 1)
            .or_insert(Asked {
                place,
                claim,
                others: 0,
            });
    }
}

fn question(asked: &Asked) -> Finding {
    let Asked {
        place,
        claim,
        others,
    } = asked;
    let elsewhere = match others {
        0 => String::new(),
        1 => " et à un autre endroit".to_owned(),
        others => format!(" et à {others} autres endroits"),
    };
    let said = match claim.words.as_str() {
        "" => String::new(),
        words => format!(" : « {words} »"),
    };
    let wanted = match claim.claimant {
        Claimant::Test => "Que montre ce test ?",
        Claimant::Code => "Que montre ce qui suit ?",
        Claimant::Page => "Où le voir fonctionner ?",
    };

    let question = format!(
        "Le dépôt affirme {} ici{elsewhere}{said}. {wanted}",
        claim.id
    );
    Finding::new(FindingKind::ClaimToCheck, &place.path, place.line, question)
}
