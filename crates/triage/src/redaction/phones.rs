//! Phone numbers, in digits or in words.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::context::matches;
use crate::text::pattern;

/// French numbers however they are spaced, foreign ones that begin with `+`, and numbers spelled out.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    static FRENCH: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?x) (?: \+ | \b00 ) \s? 33 \W{0,3} (?: \( \s? 0 \s? \) | 0 )? (?: [\s./_·-]{0,3} \d ){9} \b
            | \( \s? \+ \s? 33 \s? \) (?: [\s./_·-]{0,3} \d ){9,10} \b
            | \b 0 [\s./_·-]{0,3} [1-9] (?: [\s./_·-]{0,3} \d ){8} \b",
        )
    });
    static FOREIGN: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?:\+|\b00)[1-9]\d{0,2}(?:[\s./()-]{0,2}\d){7,12}\b"));
    static SPELLED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix) \b z[ée]ro [\s,.-]+ (?: z[ée]ro | un | deux | trois | quatre | cinq | six | sept | huit | neuf )
            (?: [\s,.-]+ (?: z[ée]ro | une? | deux | trois | quatre | cinq | six | sept | huit | neuf | dix | onze
                | douze | treize | quatorze | quinze | seize | vingts? | trente | quarante | cinquante | soixante
                | septante | nonante | cents? | et | \d{1,2} ) \b ){3,20}",
        )
    });

    [&FRENCH, &FOREIGN, &SPELLED]
        .iter()
        .flat_map(|phone| matches(phone, text))
        .collect()
}
