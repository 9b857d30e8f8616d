//! Numbers that identify a person or what belongs to them. Those that carry a check digit are
//! checked; a number of the right shape whose check fails is somebody's number, mistyped.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::context::{before, digits, matches};
use super::places::announces_equipment;
use crate::text::pattern;

/// International bank account numbers: ISO 13616, whose remainder by 97 is 1.
pub(super) fn ibans(text: &str) -> Vec<Range<usize>> {
    static IBAN: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)\b[a-z]{2}[ .-]?\d{2}(?:[ .-]?[a-z0-9]){11,30}\b"));
    static FRENCH: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)\bFR[ .-]?\d{2}(?:[ .-]?\d){10}(?:[ .-]?[a-z0-9]){11}(?:[ .-]?\d){2}")
    });

    let french = matches(&FRENCH, text).into_iter();
    let others = matches(&IBAN, text)
        .into_iter()
        .filter_map(|range| valid_start(text, &range));
    french.chain(others).collect()
}

/// Characters of the account numbers of each country (ISO 13616). The words that follow a number
/// may look like its end: its length says where it ends.
const LENGTHS: [(&str, usize); 18] = [
    ("AT", 20),
    ("BE", 16),
    ("CH", 21),
    ("DE", 22),
    ("DK", 18),
    ("ES", 24),
    ("FI", 18),
    ("FR", 27),
    ("GB", 22),
    ("IE", 22),
    ("IT", 27),
    ("LU", 20),
    ("MC", 27),
    ("NL", 18),
    ("PL", 28),
    ("PT", 25),
    ("RO", 24),
    ("SE", 24),
];

fn valid_start(text: &str, range: &Range<usize>) -> Option<Range<usize>> {
    let written = &text[range.clone()];
    let country = written.get(..2)?.to_uppercase();
    let (_, length) = LENGTHS.iter().find(|(code, _)| *code == country)?;
    let mut letters = written
        .char_indices()
        .filter(|(_, letter)| letter.is_ascii_alphanumeric());
    let (last, _) = letters.nth(length - 1)?;

    let end = range.start + last + 1;
    is_iban(&text[range.start..end]).then_some(range.start..end)
}

fn is_iban(written: &str) -> bool {
    let letters: Vec<char> = written
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();

    // The country and the check digits go last; A is 10, Z is 35.
    let values = letters[4..]
        .iter()
        .chain(&letters[..4])
        .filter_map(|letter| letter.to_digit(36));

    let remainder = values.fold(0, |remainder, value| {
        (remainder * if value < 10 { 10 } else { 100 } + value) % 97
    });

    remainder == 1
}

/// NIR: sex, year, month, department, commune, rank, and a key of two digits that may be missing.
pub(super) fn social_security_numbers(text: &str) -> Vec<Range<usize>> {
    static NIR: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix) \b [1-478] [\s.-]? \d{2} [\s.-]? (?: 0[1-9] | 1[0-2] | [2-9]\d ) [\s.-]? (?: \d{2} | 2[ab] )
            [\s.-]? \d{3} [\s.-]? \d{3} (?: [\s./-]{0,3} \d{2} )? \b",
        )
    });

    let found = matches(&NIR, text).into_iter();
    found
        .filter(|range| is_social_security(text, range))
        .collect()
}

fn is_social_security(text: &str, range: &Range<usize>) -> bool {
    static ANNOUNCED: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)(?:s[ée]cu|\bnir\b|\bss\b|insee|vitale|assur)"));
    let written = &text[range.clone()];
    let corsican = written
        .to_lowercase()
        .replace("2a", "19")
        .replace("2b", "18");
    let digits = digits(&corsican);

    let number = digits[..digits.len().min(13)]
        .iter()
        .fold(0_u64, |number, digit| number * 10 + u64::from(*digit));
    let key = digits
        .get(13)
        .zip(digits.get(14))
        .map(|(tens, units)| u64::from(tens * 10 + units));
    key == Some(97 - number % 97)
        // With spaces at its places, it is one even when a digit is wrong or the key is missing.
        || written.split(char::is_whitespace).count() >= 6
        || ANNOUNCED.is_match(before(text, range.start))
}

/// Payment cards: 13 to 19 digits that pass Luhn's test, that are by groups of four, or that are said
/// to be a card.
pub(super) fn cards(text: &str) -> Vec<Range<usize>> {
    static CARD: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b\d(?:[ .-]?\d){12,18}\b"));
    static FOURS: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\d{4}(?:[ .-]\d{4}){3}$"));

    static ANNOUNCED: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)\b(?:cartes?|cb|visa|mastercard|bleue|bancaire)\b"));

    let found = matches(&CARD, text).into_iter();
    found
        .filter(|range| {
            let written = &text[range.clone()];
            FOURS.is_match(written)
                || is_luhn(&digits(written))
                || ANNOUNCED.is_match(before(text, range.start))
        })
        .collect()
}

fn is_luhn(digits: &[u32]) -> bool {
    let doubled =
        digits
            .iter()
            .rev()
            .enumerate()
            .map(|(place, digit)| match (place % 2, digit * 2) {
                (0, _) => *digit,
                (_, double) if double > 9 => double - 9,
                (_, double) => double,
            });
    doubled.sum::<u32>() % 10 == 0
}

/// Registration plates, of 2009 (`AB-012-CD`) and of before (`123 AB 75`).
pub(super) fn plates(text: &str) -> Vec<Range<usize>> {
    static TIGHT: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)\b[a-hj-np-tv-z]{2}[-._·]?\d{3}[-._·]?[a-hj-np-tv-z]{2}\b"));
    static SPACED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"\b[A-HJ-NP-TV-Z]{2}\s?[- ]\s?\d{3}\s?[- ]\s?[A-HJ-NP-TV-Z]{2}\b")
    });
    static OLD: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"\b\d{2,4}[ -]?[A-HJ-NP-TV-Z]{2,3}[ -]?(?:\d{2}|2[AB]|97[1-6])\b")
    });
    static ANNOUNCED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix) (?: plaques? | immat\w* | voitures? | camion(?:nette)? | fourgon(?:nette)? | v[ée]hicule | scooter | moto | taxi ) \s* (?: n° | num[ée]ro | est | : | c'est )? \s*
            (?P<found> [a-z]{2} \s? [-.]? \s? \d{2,3} \s? [-.]? \s? [a-z]{2} \b
              | \d{2,4} \s? -? \s? [a-z]{2,3} \s? -? \s? \d{2} \b )",
        )
    });

    let found = [&TIGHT, &SPACED, &OLD, &ANNOUNCED]
        .into_iter()
        .flat_map(|plate| matches(plate, text));
    found
        .filter(|range| !announces_equipment(text, range.start))
        .collect()
}
