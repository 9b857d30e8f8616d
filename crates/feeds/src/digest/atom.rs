//! Digests as an Atom feed (RFC 4287).

use std::fmt::Write as _;

use url::Url;

use super::Digest;
use crate::text::escaped;

pub(super) fn feed(digests: &[Digest<'_>], address: &Url) -> String {
    let mut newest_first: Vec<_> = digests.iter().collect();
    newest_first.sort_by_key(|digest| std::cmp::Reverse(digest.week));

    // The end of the last week: the feed changes when a digest does, not with the clock.
    let updated = newest_first.first().map(|digest| digest.week.bounds().1);
    let updated = updated.unwrap_or_default().format("%FT%TZ");
    let address = escaped(address.as_str());

    let mut entries = String::new();
    for digest in newest_first {
        let week = digest.week;
        let _ = writeln!(
            entries,
            "<entry>\n<id>{address}#{week}</id>\n<title>{}</title>\n<updated>{}</updated>\n\
             <link href=\"{address}#{week}\"/>\n<content type=\"html\">{}</content>\n</entry>",
            escaped(&digest.title()),
            week.bounds().1.format("%FT%TZ"),
            escaped(&digest.to_html())
        );
    }

    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"fr\">\n\
         <id>{address}</id>\n<title>Veille de Fil rouge</title>\n<updated>{updated}</updated>\n\
         <author><name>Fil rouge</name></author>\n{entries}</feed>\n"
    )
}
