//! Follows the links of every Markdown document: the file is there, and so is the anchor.

use std::collections::HashSet;
use std::path::Path;

use anyhow::Result;
use pulldown_cmark::{Event, LinkType, Tag, TagEnd};

use super::sources::{Source, parser, read};

/// One sentence for each link of a document of the repository that leads nowhere.
pub(crate) fn broken(root: &Path, sources: &[Source]) -> Result<Vec<String>> {
    let mut sentences = Vec::new();
    for Source { path, text } in sources {
        for target in targets(text) {
            if let Some(why) = reason_it_is_broken(root, path, text, &target)? {
                sentences.push(format!("`{}`: the link `{target}` {why}", path.display()));
            }
        }
    }
    Ok(sentences)
}

/// Targets of the links and of the images of a document.
fn targets(text: &str) -> Vec<String> {
    let target = |event| match event {
        Event::Start(Tag::Link {
            link_type: LinkType::Email,
            ..
        }) => None,
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
            Some(dest_url.into_string())
        }
        _ => None,
    };
    parser(text).filter_map(target).collect()
}

fn reason_it_is_broken(
    root: &Path,
    document: &Path,
    text: &str,
    target: &str,
) -> Result<Option<&'static str>> {
    // The web is not asked: a check must say the same without a network.
    if target.contains("://") || target.starts_with("mailto:") {
        return Ok(None);
    }

    let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
    let file = root
        .join(document.parent().unwrap_or(Path::new("")))
        .join(path);

    // `#anchor` alone is a place of the same document.
    if path.is_empty() {
        return Ok((!anchors(text).contains(anchor)).then_some("names no heading of the document"));
    }

    if !file.exists() {
        return Ok(Some("names a file that is not there"));
    }

    // Anchors of other files are lines of code, which a forge makes.
    if anchor.is_empty() || file.extension().is_none_or(|extension| extension != "md") {
        return Ok(None);
    }
    Ok((!anchors(&read(&file)?).contains(anchor)).then_some("names no heading of that document"))
}

/// The anchors that forges give to headings: lower case, punctuation dropped, spaces as hyphens.
fn anchors(text: &str) -> HashSet<String> {
    let (mut anchors, mut heading) = (HashSet::new(), None);

    for event in parser(text) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => {
                anchors.extend(heading.take().map(|heading| anchor(&heading)))
            }
            Event::Text(text) | Event::Code(text) => heading
                .iter_mut()
                .for_each(|heading| heading.push_str(&text)),
            _ => {}
        }
    }

    anchors
}

/// The anchor of one heading.
pub(super) fn anchor(heading: &str) -> String {
    let kept = |character| match character {
        ' ' => Some('-'),
        '-' | '_' => Some(character),
        _ => character.is_alphanumeric().then_some(character),
    };
    heading.to_lowercase().chars().filter_map(kept).collect()
}

#[cfg(test)]
mod tests;
