//! Finding a station by what a rider types: case, accents and punctuation do not count.

use crate::data_api::Availability;

/// The longest search that is read, in characters.
pub(crate) const LONGEST: usize = 80;

/// What a rider looks for: every word must be in the station's name, district or identifier.
#[derive(Debug, Clone, Default)]
pub(crate) struct Search {
    text: String,
    words: Vec<String>,
}

impl Search {
    /// Reads what was typed; blank looks for everything.
    pub(crate) fn new(typed: &str) -> Self {
        let text: String = typed
            .trim()
            .chars()
            .filter(|character| !character.is_control())
            .take(LONGEST)
            .collect();
        let words = fold(&text)
            .split(' ')
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect();
        Self { text, words }
    }

    /// What was typed, to be shown again.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether nothing is looked for.
    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether the station is one of those looked for.
    pub(crate) fn finds(&self, Availability { station, .. }: &Availability) -> bool {
        if self.words.is_empty() {
            return self.is_empty();
        }
        let district = station.district.as_deref().unwrap_or_default();
        let haystack = fold(&format!(
            "{} {district} {}",
            station.name, station.station_id
        ));
        self.words
            .iter()
            .all(|word| haystack.contains(word.as_str()))
    }
}

/// Lower case, without accents, one space between words: « Gare d’Été » becomes `gare d ete`.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());

    for character in text.chars().flat_map(char::to_lowercase) {
        match plain(character) {
            Some(letters) => folded.push_str(letters),
            None if character.is_alphanumeric() => folded.push(character),
            // What `to_lowercase` leaves beside a letter (İ) or what a keyboard adds after it.
            None if ('\u{300}'..='\u{36f}').contains(&character) => {}
            None if folded.ends_with(' ') || folded.is_empty() => {}
            None => folded.push(' '),
        }
    }

    folded.truncate(folded.trim_end().len());
    folded
}

/// The letters of French and of its neighbours, without their accents.
fn plain(character: char) -> Option<&'static str> {
    Some(match character {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => "a",
        'ç' => "c",
        'è' | 'é' | 'ê' | 'ë' => "e",
        'ì' | 'í' | 'î' | 'ï' => "i",
        'ñ' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' => "o",
        'ù' | 'ú' | 'û' | 'ü' => "u",
        'ý' | 'ÿ' => "y",
        'æ' => "ae",
        'œ' => "oe",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(typed: &str, name: &str) -> bool {
        let json = serde_json::json!({
            "station_id": "RIV-007", "name": name, "district": "Les Îles", "latitude": 45.6, "longitude": 4.1,
            "capacity": 20, "bikes_available": 1, "docks_available": 19, "reported_at": null,
        });
        Search::new(typed).finds(&serde_json::from_value(json).unwrap())
    }

    #[test]
    fn case_accents_and_punctuation_do_not_count() {
        for typed in [
            "",
            "  ",
            "place de l'étoile",
            "ETOILE",
            "letoile place",
            "iles",
            "riv-007",
            "e\u{301}toile",
            "œuvre",
        ] {
            let name = if typed == "œuvre" {
                "Rue de l’Oeuvre"
            } else {
                "Place de l’Étoile"
            };
            assert_eq!(finds(typed, name), typed != "letoile place", "{typed:?}");
        }
    }

    #[test]
    fn every_word_must_be_found() {
        assert!(finds("etoile iles", "Place de l’Étoile"));
        assert!(!finds("etoile gare", "Place de l’Étoile"));
    }

    #[test]
    fn punctuation_alone_finds_nothing() {
        assert!(!finds("???", "Place de l’Étoile"));
    }

    #[test]
    fn a_long_search_is_cut_and_control_characters_are_dropped() {
        let search = Search::new(&format!("a\u{0}b{}", "x".repeat(500)));
        assert_eq!(search.text().chars().count(), LONGEST);
        assert!(search.text().starts_with("abx"));
    }
}
