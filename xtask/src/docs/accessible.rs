//! Reads every Markdown document as somebody who listens to it would: by headings, links, tables
//! and alternatives. `docs/accessibilite.md` says which rule comes from where.

use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};

use super::sources::{Source, parser};

/// Texts that say nothing of where a link leads when it is read alone, in a list of links.
const EMPTY_LINK_TEXTS: [&str; 8] = [
    "",
    "ici",
    "cliquez ici",
    "lien",
    "en savoir plus",
    "here",
    "click here",
    "link",
];

/// One sentence for each obstacle in a document of the repository.
pub(crate) fn obstacles(sources: &[Source]) -> Vec<String> {
    let of_source = |source: &Source| {
        let told = |(line, what)| format!("`{}`, line {line}: {what}", source.path.display());
        obstacles_of(&source.text)
            .into_iter()
            .map(told)
            .collect::<Vec<_>>()
    };
    sources.iter().flat_map(of_source).collect()
}

/// Obstacles of one document, each with its line.
fn obstacles_of(text: &str) -> Vec<(usize, String)> {
    let mut reading = DocumentCheck::default();
    for (event, place) in parser(text).into_offset_iter() {
        // Counted from the start each time: documents are short, and the parser gives bytes.
        let line = text[..place.start].matches('\n').count() + 1;
        reading.read(event, line);
    }
    if reading.last_level.is_none() {
        reading
            .obstacles
            .push((1, "the document has no title".to_owned()));
    }
    reading.obstacles
}

/// The state of the reading of a document.
#[derive(Default)]
struct DocumentCheck {
    obstacles: Vec<(usize, String)>,
    last_level: Option<HeadingLevel>,
    /// The text being read of a link, an image or a header of a column: one may hold another.
    texts: Vec<String>,
    in_table_head: bool,
}

impl DocumentCheck {
    fn read(&mut self, event: Event<'_>, line: usize) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => self.heading(level, line),
            Event::Start(Tag::TableHead) => self.in_table_head = true,
            Event::End(TagEnd::TableHead) => self.in_table_head = false,

            Event::Start(Tag::Link { .. } | Tag::Image { .. }) => self.texts.push(String::new()),
            // Only headers: an empty cell of the body is read as empty, which is true.
            Event::Start(Tag::TableCell) if self.in_table_head => self.texts.push(String::new()),

            Event::End(TagEnd::Link) => self.link(line),
            Event::End(TagEnd::Image) => {
                self.must_say_something(line, "an image has no alternative");
            }
            Event::End(TagEnd::TableCell) if self.in_table_head => {
                self.must_say_something(line, "a column of a table has no header");
            }
            Event::Text(text) | Event::Code(text) => {
                self.texts.iter_mut().for_each(|read| read.push_str(&text))
            }
            Event::Html(html) | Event::InlineHtml(html) => self.html(&html, line),
            _ => {}
        }
    }

    fn heading(&mut self, level: HeadingLevel, line: usize) {
        let what = match self.last_level {
            None if level != HeadingLevel::H1 => {
                Some(format!("the first heading is {level}, not h1"))
            }
            Some(_) if level == HeadingLevel::H1 => {
                Some("a second h1: a document has one title".to_owned())
            }
            Some(last) if level as usize > last as usize + 1 => {
                Some(format!("{level} follows {last}: a level is missing"))
            }

            _ => None,
        };

        self.obstacles.extend(what.map(|what| (line, what)));
        self.last_level = Some(level);
    }

    fn link(&mut self, line: usize) {
        let text = self.texts.pop().unwrap_or_default();
        if EMPTY_LINK_TEXTS.contains(&text.trim().to_lowercase().as_str()) {
            self.obstacles.push((
                line,
                format!("the link « {text} » does not say where it leads"),
            ));
        }
    }

    fn must_say_something(&mut self, line: usize, what: &str) {
        if self.texts.pop().is_none_or(|text| text.trim().is_empty()) {
            self.obstacles.push((line, what.to_owned()));
        }
    }

    /// Only comments are let through: the text of an HTML element would escape the rules above.
    fn html(&mut self, html: &str, line: usize) {
        // `<!-- … -->` marks generated parts and proofs, and is not shown.
        let html = html.trim();
        if html.starts_with('<') && !html.starts_with("<!--") {
            self.obstacles
                .push((line, format!("`{html}` is HTML: write it in Markdown")));
        }
    }
}

#[cfg(test)]
mod tests;
