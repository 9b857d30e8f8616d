//! The articles kept, each once.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::article::Article;
use crate::text;

/// Articles are forgotten after this long: digests keep those that mattered.
const KEPT: TimeDelta = TimeDelta::days(180);

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
    /// their title: publishers quote each other, and feeds repeat themselves under new identifiers.
    pub fn add(
        &mut self,
        articles: impl IntoIterator<Item = Article>,
        now: DateTime<Utc>,
    ) -> usize {
        self.articles.retain(|kept| now - kept.seen < KEPT);

        let mut keys: BTreeSet<_> = self
            .articles
            .iter()
            .flat_map(|kept| keys_of(&kept.article))
            .collect();
        let before = self.articles.len();

        for article in articles {
            let of_article = keys_of(&article);
            if of_article.iter().all(|key| !keys.contains(key)) {
                keys.extend(of_article);
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

/// The keys by which an article is the same as another. A short title is too common to tell.
fn keys_of(article: &Article) -> Vec<String> {
    let words = text::words(&article.title);
    let title = (words.len() >= 4).then(|| words.join(" "));
    let page = article.link.as_ref().map(|link| {
        let host = link.host_str().unwrap_or_default();
        let path = link.path().trim_end_matches('/');
        format!(
            "{}{path}?{}",
            host.trim_start_matches("www."),
            link.query().unwrap_or_default()
        )
    });

    // Without a page, a short title and its source are all there is.
    let fallback = format!("{} {}", article.source, words.join(" "));
    let keys: Vec<_> = title.into_iter().chain(page).collect();
    if keys.is_empty() {
        vec![fallback]
    } else {
        keys
    }
}

#[cfg(test)]
mod tests;
