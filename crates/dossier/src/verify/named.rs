//! The files that a proof names: one that is missing or empty proves nothing, whatever a shell says
//! of an empty script.

use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;

use filrouge_compare::proof::{CodeRef, Proof, Subject};

/// The fault of the first file that is missing or empty, in French.
pub(super) fn fault(root: &Path, proof: &Proof) -> Option<String> {
    let files = match &proof.subject {
        Subject::Command(line) => files_of_command(root, line),
        Subject::Anchor(place) => vec![place.split('#').next().unwrap_or(place)],
        Subject::Test(_) | Subject::Item(_) => vec![proof.file.as_str()],
    };

    let named = files.iter().find_map(|file| fault_of(root, file));
    named.or_else(|| fault_of_code(root, proof.code.as_ref()?))
}

/// The fault of the code that a proof points to.
fn fault_of_code(root: &Path, code: &CodeRef) -> Option<String> {
    let text = std::fs::read_to_string(root.join(&code.path)).unwrap_or_default();

    fault_of(root, &code.path)
        .or_else(|| (!code.is_in(&text)).then(|| format!("{code} n'est pas défini")))
}

fn fault_of(root: &Path, file: &str) -> Option<String> {
    match std::fs::read(root.join(file)) {
        Ok(bytes) if bytes.trim_ascii().is_empty() => Some(format!("{file} est vide")),
        Ok(_) => None,
        Err(error) if error.kind() == ErrorKind::NotFound => Some(format!("{file} est absent")),
        // A folder is not read, and a command may name one.
        Err(error) if error.kind() == ErrorKind::IsADirectory => None,
        Err(error) => Some(format!("{file} est illisible : {error}")),
    }
}

/// The words of a command that are files of the repository, and its program when it is a path.
fn files_of_command<'line>(root: &Path, line: &'line str) -> Vec<&'line str> {
    let is_file = |(place, word): &(usize, &str)| {
        let is_program = *place == 0 && word.contains('/');
        is_program || is_tracked(root, word)
    };

    line.split_whitespace()
        .enumerate()
        .filter(is_file)
        .map(|(_, word)| word)
        .collect()
}

/// True for a file that git knows, even when it was removed since.
fn is_tracked(root: &Path, word: &str) -> bool {
    let output = Command::new("git")
        .args(["ls-files", "--error-unmatch", "--", word])
        .current_dir(root)
        .output();
    output.is_ok_and(|output| output.status.success())
}
