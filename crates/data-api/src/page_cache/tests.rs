use crate::accept::Media;

use super::*;

fn uri(text: &str) -> Uri {
    text.parse().unwrap()
}

fn page(length: usize) -> WrittenPage {
    WrittenPage {
        body: vec![b'x'; length].into(),
        link: None,
    }
}

#[test]
fn a_page_is_given_for_its_address_its_revision_and_its_format() {
    let pages = PageCache::default();
    let one = Revision::new(1);

    pages.keep(&uri("/v1/stations?limit=1"), one, &page(3));

    let found = pages.find(&uri("/v1/stations?limit=1"), one);
    assert_eq!(found.unwrap().body, "xxx");

    for (address, revision) in [
        ("/v1/stations?limit=2", one),
        ("/v1/stations?limit=1", Revision::new(2)),
        ("/v1/stations?limit=1", one.written_as(Media::Csv)),
    ] {
        assert!(pages.find(&uri(address), revision).is_none(), "{address}");
    }

    pages.keep(&uri("/v1/stations?limit=1"), Revision::new(2), &page(4));
    assert_eq!(pages.0.len(), 1, "the newer one stands in for the older");
}

#[test]
fn memory_is_bounded_whatever_is_asked() {
    let pages = PageCache::default();

    for number in 0..200 {
        let uri = uri(&format!("/v1/station-hours?cursor={number}"));
        pages.keep(&uri, Revision::new(1), &page(1 << 20));
        pages.keep(&uri, Revision::new(2), &page(1 << 20));

        let weighed: u64 = pages
            .0
            .iter()
            .map(|(address, kept)| ByBytes.weight(&address, &kept))
            .sum();
        assert!(pages.0.weight() == weighed && weighed <= CAPACITY);
    }

    assert!(
        pages
            .find(&uri("/v1/station-hours?cursor=199"), Revision::new(2))
            .is_some(),
        "the newest is kept"
    );
}
