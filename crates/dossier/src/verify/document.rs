//! Checks of a section of a document that a machine can do; its text is a person's to judge.

use std::path::Path;

use crate::index::slug;
use crate::source;

/// Letters below which a section says nothing: half a line.
const LEAST_LETTERS: usize = 40;

/// The first rule that the section at `line` of a Markdown file breaks, in French.
pub(super) fn fault(root: &Path, file: &str, line: usize) -> Option<String> {
    match source::read(root, file) {
        Ok(text) => broken(root, file, &text, line),
        Err(error) => Some(format!("illisible : {error}")),
    }
}

/// The first rule that the section named by `place` breaks: `docs/rgpd.md#registre`.
pub(super) fn fault_at(root: &Path, place: &str) -> Option<String> {
    let (file, fragment) = place.split_once('#').unwrap_or((place, ""));
    let text = match source::read(root, file) {
        Ok(text) => text,
        Err(error) => return Some(format!("illisible : {error}")),
    };

    let titles = (1..).zip(text.lines());
    let mut titles = titles.filter(|(_, line)| line.starts_with('#'));
    match titles.find(|(_, title)| fragment.is_empty() || slug(title) == fragment) {
        Some((line, _)) => broken(root, file, &text, line),
        // A file without titles is read whole.
        None if fragment.is_empty() => None,
        None => Some(format!("{file} n'a pas de section « {fragment} »")),
    }
}

fn broken(root: &Path, file: &str, text: &str, line: usize) -> Option<String> {
    let section = section(text, line);

    let letters = section.iter().flat_map(|line| line.chars());
    if letters.filter(|letter| letter.is_alphanumeric()).count() < LEAST_LETTERS {
        return Some("la section est presque vide".to_owned());
    }

    if let Some(image) = section.iter().find(|line| line.contains("![](")) {
        return Some(format!(
            "image sans texte de remplacement : {}",
            image.trim()
        ));
    }
    let folder = root.join(file).parent().map(Path::to_owned)?;
    let mut targets = section.iter().flat_map(|line| links(line));
    targets
        .find(|target| leads_nowhere(&folder, target))
        .map(|target| format!("lien vers un fichier absent : {target}"))
}

fn leads_nowhere(folder: &Path, target: &str) -> bool {
    // The web is not asked: a run must say the same without a network.
    let is_elsewhere = target.contains("://") || target.starts_with("mailto:");
    if is_elsewhere || target.starts_with(['#', '/']) {
        return false;
    }
    let file = target.split('#').next().unwrap_or(target);
    !folder.join(file).exists()
}

/// The lines below a heading, down to the next of its level.
fn section(text: &str, heading: usize) -> Vec<&str> {
    let mut lines = text.lines().skip(heading.saturating_sub(1));
    // Where the declaration stands on no heading, its text runs to the next title.
    let level = lines.next().map_or(1, level).max(1);

    // A `#` in a block of code is a comment, not a heading.
    let mut in_code = false;
    let below = lines.take_while(|line| {
        in_code ^= line.trim_start().starts_with("```");
        in_code || !(1..=level).contains(&self::level(line))
    });
    below
        .filter(|line| !line.trim_start().starts_with("<!--"))
        .collect()
}

fn level(line: &str) -> usize {
    let marks = line.chars().take_while(|letter| *letter == '#').count();
    if line[marks..].starts_with(' ') {
        marks
    } else {
        0
    }
}

/// The targets of the links of a line.
fn links(line: &str) -> impl Iterator<Item = &str> {
    line.split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
        .map(|(target, _)| target.split(' ').next().unwrap_or(target))
}

#[cfg(test)]
mod tests;
