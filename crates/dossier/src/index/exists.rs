//! Looks in the tree for the command, the anchor and the code that a proof names. A test or an item
//! needs no search: it stands right below its comment.

use std::path::Path;

use crate::source;
use filrouge_compare::proof::{CodeRef, Mistake, Proof, Subject};

/// Cargo's own commands that a proof may name; the others are aliases of the tree.
const CARGO: [&str; 7] = ["bench", "build", "check", "clippy", "doc", "run", "test"];

/// The mistakes of a proof that names things of the tree.
pub(super) fn mistakes(root: &Path, proof: &Proof) -> Vec<Mistake> {
    let subject = match &proof.subject {
        Subject::Command(line) => command(root, line),
        Subject::Anchor(place) => anchor(root, place),
        Subject::Test(_) | Subject::Item(_) => None,
    };
    let code = proof.code.as_ref().and_then(|code| missing(root, code));

    let mistake = |reason| Mistake {
        file: proof.file.clone(),
        line: proof.line,
        reason,
    };
    subject.into_iter().chain(code).map(mistake).collect()
}

/// The reason why a tree does not hold some code.
fn missing(root: &Path, code: &CodeRef) -> Option<String> {
    let CodeRef { path, item } = code;
    let Ok(text) = source::read(root, path) else {
        return Some(format!("le fichier de code « {path} » n'existe pas"));
    };
    let item = item.as_ref().filter(|_| !code.is_in(&text))?;
    Some(format!("le fichier « {path} » ne définit pas « {item} »"))
}

fn command(root: &Path, line: &str) -> Option<String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let known = match words.as_slice() {
        ["cargo", name, ..] => CARGO.contains(name) || is_alias(root, name),
        ["npm", rest @ ..] => is_script(root, rest),
        [file, ..] => source::is_empty(root, file).is_ok(),
        [] => false,
    };
    (!known).then(|| {
        format!("la commande « {line} » n'est ni un fichier du dépôt, ni une commande de cargo, ni un script npm")
    })
}

fn is_alias(root: &Path, name: &str) -> bool {
    let configuration = source::read(root, ".cargo/config.toml").unwrap_or_default();
    let table: toml::Table = toml::from_str(&configuration).unwrap_or_default();
    table
        .get("alias")
        .and_then(|aliases| aliases.get(name))
        .is_some()
}

/// True when `[run] script … --prefix folder` names a script of the package of that folder.
fn is_script(root: &Path, words: &[&str]) -> bool {
    let folder = words
        .iter()
        .position(|word| *word == "--prefix")
        .and_then(|at| words.get(at + 1))
        .unwrap_or(&".");

    // Options and `run` may stand before the name or after it.
    let name = words
        .iter()
        .find(|word| !word.starts_with('-') && **word != "run" && *word != folder);
    let manifest = source::read(root, &format!("{folder}/package.json")).unwrap_or_default();
    let package: serde_json::Value = serde_json::from_str(&manifest).unwrap_or_default();
    name.is_some_and(|name| package["scripts"].get(name).is_some())
}

fn anchor(root: &Path, place: &str) -> Option<String> {
    let (file, fragment) = place.split_once('#').unwrap_or((place, ""));
    let Ok(text) = source::read(root, file) else {
        return Some(format!("le document « {file} » n'existe pas"));
    };
    let mut titles = text.lines().filter(|line| line.starts_with('#')).map(slug);
    let found = fragment.is_empty() || titles.any(|title| title == fragment);
    (!found).then(|| format!("le document « {file} » n'a pas de section « {fragment} »"))
}

/// The anchor of a title, as forges make it: lower case, without punctuation, spaces as hyphens.
pub(crate) fn slug(title: &str) -> String {
    let kept = title.trim_start_matches('#').trim().to_lowercase();
    let kept = kept
        .chars()
        .filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'));
    kept.map(|letter| if letter == ' ' { '-' } else { letter })
        .collect()
}
