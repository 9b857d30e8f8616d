//! Lines of Rust that a string holds: a test may quote a proof without declaring it.

/// For each line, whether it begins inside a string.
pub(super) fn quoted_lines(text: &str) -> Vec<bool> {
    let bytes = text.as_bytes();
    let (mut quoted, mut at) = (vec![false], 0);

    while at < bytes.len() {
        let end = match bytes[at] {
            b'/' if bytes[at..].starts_with(b"//") => find(bytes, at, b"\n").unwrap_or(bytes.len()),
            b'/' if bytes[at..].starts_with(b"/*") => {
                find(bytes, at + 2, b"*/").map_or(bytes.len(), |end| end + 2)
            }
            b'\'' => after_letter(bytes, at),
            b'r' if !follows_a_name(bytes, at) => after_raw(bytes, at).unwrap_or(at + 1),
            b'"' => after_string(bytes, at),
            _ => at + 1,
        };

        let is_string = bytes[at] == b'"' || (bytes[at] == b'r' && end > at + 1);

        quoted.extend(
            bytes[at..end]
                .iter()
                .filter(|byte| **byte == b'\n')
                .map(|_| is_string),
        );

        at = end;
    }

    quoted
}

fn find(bytes: &[u8], from: usize, what: &[u8]) -> Option<usize> {
    let rest = bytes.get(from..)?;
    rest.windows(what.len())
        .position(|window| window == what)
        .map(|at| from + at)
}

fn follows_a_name(bytes: &[u8], at: usize) -> bool {
    // `br"…"` is a string too.
    let before = at.checked_sub(1).map(|before| bytes[before]);
    before.is_some_and(|byte| (byte.is_ascii_alphanumeric() && byte != b'b') || byte == b'_')
}

/// `'a'` and `'\''` end where they say; a lifetime is one quote.
fn after_letter(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at + 1) {
        Some(b'\\') => find(bytes, at + 3, b"'").map_or(at + 1, |end| end + 1),
        Some(_) if bytes.get(at + 2) == Some(&b'\'') => at + 3,
        _ => at + 1,
    }
}

fn after_string(bytes: &[u8], at: usize) -> usize {
    let mut end = at + 1;
    while end < bytes.len() {
        match bytes[end] {
            b'\\' => end += 2,
            b'"' => return end + 1,
            _ => end += 1,
        }
    }
    bytes.len()
}

/// `r#"…"#`, whatever the number of signs.
fn after_raw(bytes: &[u8], at: usize) -> Option<usize> {
    let signs = bytes[at + 1..]
        .iter()
        .take_while(|byte| **byte == b'#')
        .count();
    let start = at + 1 + signs;
    (bytes.get(start) == Some(&b'"')).then_some(())?;
    let close: Vec<u8> = std::iter::once(b'"')
        .chain(std::iter::repeat_n(b'#', signs))
        .collect();
    Some(find(bytes, start + 1, &close).map_or(bytes.len(), |end| end + close.len()))
}
