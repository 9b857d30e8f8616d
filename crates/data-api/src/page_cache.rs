//! Pages kept in memory as they were sent, until their resource changes: a page that many clients
//! ask for is read and written once.

#[cfg(test)]
mod tests;

use axum::body::Bytes;
use axum::http::{HeaderValue, Uri};
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use crate::revision::Revision;

/// Bytes kept at most, addresses included.
const CAPACITY: u64 = 32 << 20;
/// Pages of that many bytes in all: a page of 100 hours takes some 32 kB.
const EXPECTED_PAGES: usize = 1024;
/// Bytes of an entry beside its address and its body.
const ENTRY: usize = 200;

/// A page as it is sent.
#[derive(Debug, Clone)]
pub(crate) struct WrittenPage {
    pub(crate) body: Bytes,
    /// The address of the next one, as a `Link`.
    pub(crate) link: Option<HeaderValue>,
}

/// The last pages, each under the address that asked for it, with the revision and the format that
/// it was written for. The least asked for make room.
#[derive(Debug)]
pub(crate) struct PageCache(Cache<Box<str>, (Revision, WrittenPage), ByBytes>);

#[derive(Debug, Clone)]
struct ByBytes;

impl Weighter<Box<str>, (Revision, WrittenPage)> for ByBytes {
    fn weight(&self, address: &Box<str>, (_, page): &(Revision, WrittenPage)) -> u64 {
        (ENTRY + address.len() + page.body.len()) as u64
    }
}

impl Default for PageCache {
    fn default() -> Self {
        Self(Cache::with_weighter(EXPECTED_PAGES, CAPACITY, ByBytes))
    }
}

impl PageCache {
    pub(crate) fn find(&self, uri: &Uri, revision: Revision) -> Option<WrittenPage> {
        let (of, page) = self.0.get(address(uri))?;
        // A page of an earlier revision waits for its successor to take its place.
        (of == revision).then_some(page)
    }

    /// Keeps a page in place of the one that this address gave before.
    pub(crate) fn keep(&self, uri: &Uri, revision: Revision, page: &WrittenPage) {
        self.0.insert(address(uri).into(), (revision, page.clone()));
    }
}

fn address(uri: &Uri) -> &str {
    uri.path_and_query().map_or("", |address| address.as_str())
}
