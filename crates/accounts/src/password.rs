//! The rules of a password, after the CNIL's recommendation of 2022 (délibération 2022-100): where
//! tries are limited, 50 bits are enough; 12 letters drawn at random are worth 56. No renewal is
//! forced, no class of characters is asked for: both make people choose worse ones.

use std::cmp::Reverse;
use std::fmt;

use crate::EmailAddress;

/// Characters of the shortest password.
pub const SHORTEST_PASSWORD: usize = 12;
/// Characters of the longest one: enough for a sentence, few enough to hash quickly.
pub const LONGEST_PASSWORD: usize = 128;

/// Different characters under which a password is guessed whatever its length.
const FEWEST_CHARACTERS: usize = 5;

/// Letters that must be left once common words are taken out.
const FEWEST_LETTERS: usize = 4;

/// Words that begin every list of leaked passwords, French and English, and those of the service:
/// chosen by us, without accents. A password is refused when nothing is left of it but such words,
/// digits and signs.
const COMMON: &str = include_str!("../data/common-words.txt");

/// Rule that a password breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordFlaw {
    /// Fewer than [`SHORTEST_PASSWORD`] characters.
    TooShort,
    /// More than [`LONGEST_PASSWORD`] characters.
    TooLong,
    /// Made of words of known lists, or of one character again and again.
    TooCommon,
    /// Holds the name of the e-mail address.
    HoldsTheName,
}

/// The rule that `password` breaks as the password of `email`, if any.
pub fn flaw(password: &str, email: &EmailAddress) -> Option<PasswordFlaw> {
    let length = password.chars().count();
    let lower = password.to_lowercase();
    let name = email.local_part();

    if length < SHORTEST_PASSWORD {
        Some(PasswordFlaw::TooShort)
    } else if length > LONGEST_PASSWORD {
        Some(PasswordFlaw::TooLong)
    } else if is_common(&lower) {
        Some(PasswordFlaw::TooCommon)
    } else if name.len() >= 4 && lower.contains(name) {
        Some(PasswordFlaw::HoldsTheName)
    } else {
        None
    }
}

/// Whether nothing is left of a password in lower case once known words, digits and signs are out.
pub(crate) fn is_common(password: &str) -> bool {
    let mut characters: Vec<char> = password.chars().collect();
    characters.sort_unstable();
    characters.dedup();
    if characters.len() < FEWEST_CHARACTERS {
        return true;
    }

    let mut words: Vec<&str> = COMMON
        .lines()
        .filter(|line| !line.starts_with('#'))
        .collect();
    // Longest first: a shorter one would leave the end of a longer one.
    words.sort_by_key(|word| Reverse(word.len()));

    let letters = without_signs(password);
    let left = words
        .into_iter()
        .fold(letters, |left, word| left.replace(word, ""));
    left.chars().count() < FEWEST_LETTERS
}

/// The letters, with those that digits and signs often stand for: `m0tdep@sse` is `motdepasse`.
fn without_signs(password: &str) -> String {
    let letter = |c: char| match c {
        '0' => Some('o'),
        '1' | '!' => Some('i'),
        '3' => Some('e'),
        '@' => Some('a'),
        '$' => Some('s'),
        'é' | 'è' | 'ê' => Some('e'),
        c => c.is_alphabetic().then_some(c),
    };

    // At the end of a password, digits are a year or a number, not letters.
    let end = |c: char| !c.is_alphabetic();

    password
        .trim_matches(end)
        .chars()
        .filter_map(letter)
        .collect()
}

impl fmt::Display for PasswordFlaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooShort => "it is too short",
            Self::TooLong => "it is too long",
            Self::TooCommon => "it is a common password",
            Self::HoldsTheName => "it holds the name of the e-mail address",
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::PasswordFlaw::{HoldsTheName, TooCommon, TooLong, TooShort};
    use super::*;

    fn email() -> EmailAddress {
        "camille@exemple.fr".parse().unwrap()
    }

    // Preuve: C17.8 règles de mot de passe : longueur, mots des listes de fuites, nom de la personne
    #[test]
    fn a_password_is_long_rare_and_does_not_hold_the_name() {
        let table = [
            ("la pluie sur le quai", None),
            ("kvwhztrbmqpl", None),
            ("Tr0is vélos bleus", None),
            ("court", Some(TooShort)),
            ("onze lettre", Some(TooShort)),
            ("aaaaaaaaaaaaaaa", Some(TooCommon)),
            ("121212121212", Some(TooCommon)),
            ("123456789012", Some(TooCommon)),
            ("motdepasse2026", Some(TooCommon)),
            ("M0tDeP@sse2026!", Some(TooCommon)),
            ("azertyuiop123", Some(TooCommon)),
            ("Password123456", Some(TooCommon)),
            ("velorive-rivemont", Some(TooCommon)),
            ("soleilsoleil", Some(TooCommon)),
            ("bravo camille quai", Some(HoldsTheName)),
        ];
        for (password, expected) in table {
            assert_eq!(flaw(password, &email()), expected, "{password}");
        }

        assert_eq!(flaw(&"longue phrase ".repeat(10), &email()), Some(TooLong));
    }

    proptest! {
        #[test]
        fn no_text_makes_the_rules_panic(password in ".{0,200}") {
            let _ = flaw(&password, &email());
        }
    }
}
