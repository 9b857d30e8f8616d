//! A week of the watch: its publications, and a person's reading of them.

mod atom;
mod html;
mod markdown;

use std::collections::BTreeMap;

use crate::archive::Archive;
use crate::article::Article;
use crate::note::Note;
use crate::sources::Sources;
use crate::week::Week;

/// Articles shown of one theme, best first.
const SHOWN: usize = 10;

/// The digest of a week. Its texts depend on its parts and on nothing else, so that the
/// same week gives the same bytes.
#[derive(Debug)]
pub struct Digest<'a> {
    pub(crate) week: Week,
    pub(crate) note: Option<&'a Note>,
    /// The title of the theme that the note is about.
    pub(crate) subject: Option<&'a str>,
    pub(crate) themes: Vec<ThemeOfWeek<'a>>,
}

/// The articles of a week about one theme.
#[derive(Debug)]
pub(crate) struct ThemeOfWeek<'a> {
    pub(crate) title: &'a str,
    pub(crate) articles: Vec<ShownArticle<'a>>,
}

/// An article, with the publisher's name and its score.
#[derive(Debug)]
pub(crate) struct ShownArticle<'a> {
    pub(crate) article: &'a Article,
    pub(crate) publisher: &'a str,
    pub(crate) score: u32,
}

impl<'a> Digest<'a> {
    /// Gathers the articles of `week`, by theme, the best scores first.
    ///
    /// `note` is a person's reading of that week.
    pub fn new(
        week: Week,
        sources: &'a Sources,
        archive: &'a Archive,
        note: Option<&'a Note>,
    ) -> Self {
        let publishers: BTreeMap<_, _> = sources
            .followed()
            .map(|source| (source.name.as_str(), source))
            .collect();

        let (from, to) = week.bounds();
        let of_week: Vec<_> = archive.between(from, to).collect();

        let themes = sources.themes.iter().map(|theme| {
            let mut articles: Vec<_> = of_week
                .iter()
                .filter_map(|article| {
                    let source = publishers.get(article.source.as_str())?;
                    let score = theme.score(article);
                    let is_shown = score > 0 && source.themes.contains(&theme.name);

                    is_shown.then_some(ShownArticle {
                        article,
                        publisher: &source.publisher,
                        score,
                    })
                })
                .collect();

            articles.sort_by(|one, other| {
                let order = other.score.cmp(&one.score);
                order.then_with(|| one.article.title.cmp(&other.article.title))
            });
            articles.truncate(SHOWN);

            ThemeOfWeek {
                title: &theme.title,
                articles,
            }
        });

        let of_note = |note: &Note| sources.themes.iter().find(|theme| theme.name == note.theme);

        Self {
            week,
            note,
            subject: note.and_then(of_note).map(|theme| theme.title.as_str()),
            themes: themes.collect(),
        }
    }

    /// A page that stands alone: no script, no file, no request to anyone.
    pub fn to_html(&self) -> String {
        html::page(self)
    }

    /// The same content as a section of Markdown, for the documents of a repository.
    ///
    /// `root` is the path from the document to the root of the repository, such as `../..`.
    pub fn to_markdown(&self, root: &str) -> String {
        markdown::document(self, root)
    }

    /// An Atom feed of digests, newest first, for those who follow the watch with a reader of feeds.
    ///
    /// `address` is where the pages are published.
    pub fn to_atom(digests: &[Self], address: &url::Url) -> String {
        atom::feed(digests, address)
    }

    /// The heading of the digest, in French.
    pub(crate) fn title(&self) -> String {
        let subject = self
            .note
            .map_or("relevé des flux", |note| note.title.as_str());
        format!("Veille de la semaine {} : {subject}", self.week)
    }
}

/// The reservation said after a fact, in French: a reader has to know which fact was not checked.
pub(crate) fn reservation(is_checked: bool) -> &'static str {
    if is_checked {
        ""
    } else {
        " (source non relue le jour de la rédaction)"
    }
}
