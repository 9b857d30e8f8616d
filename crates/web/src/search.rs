//! Finding a station by the words that a rider types: case, accents and punctuation do not count.

use filrouge_api_client::data::StationItem;

/// The longest search that is read, in characters.
pub(crate) const LONGEST: usize = 80;

/// Words that a rider looks for: every one must be in the station's name, district or identifier.
#[derive(Debug, Clone, Default)]
pub(crate) struct Search {
    text: String,
    words: Vec<String>,
}

impl Search {
    /// Reads a text as it was typed; blank looks for everything.
    pub(crate) fn new(typed: &str) -> Self {
        let text: String = typed
            .trim()
            .chars()
            .filter(|character| !character.is_control())
            // Every word is looked for in every station: an endless search would cost as much.
            .take(LONGEST)
            .collect();

        let words = fold(&text)
            .split(' ')
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect();

        Self { text, words }
    }

    /// The text as it was typed, to be shown again.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// True when nothing is looked for.
    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// True when the station is one of those looked for.
    pub(crate) fn finds(&self, station: &StationItem) -> bool {
        // Punctuation alone finds nothing, blank finds everything.
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

/// The station of that identifier or of that very name, whatever the case, the accents and the
/// punctuation.
pub(crate) fn find_named<'a>(list: &'a [StationItem], typed: &str) -> Option<&'a StationItem> {
    let typed = typed.trim();
    if typed.is_empty() {
        return None;
    }

    let folded = fold(typed);
    let is_named = |station: &&StationItem| match folded.as_str() {
        // Without a letter nor a digit, all texts fold alike: this one is looked for as it is.
        "" => station.name.trim() == typed,
        folded => fold(&station.name) == folded || fold(station.station_id.as_str()) == folded,
    };
    // Two identifiers may differ by their punctuation alone.
    let mut stations = list.iter();
    let of_identifier = stations.find(|station| station.station_id.as_str() == typed);
    of_identifier.or_else(|| list.iter().find(is_named))
}

/// Lower case, without accents, one space between words: « Gare d’Été » becomes `gare d ete`.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());

    for character in text.chars().flat_map(char::to_lowercase) {
        match plain(character) {
            Some(letters) => folded.push_str(letters),
            None if character.is_alphanumeric() => folded.push(character),
            // Left by `to_lowercase` beside a letter (İ) or added after it by a keyboard.
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
mod tests;
