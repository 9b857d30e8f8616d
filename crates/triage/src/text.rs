//! A text as the classifier and the lists of names compare it, and the patterns looked for in it.

use regex::Regex;
use unicode_normalization::UnicodeNormalization as _;

/// Lower case, without accents: people often type neither.
pub(crate) fn fold(text: &str) -> String {
    let decomposed = text.nfkd().filter(|letter| !is_combining_accent(*letter));
    let mut folded = String::with_capacity(text.len());

    for letter in decomposed.flat_map(char::to_lowercase) {
        match letter {
            'œ' => folded.push_str("oe"),
            'æ' => folded.push_str("ae"),
            '’' => folded.push('\''),
            other => folded.push(other),
        }
    }
    folded
}

/// A pattern of ours, compiled once by its caller.
pub(crate) fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a pattern of ours compiles")
}

fn is_combining_accent(letter: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&letter)
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn case_accents_and_ligatures_are_folded() {
        assert_eq!(fold("L’ÉTÉ, un Œuf à Nîmes"), "l'ete, un oeuf a nimes");
        assert_eq!(fold("N° 12"), "n° 12");
    }
}
