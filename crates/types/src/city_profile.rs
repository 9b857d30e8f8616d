use std::fmt;
use std::str::FromStr;

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// The city that services speak of, from its profile to the pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CityProfile {
    /// Name of the city.
    pub city: String,
    /// Name under which its bikes are known to riders.
    pub network: String,
    /// True when neither exists: pages say so.
    pub is_fictional: bool,
    /// Zone of the riders' clocks.
    pub time_zone: Tz,
    /// Language of the pages when a reader asks for none.
    pub language: Language,
}

/// A language in which people are spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
pub enum Language {
    /// French.
    French,
    /// English.
    English,
}

/// A text that names none of our languages.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is not one of the languages fr, en")]
pub struct LanguageError(String);

impl Language {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::French, Self::English];

    /// Tag of the language (BCP 47), such as `fr`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::French => "fr",
            Self::English => "en",
        }
    }
}

impl FromStr for Language {
    type Err = LanguageError;

    fn from_str(text: &str) -> Result<Self, LanguageError> {
        let named = Self::ALL
            .into_iter()
            .find(|language| language.tag() == text);
        // Escaped and cut: the text of a stranger goes to a log.
        named.ok_or_else(|| LanguageError(text.escape_debug().take(80).collect()))
    }
}

impl TryFrom<String> for Language {
    type Error = LanguageError;

    fn try_from(text: String) -> Result<Self, LanguageError> {
        text.parse()
    }
}

impl From<Language> for &'static str {
    fn from(language: Language) -> Self {
        language.tag()
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}
