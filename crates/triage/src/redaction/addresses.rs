//! Postal addresses: a number and a street, or the street where somebody says that they live.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::context::before;
use super::lists;
use super::places::{announces_count, announces_equipment};
use crate::text::pattern;

/// Words that may stand between `rue` and the name, and inside it.
const LINK: &str = r"(?:de\s+la|de\s+l['’]|du|des|de|d['’]|la|les|le|l['’]|et|en|sur|aux|au|à)";

/// Kinds of streets.
const STREET: &str = r"(?:rue|r\.|avenue|av\.|ave|av|boulevard|bd\.?|bld|boul\.?|place|pl\.|pl|chemin|ch\.|impasse|imp\.?|all[ée]es?|all\.|quai|cours|route|rte|square|sq\.?|passage|r[ée]sidence|r[ée]s\.?|lotissement|villa|sentier|ruelle|faubourg|fg|fbg|esplanade|promenade|mont[ée]e|traverse|hameau|cit[ée]|clos|venelle|voie)";

/// The addresses, with the flat, the postcode or the town that follows.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    static NUMBERED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"(?i)\b\d{{1,4}}\s?(?:(?:bis|ter|quater)\b|[a-d]\b)?(?:\s?[-/]\s?\d{{1,3}})?\s?,?\s*(?:(?i:{STREET}))\s+"
        ))
    });
    static HOME: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"(?ix) (?: \bj['’\s]?habite | \bhabitant | \bdomicili[ée]e? | \bloge | \bdemeurant | \bchez\s+moi
                | \badresse (?: \s+ postale )? (?: \s+ (?: est | c['’]est ) )? | \br[ée]sid(?:e|ant) | \bvis )
            \s* [,:(]? \s* (?: au | à | dans | sur | en | est | la | le | l['’] )? \s* (?P<found> {STREET} \s+ )"
        ))
    });

    let numbered = NUMBERED.find_iter(text).map(|found| found.range());
    let numbered = numbered.filter(|range| !is_elsewhere(text, range));
    let homes = HOME
        .captures_iter(text)
        .filter_map(|captures| captures.name("found"));
    let heads = numbered.chain(homes.map(|found| found.range()));
    heads
        .filter_map(|head| Some(head.start..name_end(text, head.end)?))
        .collect()
}

/// A bike, a station, a time: the owner of the number. Four digits are a bike, unless somebody
/// lives there.
fn is_elsewhere(text: &str, range: &Range<usize>) -> bool {
    static LIVES: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)(?:habite|adresse|domicil|demeur|loge|r[ée]sid)"));
    let digits = text[range.clone()]
        .chars()
        .take_while(char::is_ascii_digit)
        .count();
    announces_equipment(text, range.start)
        || announces_count(text, range.start)
        || (digits == 4 && !LIVES.is_match(before(text, range.start)))
}

/// The end of the street's name that begins at `start`, and of the parts that follow it.
fn name_end(text: &str, start: usize) -> Option<usize> {
    static WORD: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"^(?:(?i:{LINK}\s*))*(?P<word>(?i:\d{{1,2}}(?:er)?\s(?:janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[ûu]t|septembre|octobre|novembre|d[ée]cembre)(?:\s\d{{4}})?)|[\p{{L}}\d]+(?:['’.-][\p{{L}}\d]+)*\.?)"
        ))
    });

    let first = WORD.captures(&text[start..])?.name("word")?;
    if is_of_parking(first.as_str()) {
        return None;
    }
    let mut end = start + first.end();
    let mut last = first.as_str().to_owned();

    // A name of a few words: capitals, or a first name or a title that calls for more.
    for _ in 0..4 {
        let rest = &text[end..];
        let gap = rest.len() - rest.trim_start_matches([' ', '\u{a0}']).len();
        let Some(next) = (gap > 0).then(|| WORD.captures(&rest[gap..])).flatten() else {
            break;
        };
        let Some(word) = next.name("word") else { break };
        let is_capital = word.as_str().chars().next().is_some_and(char::is_uppercase);
        let is_name = is_capital && !lists::is_sentence_word(word.as_str());
        if !(is_name || calls_for_more(&last)) {
            break;
        }
        last = word.as_str().to_owned();
        end += gap + word.end();
    }
    Some(end + after(&text[end..]))
}

/// `12 places de parking`, `3 places libres`: no address.
fn is_of_parking(word: &str) -> bool {
    let word = crate::text::fold(word);
    let words = [
        "parking",
        "stationnement",
        "libre",
        "libres",
        "disponible",
        "disponibles",
        "vide",
        "vides",
        "occupee",
        "occupees",
        "prise",
        "prises",
        "pour",
        "dans",
        "sont",
        "est",
        "velo",
        "velos",
        "barree",
        "barrees",
    ];
    words.contains(&word.as_str())
}

fn calls_for_more(word: &str) -> bool {
    let word = crate::text::fold(word);
    let titles = [
        "general",
        "marechal",
        "docteur",
        "dr",
        "saint",
        "sainte",
        "st",
        "ste",
        "president",
        "capitaine",
        "colonel",
        "commandant",
        "professeur",
        "abbe",
        "vieux",
        "vieille",
        "grand",
        "grande",
        "petit",
        "petite",
        "onze",
        "huit",
        "quatorze",
        "frere",
        "freres",
        "moulin",
        "champ",
        "champs",
        "bon",
        "belle",
        "beau",
        "haut",
        "haute",
        "bas",
        "basse",
    ];
    titles.contains(&word.as_str()) || lists::is_first_name(&word)
}

/// Bytes of a flat, a postcode and a town, if they follow.
fn after(rest: &str) -> usize {
    static AFTER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?x) ^ (?: \s* ,? \s* (?i: (?: b[âa]t(?:iment)?\.? | appt?\.? | appartement | apt\.? | [ée]tage | esc(?:alier)?\.?
                | porte | hall | bo[îi]te | bal ) \s* (?: n° )? \s* (?: \p{L} | \d+ ) \p{L}? \b
                | \d{1,2} \s? (?: e | er | [èe]me ) \s [ée]tage ) ){0,4}
            (?: \s* [,-]? \s* (?: [àa] \s+ )? \d{2} \s? \d{3} \b (?: \s+ \p{Lu}[\p{L}'’-]+ (?: [\s-] \p{Lu}[\p{L}'’-]+ ){0,3}
                | \s+ [\p{Ll}]{3,} \b )?
              | \s* ,? \s* [àa] \s+ \p{Lu}[\p{L}'’-]+ (?: [\s-] \p{Lu}[\p{L}'’-]+ ){0,2} )?",
        )
    });
    let end = AFTER.find(rest).map_or(0, |found| found.end());
    end + town(&rest[end..])
}

/// Bytes of a comma and of the name of a town.
fn town(rest: &str) -> usize {
    static TOWN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"^\s*,\s*(?P<first>\p{Lu}[\p{L}’'-]+)(?:[ -]\p{Lu}[\p{L}’'-]+){0,3}")
    });
    let town = TOWN.captures(rest).filter(|town| {
        let first = &town["first"];
        !lists::is_sentence_word(first) && !lists::is_first_name(&crate::text::fold(first))
    });
    town.map_or(0, |town| town[0].len())
}
