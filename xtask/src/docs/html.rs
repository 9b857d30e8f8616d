//! The documents as HTML pages that need nothing else, for who reads them outside a forge.

mod layout;

use std::collections::{BTreeSet, HashMap};
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result};
use pulldown_cmark::{CowStr, Event, Tag, TagEnd, html};

use super::links::anchor;
use super::sources::{Source, of_the_repository, parser};

/// The documents that people of the certification read.
const READ: [&str; 4] = ["docs/", "README", "CONTRIBUTING", "CHANGELOG"];

const STYLE: &str = include_str!("html/style.css");

/// Writes a page for each document in `folder`, their drawings, and a list of them all; gives their
/// number.
pub(crate) fn write(root: &Path, folder: &Path) -> Result<usize> {
    let mut sources = of_the_repository(root)?;
    sources.retain(|source| is_read(&source.path));
    let known: BTreeSet<PathBuf> = sources.iter().map(|source| source.path.clone()).collect();

    let mut titles = Vec::new();
    for source in &sources {
        let page = page(source, &known);
        titles.push((source.path.with_extension("html"), page.title.clone()));
        put(
            folder,
            &source.path.with_extension("html"),
            page.text.as_bytes(),
        )?;

        for image in page.images {
            let drawing = std::fs::read(root.join(&image))
                .with_context(|| format!("cannot read `{}`", image.display()))?;
            put(folder, &image, &drawing)?;
        }
    }

    put(folder, Path::new("style.css"), STYLE.as_bytes())?;
    put(
        folder,
        Path::new("index.html"),
        layout::index(&titles).as_bytes(),
    )?;
    Ok(sources.len())
}

fn is_read(path: &Path) -> bool {
    let path = path.to_string_lossy();
    READ.iter().any(|start| path.starts_with(start))
}

fn put(folder: &Path, path: &Path, bytes: &[u8]) -> Result<()> {
    let target = folder.join(path);
    let written = std::fs::create_dir_all(target.parent().unwrap_or(folder))
        .and_then(|()| std::fs::write(&target, bytes));

    written.with_context(|| format!("cannot write `{}`", target.display()))
}

/// A document as a page.
struct RenderedDocument {
    title: String,
    text: String,
    /// The images that it shows, from the top folder.
    images: Vec<PathBuf>,
}

fn page(source: &Source, known: &BTreeSet<PathBuf>) -> RenderedDocument {
    let mut translation = Translation::new(&source.path, known);
    let events: Vec<Event<'_>> = parser(&source.text).collect();
    let translated: Vec<Event<'_>> = (0..events.len())
        .flat_map(|index| translation.event(&events[index..]))
        .collect();

    let mut content = String::new();
    html::push_html(&mut content, translated.into_iter());
    RenderedDocument {
        text: layout::page(&source.path, &translation.title, &content),
        title: translation.title,
        images: translation.images,
    }
}

/// The reading of a document, event by event: what HTML asks for and Markdown does not say.
struct Translation<'a> {
    document: &'a Path,
    known: &'a BTreeSet<PathBuf>,
    /// The first heading.
    title: String,
    /// Times that each anchor was given: an identifier is unique in a page.
    anchors: HashMap<String, usize>,
    tables: usize,
    last_heading: String,
    in_table_head: bool,
    /// True inside a link to a file that has no page: its text alone is kept.
    in_lost_link: bool,
    images: Vec<PathBuf>,
}

impl<'a> Translation<'a> {
    fn new(document: &'a Path, known: &'a BTreeSet<PathBuf>) -> Self {
        Self {
            document,
            known,
            title: String::new(),
            anchors: HashMap::new(),
            tables: 0,
            last_heading: String::new(),
            in_table_head: false,
            in_lost_link: false,
            images: Vec::new(),
        }
    }

