//! Texts as sources write them, made comparable.

use encoding_rs::WINDOWS_1252;

/// One writing for names that look the same: no-break and repeated spaces become one space, the
/// ends are cut, and a letter followed by a combining accent becomes the accented letter, for the
/// letters that French has.
pub(crate) fn normalise(text: &str) -> String {
    let composed = compose(text);
    composed.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The same, for comparing: without regard to case or to the kind of apostrophe.
pub(crate) fn key(text: &str) -> String {
    normalise(text).to_lowercase().replace('’', "'")
}

/// The text that was meant, when `text` is UTF-8 that was read as Windows-1252: `RÃ©publique` gives
/// `République`.
pub(crate) fn repaired_encoding(text: &str) -> Option<String> {
    // Both encodings write ASCII alike.
    if text.is_ascii() {
        return None;
    }

    let (bytes, _, has_unmappable) = WINDOWS_1252.encode(text);
    let meant = std::str::from_utf8(&bytes)
        .ok()
        .filter(|_| !has_unmappable)?;

    // `É»` is valid UTF-8 too once encoded: the result must be letters and signs that place
    // names have.
    let is_plausible = meant.chars().all(
        |letter| matches!(letter, ' '..='~' | '\u{a0}'..='\u{17f}' | '\u{2010}'..='\u{203a}' | '€'),
    );
    (is_plausible && meant != text).then(|| meant.to_owned())
}

fn compose(text: &str) -> String {
    let mut composed = String::with_capacity(text.len());

    for letter in text.chars() {
        match composed
            .chars()
            .last()
            .and_then(|base| accented(base, letter))
        {
            Some(accented) => {
                composed.pop();
                composed.push(accented);
            }
            None => composed.push(letter),
        }
    }

    composed
}

/// The letter of French that `base` and a combining accent make.
fn accented(base: char, accent: char) -> Option<char> {
    let (bases, letters) = match accent {
        '\u{300}' => ("aeuAEU", "àèùÀÈÙ"),
        '\u{301}' => ("eE", "éÉ"),
        '\u{302}' => ("aeiouAEIOU", "âêîôûÂÊÎÔÛ"),
        '\u{308}' => ("eiuyEIUY", "ëïüÿËÏÜŸ"),
        '\u{327}' => ("cC", "çÇ"),
        _ => return None,
    };

    bases
        .chars()
        .zip(letters.chars())
        .find(|&(letter, _)| letter == base)
        .map(|(_, letter)| letter)
}

#[cfg(test)]
mod tests;
