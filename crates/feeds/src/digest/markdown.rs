//! The digest as Markdown: a section, under the title of the document that gathers several.

use std::fmt::Write as _;

use super::{Digest, reservation};
use crate::note::Note;

pub(super) fn document(digest: &Digest<'_>, root: &str) -> String {
    let mut text = format!("## {}\n", digest.title());

    if let Some(note) = digest.note {
        write_note(&mut text, note, digest.subject, root);
    }
    write_articles(&mut text, digest);
    text
}

fn write_note(text: &mut String, note: &Note, subject: Option<&str>, root: &str) {
    if let Some(subject) = subject {
        let _ = write!(text, "\nThème : {}.\n", inline(subject));
    }
    let _ = write!(
        text,
        "\nÉcrite le {} ({}).\n\n### Les faits\n\n",
        note.written, note.by
    );

    for fact in &note.facts {
        let reservation = reservation(fact.is_checked);
        let host = fact.source.host_str().unwrap_or_default();
        let _ = writeln!(
            text,
            "- {} [{host}, {}]({}){reservation}",
            inline(&fact.text),
            fact.date,
            fact.source
        );
    }

    text.push_str("\n### Ce que cela change pour nous\n");
    for consequence in &note.consequences {
        let _ = write!(text, "\n{}\n", inline(consequence));
    }

    text.push_str("\n### Recommandations\n\n");
    for it in &note.recommendations {
        let _ = write!(text, "- {}", inline(&it.text));
        match &it.followed_by {
            Some(path) => {
                let _ = write!(text, " Suivie par [{path}]({root}/{path}).");
            }
            None => text.push_str(" Pas encore suivie."),
        }
        if let Some(effect) = &it.effect {
            let _ = write!(text, " Effet mesuré : {}", inline(effect));
        }
        text.push('\n');
    }
}

fn write_articles(text: &mut String, digest: &Digest<'_>) {
    text.push_str("\n### Relevé des flux\n");
    if digest.themes.iter().all(|theme| theme.articles.is_empty()) {
        text.push_str("\nAucun article relevé.\n");
        return;
    }

    for theme in &digest.themes {
        let _ = write!(text, "\n#### {}\n\n", theme.title);
        if theme.articles.is_empty() {
            text.push_str("Rien cette semaine.\n");
        }

        for shown in &theme.articles {
            let title = inline(&shown.article.title);
            let title = match &shown.article.link {
                Some(link) => format!("[{title}](<{link}>)"),
                None => title,
            };
            let _ = writeln!(
                text,
                "- {title}, {} (score {})",
                shown.publisher, shown.score
            );
        }
    }
}

/// Text of elsewhere inside a line: the characters of Markdown and HTML are escaped.
fn inline(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());

    for character in text.chars() {
        match character {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' => {
                safe.push('\\');
                safe.push(character);
            }
            '\n' | '\r' => safe.push(' '),
            other => safe.push(other),
        }
    }
    safe
}
