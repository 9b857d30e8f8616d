//! One principal proof a criterion: the one to show first.

use super::Index;
use crate::referential::Referential;
use filrouge_compare::proof::{Mistake, Proof};

/// A mistake for each principal proof of a criterion after its first one.
pub(super) fn several(index: &Index, referential: &Referential) -> Vec<Mistake> {
    let after_the_first = |criterion| index.of(criterion).filter(|proof| proof.principal).skip(1);

    referential
        .criteria()
        .flat_map(after_the_first)
        .map(second)
        .collect()
}

fn second(proof: &Proof) -> Mistake {
    Mistake {
        file: proof.file.clone(),
        line: proof.line,
        reason: format!("{} a déjà une preuve principale", proof.criterion),
    }
}
