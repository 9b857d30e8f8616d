//! The texts of the pages, one Fluent catalogue a language (<https://projectfluent.org>), read from
//! `locales/` when the program is built. A test compares the catalogues with each other and with
//! their uses.

use std::sync::LazyLock;

use filrouge_types::Language;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use intl_memoizer::concurrent::IntlLangMemoizer;
use unic_langid::LanguageIdentifier;

/// The files of one language.
macro_rules! files {
    ($language:literal) => {
        [
            include_str!(concat!("../locales/", $language, "/accessibility.ftl")),
            include_str!(concat!("../locales/", $language, "/account.ftl")),
            include_str!(concat!("../locales/", $language, "/chances.ftl")),
            include_str!(concat!("../locales/", $language, "/comparison.ftl")),
            include_str!(concat!("../locales/", $language, "/errors.ftl")),
            include_str!(concat!("../locales/", $language, "/forecast.ftl")),
            include_str!(concat!("../locales/", $language, "/forms.ftl")),
            include_str!(concat!("../locales/", $language, "/frame.ftl")),
            include_str!(concat!("../locales/", $language, "/home.ftl")),
            include_str!(concat!("../locales/", $language, "/log-in.ftl")),
            include_str!(concat!("../locales/", $language, "/monitoring.ftl")),
            include_str!(concat!("../locales/", $language, "/officer.ftl")),
            include_str!(concat!("../locales/", $language, "/operations.ftl")),
            include_str!(concat!("../locales/", $language, "/report.ftl")),
            include_str!(concat!("../locales/", $language, "/state.ftl")),
            include_str!(concat!("../locales/", $language, "/site_map.ftl")),
            include_str!(concat!("../locales/", $language, "/station.ftl")),
            include_str!(concat!("../locales/", $language, "/trip.ftl")),
            include_str!(concat!("../locales/", $language, "/words.ftl")),
        ]
    };
}

static FRENCH: LazyLock<Catalogue> =
    LazyLock::new(|| Catalogue::new(Language::French, &files!("fr"), french_number));
static ENGLISH: LazyLock<Catalogue> =
    LazyLock::new(|| Catalogue::new(Language::English, &files!("en"), english_number));

/// The texts of one language.
pub(crate) struct Catalogue(FluentBundle<FluentResource>);

type NumberFormatter = fn(&FluentValue<'_>, &IntlLangMemoizer) -> Option<String>;

impl Catalogue {
    /// The catalogue of `language`.
    pub(crate) fn of(language: Language) -> &'static Self {
        match language {
            Language::French => &FRENCH,
            Language::English => &ENGLISH,
        }
    }

    fn new(language: Language, files: &[&str], write_number: NumberFormatter) -> Self {
        let tag: LanguageIdentifier = language.tag().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        bundle.set_formatter(Some(write_number));
        // Both languages are written from left to right: no marks are needed around their variables.
        bundle.set_use_isolating(false);

        for file in files {
            let resource = FluentResource::try_new((*file).to_owned());
            // The test of the catalogues refuses a file with an error or a text given twice.
            bundle.add_resource_overriding(resource.unwrap_or_else(|(resource, _)| resource));
        }

        Self(bundle)
    }

    /// The text `key` with its variables filled in; the key itself when there is none.
    pub(crate) fn format(&self, key: &str, arguments: &FluentArgs<'_>) -> String {
        let message = self.0.get_message(key);
        let Some(pattern) = message.and_then(|message| message.value()) else {
            tracing::error!(key, "a text is missing");
            return key.to_owned();
        };

        let mut errors = Vec::new();
        let text = self.0.format_pattern(pattern, Some(arguments), &mut errors);
        if !errors.is_empty() {
            tracing::error!(key, ?errors, "a text lacks a variable");
        }

        text.into_owned()
    }
}

fn french_number(value: &FluentValue<'_>, _: &IntlLangMemoizer) -> Option<String> {
    whole_number(value).map(|number| grouped(&number, NARROW))
}

fn english_number(value: &FluentValue<'_>, _: &IntlLangMemoizer) -> Option<String> {
    whole_number(value).map(|number| grouped(&number, ","))
}

/// A space that neither breaks nor stretches, inside a number.
const NARROW: &str = "\u{202f}";

/// Numbers with decimals reach the catalogues as texts: see `wording.rs`.
fn whole_number(value: &FluentValue<'_>) -> Option<String> {
    match value {
        FluentValue::Number(number) => Some(format!("{:.0}", number.value)),
        _ => None,
    }
}

/// `digits` in groups of three.
fn grouped(digits: &str, separator: &str) -> String {
    let mut text = String::new();

    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push_str(separator);
        }
        text.push(digit);
    }

    text
}

#[cfg(test)]
mod tests;
