use super::{Found, criterion_result};
use crate::model::Strength;

fn evidence(line: usize, strength: Strength) -> Found<'static> {
    Found {
        path: "a.py",
        line: Some(line),
        strength,
        what: "x",
    }
}

#[test]
fn the_strongest_evidence_comes_first_and_words_leave_once_something_is_there() {
    let found = [
        evidence(1, Strength::Mentioned),
        evidence(2, Strength::Implemented),
        evidence(3, Strength::Exercised),
        evidence(2, Strength::Implemented),
    ];

    let result = criterion_result("C1.4", found.to_vec());
    assert_eq!(result.strength, Strength::Exercised);

    assert_eq!(
        result
            .evidence
            .iter()
            .map(|one| one.line)
            .collect::<Vec<_>>(),
        [Some(3), Some(2)]
    );

    assert_eq!(
        criterion_result("C1.4", Vec::new()).strength,
        Strength::Absent
    );
}