    /// What becomes of the first of these events, the others being those that follow it.
    fn event<'t>(&mut self, events: &[Event<'t>]) -> Option<Event<'t>> {
        let raw = |html: String| Some(Event::Html(html.into()));

        match events[0].clone() {
            Event::Start(Tag::Heading { level, .. }) => Some(Event::Start(Tag::Heading {
                level,
                id: Some(self.heading(events).into()),
                classes: Vec::new(),
                attrs: Vec::new(),
            })),

            Event::Start(Tag::Table(_)) => raw(self.table()),
            Event::End(TagEnd::Table) => raw("</tbody></table></div>\n".to_owned()),
            Event::Start(Tag::TableHead) => {
                self.in_table_head = true;
                Some(events[0].clone())
            }
            Event::End(TagEnd::TableHead) => {
                self.in_table_head = false;
                Some(events[0].clone())
            }
            Event::Start(Tag::TableCell) if self.in_table_head => {
                raw("<th scope=\"col\">".to_owned())
            }
            Event::End(TagEnd::TableCell) if self.in_table_head => raw("</th>".to_owned()),

            Event::Start(Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            }) => match self.target(&dest_url) {
                Some(target) => Some(Event::Start(Tag::Link {
                    link_type,
                    dest_url: target.into(),
                    title,
                    id,
                })),
                None => {
                    self.in_lost_link = true;
                    None
                }
            },
            Event::End(TagEnd::Link) if self.in_lost_link => {
                self.in_lost_link = false;
                None
            }
            Event::Start(Tag::Image { dest_url, .. }) => {
                self.images.push(self.path_of(&dest_url));
                Some(events[0].clone())
            }

            // Comments, which declare proofs: documents hold no other HTML.
            Event::Html(_) | Event::InlineHtml(_) => None,
            other => Some(other),
        }
    }

    /// The identifier of a heading, which is remembered as what the next tables are about.
    fn heading(&mut self, events: &[Event<'_>]) -> String {
        let inside = events
            .iter()
            .take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_))));
        let text: String = inside.filter_map(text_of).map(AsRef::as_ref).collect();
        if self.title.is_empty() {
            self.title.clone_from(&text);
        }

        let anchor = anchor(&text);
        self.last_heading = text;
        let times = self.anchors.entry(anchor.clone()).or_default();
        *times += 1;
        match *times {
            1 => anchor,
            more => format!("{anchor}-{}", more - 1),
        }
    }

    /// The start of a table: a frame that scrolls on a small screen, and what the table is about.
    fn table(&mut self) -> String {
        self.tables += 1;
        let number = self.tables;
        let about = layout::escape(&self.last_heading);

        format!(
            "<div class=\"scroll\" role=\"region\" aria-labelledby=\"tableau-{number}\" tabindex=\"0\">\n\
             <table><caption id=\"tableau-{number}\">{} {number} : {about}</caption>",
            layout::words(self.document).table,
        )
    }

    /// Where a link leads between pages; none when it leads to a file that has no page.
    fn target(&self, target: &str) -> Option<String> {
        if target.contains("://") || target.starts_with("mailto:") || target.starts_with('#') {
            return Some(target.to_owned());
        }

        let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
        if !self.known.contains(&self.path_of(path)) {
            return None;
        }
        let page = path.strip_suffix(".md")?;
        let anchor = if anchor.is_empty() {
            String::new()
        } else {
            format!("#{anchor}")
        };
        Some(format!("{page}.html{anchor}"))
    }

    /// The path from the top folder of a file that the document names.
    fn path_of(&self, named: &str) -> PathBuf {
        let folder = self.document.parent().unwrap_or(Path::new(""));
        let mut path = PathBuf::new();

        for component in folder.join(named).components() {
            match component {
                Component::ParentDir => {
                    path.pop();
                }
                Component::CurDir => {}
                other => path.push(other),
            }
        }
        path
    }
}

fn text_of<'e, 't>(event: &'e Event<'t>) -> Option<&'e CowStr<'t>> {
    match event {
        Event::Text(text) | Event::Code(text) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
