use std::collections::BTreeSet;

use super::*;

fn referential() -> Referential {
    Referential::load().unwrap()
}

fn criteria_of(referential: &Referential, epreuve: &Epreuve) -> usize {
    referential
        .competencies_of(epreuve)
        .map(|competency| competency.criteria.len())
        .sum()
}

#[test]
fn there_are_five_epreuves_three_blocs_twenty_one_competencies_and_142_criteria() {
    let referential = referential();
    let counts = (
        referential.epreuves.len(),
        referential.blocs.len(),
        referential.competencies.len(),
        referential.criteria().count(),
    );
    assert_eq!(counts, (5, 3, 21, 142));
}

#[test]
fn criteria_are_28_18_44_40_and_12_by_epreuve() {
    let referential = referential();
    let counts: Vec<usize> = referential
        .epreuves
        .iter()
        .map(|epreuve| criteria_of(&referential, epreuve))
        .collect();
    assert_eq!(counts, [28, 18, 44, 40, 12]);
}

#[test]
fn criteria_are_28_62_and_52_by_bloc() {
    let referential = referential();
    let of_bloc = |bloc: u32| -> usize {
        let epreuves = referential
            .epreuves
            .iter()
            .filter(|epreuve| epreuve.bloc == bloc);
        epreuves
            .map(|epreuve| criteria_of(&referential, epreuve))
            .sum()
    };
    assert_eq!([of_bloc(1), of_bloc(2), of_bloc(3)], [28, 62, 52]);
}

#[test]
fn criteria_of_each_competency_are_as_many_as_in_the_regulation() {
    let counts: Vec<usize> = referential()
        .competencies
        .iter()
        .map(|competency| competency.criteria.len())
        .collect();
    assert_eq!(
        counts,
        [
            7, 3, 3, 10, 5, 6, 7, 5, 11, 9, 9, 7, 8, 5, 5, 4, 12, 7, 7, 7, 5
        ]
    );
}

#[test]
fn a_machine_checks_61_criteria_helps_with_72_and_leaves_9_to_a_person() {
    let referential = referential();
    let count = |auto: Auto| {
        referential
            .criteria()
            .filter(|criterion| criterion.auto == auto)
            .count()
    };

    assert_eq!(
        [
            count(Auto::Whole),
            count(Auto::Assisted),
            count(Auto::Human)
        ],
        [61, 72, 9]
    );
}

#[test]
fn criteria_are_numbered_without_a_gap_in_their_competency() {
    for (number, competency) in (1..).zip(&referential().competencies) {
        assert_eq!(competency.id, format!("C{number}"));
        for (rank, criterion) in (1..).zip(&competency.criteria) {
            assert_eq!(criterion.id, format!("C{number}.{rank}"));
        }
    }
}

#[test]
fn every_criterion_is_worded_in_both_languages_and_expects_a_proof() {
    for criterion in referential().criteria() {
        assert!(
            !criterion.fr.is_empty() && !criterion.en.is_empty(),
            "{}",
            criterion.id
        );
        assert!(!criterion.evidence.is_empty(), "{}", criterion.id);
    }
}

#[test]
fn the_oral_takes_ninety_minutes_with_the_questions_and_every_epreuve_once() {
    let referential = referential();
    let minutes: u32 = referential.oral().map(|epreuve| epreuve.oral_minutes).sum();
    assert_eq!(minutes + referential.questions_minutes, 90);
    let ids: BTreeSet<&str> = referential
        .oral()
        .map(|epreuve| epreuve.id.as_str())
        .collect();
    assert_eq!(ids.len(), 5);
}
