//! RSS, Atom and JSON Feed, read as articles.

use chrono::{DateTime, Utc};
use feed_rs::model::{Entry, Text};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::{encoding, text};

/// The most articles read of one feed: the rest is older, or is not a feed.
pub(crate) const MAX_ARTICLES: usize = 500;

/// Parameters of links that tell a publisher where a reader came from, and change nothing else.
const TRACKERS: [&str; 5] = ["at_", "fbclid", "gclid", "mc_", "utm_"];

/// One publication, as plain text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    /// Name of its source.
    pub source: String,
    /// Its title, without markup.
    pub title: String,
    /// Its page, without the parameters that count readers; absent when the feed gives none.
    pub link: Option<Url>,
    /// As the publisher says; absent when it says nothing that is a date.
    pub published: Option<DateTime<Utc>>,
    /// The first words of the summary or of the content.
    pub summary: String,
}

/// The reason why a feed could not be read.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// There is nothing to read.
    #[error("le flux est vide")]
    Empty,
    /// The bytes are no feed; the parser's own reason is inside.
    #[error("ce n’est ni un flux RSS, ni Atom, ni JSON Feed lisible : {0}")]
    Unreadable(String),
}

/// The articles of a feed, in its order, at most five hundred.
///
/// `source` names where it was found; `base` is its address, to which its links may be relative.
///
/// # Errors
/// When the bytes are no feed. A feed without any entry is read: it is empty that week.
pub fn read_feed(
    bytes: &[u8],
    source: &str,
    base: Option<&Url>,
) -> Result<Vec<Article>, FeedError> {
    if bytes.trim_ascii().is_empty() {
        return Err(FeedError::Empty);
    }

    let feed = feed_rs::parser::Builder::new()
        .base_uri(base.map(Url::as_str))
        .build()
        .parse(with_version(&encoding::text(bytes)).as_bytes())
        .map_err(|error| FeedError::Unreadable(error.to_string()))?;

    let articles = feed.entries.into_iter().take(MAX_ARTICLES);
    Ok(articles.map(|entry| of_entry(entry, source)).collect())
}

/// Many feeds say `<rss>` and nothing of its version; the last one reads the others.
fn with_version(feed: &str) -> String {
    feed.replacen("<rss>", "<rss version=\"2.0\">", 1)
}

fn of_entry(entry: Entry, source: &str) -> Article {
    let published = entry.published.or(entry.updated);
    let link = link(&entry);
    let summary = entry
        .summary
        .map(|summary| summary.content)
        .or_else(|| entry.content.and_then(|content| content.body))
        .unwrap_or_default();

    Article {
        source: source.to_owned(),
        title: title(entry.title),
        link,
        published,
        summary: text::of_html(&summary),
    }
}

fn title(title: Option<Text>) -> String {
    let title = title.map(|title| text::of_html(&title.content));

    title
        .filter(|title| !title.is_empty())
        .unwrap_or_else(|| "(sans titre)".to_owned())
}

/// The page of an entry. Only the web's own schemes are followed: a `javascript:` link is none.
fn link(entry: &Entry) -> Option<Url> {
    let is_page = |rel: Option<&str>| matches!(rel, None | Some("alternate"));
    let mut pages = entry
        .links
        .iter()
        .filter(|link| is_page(link.rel.as_deref()));

    pages.find_map(|link| {
        let url = Url::parse(&link.href).ok()?;
        matches!(url.scheme(), "http" | "https").then(|| without_trackers(url))
    })
}

/// The same address without its fragment and the parameters that only count readers.
fn without_trackers(mut url: Url) -> Url {
    url.set_fragment(None);

    let kept: Vec<_> = url
        .query_pairs()
        .filter(|(name, _)| !TRACKERS.iter().any(|tracker| name.starts_with(tracker)))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();

    if kept.is_empty() {
        url.set_query(None);
    } else {
        url.query_pairs_mut().clear().extend_pairs(kept);
    }
    url
}

#[cfg(test)]
mod tests;
