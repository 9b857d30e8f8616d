//! Links and e-mail addresses.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::context::matches;
use crate::text::pattern;

/// Links that hold a query, an account or a long key; the address of a page stays.
pub(super) fn links(text: &str) -> Vec<Range<usize>> {
    static LINK: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"(?i)\b(?:https?://|www\.)[^\s<>"«»()\[\]]+"#));

    let found = matches(&LINK, text).into_iter();
    let trimmed = found.map(|range| {
        let link = text[range.clone()].trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '’']);
        range.start..range.start + link.len()
    });
    trimmed
        .filter(|range| identifies(&text[range.clone()]))
        .collect()
}

fn identifies(link: &str) -> bool {
    static KEY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix) [?\#@=%] | / (?: users? | u | profile? | profil | comptes? | account | clients? | membres? | in ) /
            | / [\w-]* \d [\w-]{11,} | / [\w-]{11,} \d | [0-9a-f]{16,} ",
        )
    });
    KEY.is_match(link)
}

/// E-mail addresses, even when written to be read by people alone (`prenom arobase exemple point fr`),
/// and accounts (`@prenom`).
pub(super) fn emails(text: &str) -> Vec<Range<usize>> {
    static WRITTEN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix) [\w.+%'-]* [\w+%-] @ [\w-]+ (?: \. [\w-]+ )* \. [a-z]{2,} \b
            | [\w.+-]+ \s @ \s [\w-]+ \s? \. \s? [a-z]{2,} \b
            | [\w+-]* [\d.] [\w.+-]* \s+ chez \s+ [\w-]+ \. [a-z]{2,} \b",
        )
    });
    static SPELLED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)
            \b [\w+-]+ (?: (?: \. | \s+point\s+ | \s*\(point\)\s* | \s*\[point\]\s* | \s+tiret\s+ ) [\w+-]+ )*
            (?: \s* (?: [(\[{] \s* (?: at | arobase | arobas | a | à | @ ) \s* [)\]}] ) \s*
              | \s+ (?: arobase | arobas | arobaze | at ) \s+ | \s* @ \s* )
            [\w-]+ (?: (?: \. | \s+point\s+ | \s*[(\[](?:point|dot)[)\]]\s* | \s+dot\s+ ) [\w-]+ )* 
            (?: \. | \s+point\s+ | \s*[(\[](?:point|dot)[)\]]\s* | \s+dot\s+ ) [a-z]{2,} \b",
        )
    });
    static ACCOUNT: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)(?:^|[\s(,;:])(?P<found>@[a-z][\w.]{2,}\w)"));

    [&WRITTEN, &SPELLED, &ACCOUNT]
        .iter()
        .flat_map(|pattern| matches(pattern, text))
        .collect()
}
