//! What surrounds a document in its page.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use pulldown_cmark::{Event, html};

/// The words of the layout, in the language of a document.
pub(super) struct Words {
    language: &'static str,
    skip: &'static str,
    all: &'static str,
    menu: &'static str,
    /// What comes before the number of a table.
    pub(super) table: &'static str,
}

const FRENCH: Words = Words {
    language: "fr",
    skip: "Aller au contenu",
    all: "Tous les documents",
    menu: "Documents",
    table: "Tableau",
};
const ENGLISH: Words = Words {
    language: "en",
    skip: "Skip to the content",
    all: "All the documents",
    menu: "Documents",
    table: "Table",
};

/// The words for a document: those that are not French say so in their name.
pub(super) fn words(document: &Path) -> &'static Words {
    if document.to_string_lossy().ends_with(".en.md") {
        &ENGLISH
    } else {
        &FRENCH
    }
}

/// The page of a document.
pub(super) fn page(document: &Path, title: &str, content: &str) -> String {
    let depth = document.components().count() - 1;
    around(words(document), &"../".repeat(depth), title, content)
}

/// The list of all pages: their paths and their titles, one list a folder.
pub(super) fn index(pages: &[(PathBuf, String)]) -> String {
    let mut content = format!("<h1>{}</h1>\n", FRENCH.all);
    let mut folder = None;
    let mut sorted: Vec<_> = pages.iter().collect();
    sorted.sort_by_key(|(path, _)| (path.parent(), path));

    for (path, title) in sorted {
        let parent = path.parent();
        if folder != Some(parent) {
            let end = if folder.is_some() { "</ul>\n" } else { "" };
            let name = parent.map(Path::to_string_lossy).unwrap_or_default();
            let name = if name.is_empty() { "Le dépôt" } else { &name };
            let _ = write!(content, "{end}<h2>{}</h2>\n<ul>\n", escape(name));
            folder = Some(parent);
        }
        let href = escape(&path.to_string_lossy());
        let _ = writeln!(content, "<li><a href=\"{href}\">{}</a></li>", escape(title));
    }
    content += "</ul>\n";
    around(&FRENCH, "", FRENCH.all, &content)
}

fn around(words: &Words, top: &str, title: &str, content: &str) -> String {
    let Words {
        language,
        skip,
        all,
        menu,
        ..
    } = words;
    let title = escape(title);

    format!(
        "<!DOCTYPE html>\n\
         <html lang=\"{language}\">\n\
         <head>\n\
         <meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title} – Fil rouge</title>\n\
         <link rel=\"stylesheet\" href=\"{top}style.css\">\n\
         </head>\n\
         <body>\n\
         <a class=\"skip\" href=\"#contenu\">{skip}</a>\n\
         <header><nav aria-label=\"{menu}\"><a href=\"{top}index.html\">{all}</a></nav></header>\n\
         <main id=\"contenu\" tabindex=\"-1\">\n{content}</main>\n\
         </body>\n\
         </html>\n"
    )
}

/// A text as the content of an element.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::new();
    html::push_html(&mut escaped, [Event::Text(text.into())].into_iter());
    escaped
}
