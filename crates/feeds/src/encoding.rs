//! The text of a feed, whatever its encoding.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// The declaration of XML stands within this many bytes.
const DECLARATION_BYTES: usize = 256;

/// Decodes a feed and takes its XML declaration away, so that a reader finds text without any word
/// about an encoding that is no longer its own.
///
/// The encoding is that of the byte order mark, else the one declared, else UTF-8; when those bytes
/// are not UTF-8, Windows-1252, which reads anything.
pub(crate) fn text(bytes: &[u8]) -> String {
    let declared = Encoding::for_bom(bytes)
        .map(|(encoding, _)| encoding)
        .or_else(|| declared(bytes))
        .unwrap_or(UTF_8);

    let (text, _, has_errors) = declared.decode(bytes);
    let text = if has_errors && declared == UTF_8 {
        WINDOWS_1252.decode(bytes).0
    } else {
        text
    };

    without_declaration(text.trim_start()).to_owned()
}

/// The encoding that the XML declaration names.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    // UTF-16 without a mark: every other byte of `<?` is zero.
    match bytes {
        [b'<', 0, b'?', 0, ..] => return Some(encoding_rs::UTF_16LE),
        [0, b'<', 0, b'?', ..] => return Some(encoding_rs::UTF_16BE),
        _ => {}
    }

    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(DECLARATION_BYTES)]);
    let declaration = start
        .trim_start()
        .strip_prefix("<?xml")?
        .split("?>")
        .next()?;
    let (_, value) = declaration.split_once("encoding")?;

    let label = value.split(['"', '\'']).nth(1)?;
    Encoding::for_label(label.as_bytes())
}

fn without_declaration(text: &str) -> &str {
    let Some(rest) = text.strip_prefix("<?xml") else {
        return text;
    };
    rest.split_once("?>")
        .map_or(text, |(_, rest)| rest.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoding_is_marked_declared_or_guessed() {
        let utf_16: Vec<_> = "<?xml version='1.0'?><a>é</a>"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let cases: [(&[u8], &str); 7] = [
            ("<a>é</a>".as_bytes(), "<a>é</a>"),
            (b"<a>\xe9</a>", "<a>é</a>"),
            (b"<?xml encoding=\"iso-8859-1\"?><a>\xe9</a>", "<a>é</a>"),
            (
                b"\n<?xml version='1.0' encoding='koi8-r'?>\n<a>\xc1</a>",
                "<a>а</a>",
            ),
            (
                b"\xef\xbb\xbf<?xml encoding='koi8-r'?><a>\xc3\xa9</a>",
                "<a>é</a>",
            ),
            (b"<?xml encoding='no-such'?><a/>", "<a/>"),
            (&utf_16, "<a>é</a>"),
        ];

        for (bytes, expected) in cases {
            assert_eq!(text(bytes), expected, "{bytes:?}");
        }
    }
}
