//! The files that a proof names: one that is missing or empty proves nothing, whatever a shell says
//! of an empty script.

use std::io::ErrorKind;
use std::path::Path;

use crate::git::Git;
use crate::source;
use filrouge_compare::proof::{CodeRef, Proof, Subject};

/// The fault of the first file that is missing or empty, in French.
pub(super) fn fault(git: &Git, root: &Path, proof: &Proof) -> Option<String> {
    let files = match &proof.subject {
        Subject::Command(line) => files_of_command(git, line),
        Subject::Anchor(place) => vec![place.split('#').next().unwrap_or(place)],
        Subject::Test(_) | Subject::Item(_) => vec![proof.file.as_str()],
    };

    let named = files.iter().find_map(|file| fault_of(root, file));
    named.or_else(|| fault_of_code(root, proof.code.as_ref()?))
}

/// The fault of the code that a proof points to.
fn fault_of_code(root: &Path, code: &CodeRef) -> Option<String> {
    let text = source::read(root, &code.path).unwrap_or_default();

    fault_of(root, &code.path)
        .or_else(|| (!code.is_in(&text)).then(|| format!("{code} n'est pas défini")))
}

fn fault_of(root: &Path, file: &str) -> Option<String> {
    match source::is_empty(root, file) {
        Ok(true) => Some(format!("{file} est vide")),
        Ok(false) => None,
        Err(error) if error.kind() == ErrorKind::NotFound => Some(format!("{file} est absent")),
        // A folder is not read, and a command may name one.
        Err(error) if error.kind() == ErrorKind::IsADirectory => None,
        Err(error) => Some(format!("{file} est illisible : {error}")),
    }
}

/// The words of a command that are files of the repository, and its program when it is a path.
fn files_of_command<'line>(git: &Git, line: &'line str) -> Vec<&'line str> {
    let is_file = |(place, word): &(usize, &str)| {
        let is_program = *place == 0 && word.contains('/');
        is_program || git.tracks(word)
    };

    line.split_whitespace()
        .enumerate()
        .filter(is_file)
        .map(|(_, word)| word)
        .collect()
}
