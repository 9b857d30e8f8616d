use super::*;

/// Criteria of each topic of the RGAA 4.1.
const TOPICS: [u32; 13] = [9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12];

// Preuve: C10.5 les 106 critères du RGAA ont chacun un verdict, et qui en décide
#[test]
fn the_grid_holds_the_106_criteria_in_their_order() {
    let expected = (1..)
        .zip(TOPICS)
        .flat_map(|(topic, last)| (1..=last).map(move |criterion| format!("{topic}.{criterion}")));
    let held = Grid::read().criteria.iter();
    let held: Vec<_> = held.map(|criterion| criterion.number.clone()).collect();
    assert_eq!(held, expected.collect::<Vec<_>>());
    assert_eq!(held.len(), 106);
}

#[test]
fn a_verdict_has_its_reason_and_a_person_says_what_was_seen() {
    let grid = Grid::read();
    assert!(!grid.review.by.is_empty());
    for criterion in &grid.criteria {
        let number = &criterion.number;
        let needs_a_reason = matches!(
            criterion.verdict,
            Some(Conformity::Fails | Conformity::NotApplicable)
        );
        assert_eq!(criterion.why.is_some(), needs_a_reason, "{number}");
        let is_of_a_person = criterion.decided == Decided::Person;
        assert_eq!(criterion.seen.is_some(), is_of_a_person, "{number}");
        let is_of_nobody = criterion.decided == Decided::Nobody;
        assert_eq!(criterion.verdict.is_none(), is_of_nobody, "{number}");
    }
}

#[test]
fn most_criteria_are_decided_by_a_test() {
    assert!(Grid::read().tested() >= 60, "{}", Grid::read().tested());
}

#[test]
fn the_state_is_that_of_the_rate_and_never_full_without_an_audit() {
    let criterion = |verdict| Criterion {
        number: "1.1".to_owned(),
        says: String::new(),
        decided: Decided::Person,
        verdict,
        why: None,
        seen: None,
    };
    let grid = |verdicts: &[Option<Conformity>], is_audited| Grid {
        version: "4.1".to_owned(),
        review: Review {
            is_audited,
            ..Review::default()
        },
        criteria: verdicts.iter().map(|verdict| criterion(*verdict)).collect(),
    };
    let (conform, fails) = (Some(Conformity::Conform), Some(Conformity::Fails));
    let outside = Some(Conformity::NotApplicable);

    let table: [(&[Option<Conformity>], bool, State); 5] = [
        (&[conform, outside], true, State::Full),
        (&[conform, outside], false, State::Partial),
        (&[conform, None], true, State::Partial),
        (&[conform, fails, fails], true, State::None),
        (&[fails, outside], true, State::None),
    ];
    for (verdicts, is_audited, expected) in table {
        assert_eq!(grid(verdicts, is_audited).state(), expected, "{verdicts:?}");
    }
}
