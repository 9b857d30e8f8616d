//! The digest as a page.

use std::fmt::Write as _;

use super::{Digest, reservation};
use crate::note::Note;
use crate::text::escaped;

/// Readable at 320 px, in light and dark, and when the reader enlarges the text.
const STYLE: &str = "\
:root { color-scheme: light dark }
body { margin: 0 auto; padding: 1rem; max-width: 42rem; font: 1rem/1.6 sans-serif; overflow-wrap: anywhere }
a:focus-visible { outline: 3px solid; outline-offset: 2px }";

// Preuve: C6.4 la synthèse est une page accessible, sans script ni fichier
pub(super) fn page(digest: &Digest<'_>) -> String {
    let title = escaped(&digest.title());
    let mut body = String::new();

    if let Some(note) = digest.note {
        write_note(&mut body, note, digest.subject);
    }
    write_articles(&mut body, digest);

    format!(
        "<!doctype html>\n<html lang=\"fr\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>\n{STYLE}\n</style>\n</head>\n<body>\n<main>\n\
         <h1>{title}</h1>\n{body}</main>\n</body>\n</html>\n"
    )
}

fn write_note(page: &mut String, note: &Note, subject: Option<&str>) {
    if let Some(subject) = subject {
        let _ = writeln!(page, "<p>Thème : {}.</p>", escaped(subject));
    }
    let _ = writeln!(
        page,
        "<p>Écrite le <time datetime=\"{0}\">{0}</time> ({1}).</p>\n<h2>Les faits</h2>\n<ul>",
        note.written,
        escaped(&note.by)
    );
    for fact in &note.facts {
        let _ = writeln!(
            page,
            "<li>{} <a href=\"{}\">{}, {}</a>{}</li>",
            escaped(&fact.text),
            escaped(fact.source.as_str()),
            escaped(fact.source.host_str().unwrap_or_default()),
            fact.date,
            reservation(fact.is_checked)
        );
    }

    page.push_str("</ul>\n<h2>Ce que cela change pour nous</h2>\n");
    for consequence in &note.consequences {
        let _ = writeln!(page, "<p>{}</p>", escaped(consequence));
    }

    page.push_str("<h2>Recommandations</h2>\n<ul>\n");
    for it in &note.recommendations {
        let followed = match &it.followed_by {
            Some(path) => format!("Suivie par {}.", escaped(path)),
            None => "Pas encore suivie.".to_owned(),
        };
        let effect = it
            .effect
            .as_deref()
            .map(|effect| format!(" Effet mesuré : {}", escaped(effect)));
        let _ = writeln!(
            page,
            "<li>{} {followed}{}</li>",
            escaped(&it.text),
            effect.unwrap_or_default()
        );
    }
    page.push_str("</ul>\n");
}

fn write_articles(page: &mut String, digest: &Digest<'_>) {
    page.push_str("<h2>Relevé des flux</h2>\n");

    for theme in &digest.themes {
        let _ = writeln!(page, "<h3>{}</h3>", escaped(theme.title));
        if theme.articles.is_empty() {
            page.push_str("<p>Rien cette semaine.</p>\n");
            continue;
        }

        page.push_str("<ul>\n");
        for shown in &theme.articles {
            let title = escaped(&shown.article.title);
            let title = match &shown.article.link {
                Some(link) => format!("<a href=\"{}\">{title}</a>", escaped(link.as_str())),
                None => title,
            };
            let _ = writeln!(
                page,
                "<li>{title}, {} (score {})</li>",
                escaped(shown.publisher),
                shown.score
            );
        }
        page.push_str("</ul>\n");
    }
}
