//! Pages kept in memory as they were sent, until their resource changes: what many clients ask for
//! is read and written once.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use axum::body::Bytes;
use axum::http::{HeaderValue, Uri};

use crate::revision::Revision;

/// Bytes kept at most, addresses included.
const CAPACITY: usize = 32 << 20;

/// A page as it is sent.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    pub(crate) body: Bytes,
    /// Where the next one is.
    pub(crate) link: Option<HeaderValue>,
}

/// The last pages, each under the address that asked for it, with the revision and the format that
/// it was written for.
#[derive(Debug, Default)]
pub(crate) struct Pages(RwLock<Kept>);

#[derive(Debug, Default)]
struct Kept {
    pages: HashMap<Box<str>, (Revision, Page)>,
    bytes: usize,
}

impl Pages {
    pub(crate) fn find(&self, uri: &Uri, revision: Revision) -> Option<Page> {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let (of, page) = kept.pages.get(address(uri))?;
        (*of == revision).then(|| page.clone())
    }

    /// Keeps a page in place of the one that this address gave before. When there is no room left,
    /// all make room: reading them again is the only cost.
    pub(crate) fn keep(&self, uri: &Uri, revision: Revision, page: &Page) {
        let address = address(uri);
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, former)) = kept.pages.remove(address) {
            kept.bytes -= weight(address, &former);
        }
        let weight = weight(address, page);
        if kept.bytes + weight > CAPACITY {
            *kept = Kept::default();
        }
        kept.bytes += weight;
        kept.pages.insert(address.into(), (revision, page.clone()));
    }
}

fn address(uri: &Uri) -> &str {
    uri.path_and_query().map_or("", |address| address.as_str())
}

fn weight(address: &str, page: &Page) -> usize {
    /// The table's own, and the page's beside its bytes.
    const ENTRY: usize = 200;
    ENTRY + address.len() + page.body.len()
}

#[cfg(test)]
mod tests {
    use crate::accept::Media;

    use super::*;

    fn uri(text: &str) -> Uri {
        text.parse().unwrap()
    }

    fn page(length: usize) -> Page {
        Page {
            body: vec![b'x'; length].into(),
            link: None,
        }
    }

    #[test]
    fn a_page_is_given_for_its_address_its_revision_and_its_format() {
        let pages = Pages::default();
        let one = Revision::new(1);
        pages.keep(&uri("/v1/stations?limit=1"), one, &page(3));
        assert_eq!(
            pages.find(&uri("/v1/stations?limit=1"), one).unwrap().body,
            "xxx"
        );
        for (address, revision) in [
            ("/v1/stations?limit=2", one),
            ("/v1/stations?limit=1", Revision::new(2)),
            ("/v1/stations?limit=1", one.written_as(Media::Csv)),
        ] {
            assert!(pages.find(&uri(address), revision).is_none(), "{address}");
        }
        pages.keep(&uri("/v1/stations?limit=1"), Revision::new(2), &page(4));
        assert_eq!(
            pages.0.read().unwrap().pages.len(),
            1,
            "the newer one stands in for the older"
        );
    }

    #[test]
    fn memory_is_bounded_whatever_is_asked() {
        let pages = Pages::default();

        for number in 0..200 {
            let uri = uri(&format!("/v1/station-hours?cursor={number}"));
            pages.keep(&uri, Revision::new(1), &page(1 << 20));
            pages.keep(&uri, Revision::new(2), &page(1 << 20));
            let kept = pages.0.read().unwrap();
            let weighed: usize = kept
                .pages
                .iter()
                .map(|(address, (_, page))| weight(address, page))
                .sum();

            assert!(kept.bytes == weighed && weighed <= CAPACITY);
        }

        assert!(
            pages
                .find(&uri("/v1/station-hours?cursor=199"), Revision::new(2))
                .is_some(),
            "the newest is kept"
        );
    }
}
