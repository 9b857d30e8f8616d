//! The articles kept, each once.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::article::Article;
use crate::text;

/// Articles are forgotten after this long: digests keep those that mattered.
const KEPT: TimeDelta = TimeDelta::days(180);

/// Words of a title that two articles do not share by chance.
const LONG_TITLE: usize = 4;

/// Two articles of one title are one within this time: a quotation follows the original closely, and a
/// letter has the same title each week.
const QUOTED_WITHIN: TimeDelta = TimeDelta::days(3);

/// All articles received, in the order of their arrival.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Archive {
    articles: Vec<Kept>,
}

/// An article and the instant when it was first seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Kept {
    seen: DateTime<Utc>,
    article: Article,
}

/// The reason why the archive cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// It cannot be read.
    #[error("`{}` ne se lit pas", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// It is no archive.
    #[error("`{}` n’est pas une archive d’articles ; la mettre de côté", .path.display())]
    Form {
        /// The file.
        path: PathBuf,
        /// The place, and the form expected there.
        source: serde_json::Error,
    },
    /// It cannot be written.
    #[error("`{}` ne s’écrit pas", .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
}

impl Archive {
    /// Reads the archive; one that is not there is empty.
    ///
    /// # Errors
    /// When the file cannot be read or is not an archive.
    pub fn read(path: &Path) -> Result<Self, ArchiveError> {
        let path_buf = || path.to_owned();

        match std::fs::read(path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|source| ArchiveError::Form {
                path: path_buf(),
                source,
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(source) => Err(ArchiveError::Read {
                path: path_buf(),
                source,
            }),
        }
    }

    /// Writes the archive, whole or not at all.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn write(&self, path: &Path) -> Result<(), ArchiveError> {
        let bytes = serde_json::to_vec(self).map_err(|source| ArchiveError::Form {
            path: path.to_owned(),
            source,
        })?;

        filrouge_storage::replace_file(path, bytes).map_err(|source| ArchiveError::Write {
            path: path.to_owned(),
            source,
        })
    }

    /// Adds the new ones among `articles`, forgets those past their time, and counts the additions.
    ///
    /// Two articles are one when they have the same page, or the same words in the same order in
    /// their title unless they were published more than three days apart: publishers quote each other,
    /// and feeds repeat themselves under new identifiers.
    pub fn add(
        &mut self,
        articles: impl IntoIterator<Item = Article>,
        now: DateTime<Utc>,
    ) -> usize {
        self.articles.retain(|kept| now - kept.seen < KEPT);

        let mut known = KnownArticles::default();
        for kept in &self.articles {
            known.add(&kept.article);
        }
        let before = self.articles.len();

        for article in articles {
            if !known.holds(&article) {
                known.add(&article);
                self.articles.push(Kept { seen: now, article });
            }
        }
        self.articles.len() - before
    }

    /// The articles published in `[from, to)`; one without a date counts on the day it was seen, as
    /// does one whose date is still to come.
    pub fn between(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> impl Iterator<Item = &Article> {
        self.articles
            .iter()
            .filter(move |kept| {
                let published = kept.article.published.unwrap_or(kept.seen).min(kept.seen);
                (from..to).contains(&published)
            })
            .map(|kept| &kept.article)
    }
}

/// What tells an article from those that are kept.
#[derive(Default)]
struct KnownArticles {
    pages: BTreeSet<String>,
    /// The dates of each title; none where the publisher gives none.
    titles: BTreeMap<String, Vec<Option<DateTime<Utc>>>>,
}

impl KnownArticles {
    fn add(&mut self, article: &Article) {
        self.pages.insert(page_of(article));
        if let Some(title) = title_of(article) {
            self.titles
                .entry(title)
                .or_default()
                .push(article.published);
        }
    }

    fn holds(&self, article: &Article) -> bool {
        let is_close = |other: &Option<DateTime<Utc>>| {
            // Without both dates, the title alone decides.
            other
                .zip(article.published)
                .is_none_or(|(one, other)| (one - other).abs() <= QUOTED_WITHIN)
        };

        self.pages.contains(&page_of(article))
            || title_of(article)
                .and_then(|title| self.titles.get(&title))
                .is_some_and(|dates| dates.iter().any(is_close))
    }
}

/// The page of an article; without one, its source and its title are all there is.
fn page_of(article: &Article) -> String {
    let Some(link) = &article.link else {
        return format!(
            "{} {}",
            article.source,
            text::words(&article.title).join(" ")
        );
    };

    let host = link.host_str().unwrap_or_default();
    let path = link.path().trim_end_matches('/');
    format!(
        "{}{path}?{}",
        host.trim_start_matches("www."),
        link.query().unwrap_or_default()
    )
}

/// The words of a title; a short one is too common to tell.
fn title_of(article: &Article) -> Option<String> {
    let words = text::words(&article.title);
    (words.len() >= LONG_TITLE).then(|| words.join(" "))
}

#[cfg(test)]
mod tests;
