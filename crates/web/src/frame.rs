//! The frame of a page: its language, its texts, its city, and its addresses in every language.
//!
//! `/fr/…` and `/en/…` are in that language; elsewhere the reader's browser chooses
//! (`Accept-Language`), else the city. The choice is in the address: no cookie keeps it.
//!
//! The frame also knows who reads the page, so that its menu offers what they may open.

use std::sync::Arc;

use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::{HeaderMap, Uri};
use filrouge_accounts::{Role, SignedIn};
use filrouge_types::{CityProfile, Language};
use fluent_bundle::{FluentArgs, FluentValue};

use crate::markup::Markup;
use crate::texts::Catalogue;

/// Languages, and the beginning of their addresses.
pub(crate) const PREFIXES: [(Language, &str); 2] =
    [(Language::French, "/fr"), (Language::English, "/en")];

/// All that a page needs besides its content.
#[derive(Clone)]
pub(crate) struct Frame {
    language: Language,
    city: Arc<CityProfile>,
    /// Beginning of the links of the page: that of its own address.
    prefix: &'static str,
    /// Address of the page, query included, without its prefix.
    address: String,
    /// Who reads it, when their session is open.
    visitor: Option<SignedIn>,
}

/// The page in one language.
pub(crate) struct Edition {
    pub(crate) tag: &'static str,
    /// Name of the language, in that language.
    pub(crate) name: String,
    pub(crate) address: String,
    pub(crate) is_current: bool,
}

impl Frame {
    /// The frame of the page at `uri`.
    pub(crate) fn new(uri: &Uri, headers: &HeaderMap, city: Arc<CityProfile>) -> Self {
        let address = uri.path_and_query().map_or("/", |address| address.as_str());

        if let Some((language, prefix, rest)) = chosen(address) {
            return Self {
                language,
                city,
                prefix,
                address: rest,
                visitor: None,
            };
        }

        Self {
            language: accepted(headers).unwrap_or(city.language),
            city,
            prefix: "",
            address: address.to_owned(),
            visitor: None,
        }
    }

    /// The same, read by `visitor`.
    pub(crate) fn read_by(self, visitor: Option<SignedIn>) -> Self {
        Self { visitor, ..self }
    }

    /// Who reads the page, when their session is open.
    pub(crate) fn visitor(&self) -> Option<&SignedIn> {
        self.visitor.as_ref()
    }

    /// True when the menu offers the pages of operators.
    pub(crate) fn is_read_by_operator(&self) -> bool {
        self.has_role(Role::Operator)
    }

    /// True when the menu offers the pages of the data-protection officer.
    pub(crate) fn is_read_by_officer(&self) -> bool {
        self.has_role(Role::Officer)
    }

    fn has_role(&self, role: Role) -> bool {
        self.visitor().is_some_and(|visitor| visitor.role == role)
    }

    /// Address of the page, query included, without its prefix.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// The city that the page is about.
    pub(crate) fn city(&self) -> &CityProfile {
        &self.city
    }

    /// The tag of the page's language.
    pub(crate) fn tag(&self) -> &'static str {
        self.language.tag()
    }

    /// The language of the page.
    pub(crate) fn language(&self) -> Language {
        self.language
    }

    /// True when the language is not in the address: the answer depends on the browser.
    pub(crate) fn is_negotiated(&self) -> bool {
        self.prefix.is_empty()
    }

    /// A link to `path`, which keeps the reader in the language of this page.
    pub(crate) fn link(&self, path: &str) -> String {
        address_in(self.prefix, path)
    }

    /// The page in every language.
    pub(crate) fn editions(&self) -> Vec<Edition> {
        PREFIXES
            .map(|(language, prefix)| Edition {
                tag: language.tag(),
                name: Catalogue::of(language).format("language-name", &FluentArgs::new()),
                address: address_in(prefix, &self.address),
                is_current: language == self.language,
            })
            .into()
    }

    /// The text `key`, which varies with the city alone.
    pub(crate) fn say(&self, key: &str) -> String {
        self.tell(key, [])
    }

    /// The text `key`, with its variables.
    pub(crate) fn tell<'a, const N: usize>(
        &'a self,
        key: &str,
        variables: [(&'static str, FluentValue<'a>); N],
    ) -> String {
        let mut arguments = FluentArgs::from_iter(variables);
        arguments.set("city", self.city.city.as_str());
        arguments.set("network", self.city.network.as_str());

        self.format(key, &arguments)
    }

    /// The text `key`, which may hold elements, with variables that may hold some too.
    pub(crate) fn markup<const N: usize>(
        &self,
        key: &str,
        variables: [(&'static str, Markup); N],
    ) -> Markup {
        let mut arguments = FluentArgs::new();
        for (name, markup) in variables {
            arguments.set(name, markup);
        }
        // The words of a profile are a text of others.
        arguments.set("city", Markup::text(&self.city.city));
        arguments.set("network", Markup::text(&self.city.network));

        Markup::trusted(self.format(key, &arguments))
    }

    fn format(&self, key: &str, arguments: &FluentArgs<'_>) -> String {
        Catalogue::of(self.language).format(key, arguments)
    }
}

/// The language that an address names, its prefix, and the rest of it.
fn chosen(address: &str) -> Option<(Language, &'static str, String)> {
    PREFIXES.into_iter().find_map(|(language, prefix)| {
        let rest = address.strip_prefix(prefix)?;
        let rest = match rest.chars().next() {
            None | Some('?') => format!("/{rest}"),
            Some('/') => rest.to_owned(),
            // `/english` is a page that does not exist, not one in English.
            Some(_) => return None,
        };
        Some((language, prefix, rest))
    })
}

/// `path` after `prefix`; the home page is the prefix alone.
fn address_in(prefix: &str, path: &str) -> String {
    let path = match path.strip_prefix('/') {
        Some(query) if !prefix.is_empty() && (query.is_empty() || query.starts_with('?')) => query,
        _ => path,
    };
    format!("{prefix}{path}")
}

/// The language of ours that the browser prefers (RFC 9110, section 12.5.4).
fn accepted(headers: &HeaderMap) -> Option<Language> {
    let accepted = headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?;
    let mut best: Option<(Language, f32)> = None;

    for (language, weight) in accepted.split(',').filter_map(weighted) {
        // The first of those that weigh the same is kept.
        // A weight of 0 is a refusal (RFC 9110, section 12.4.2).
        if weight > best.map_or(0.0, |(_, weight)| weight) {
            best = Some((language, weight));
        }
    }

    best.map(|(language, _)| language)
}

/// `fr-CH;q=0.8`: a language and its weight, 1 unless told.
fn weighted(range: &str) -> Option<(Language, f32)> {
    let (tag, weight) = range.split_once(';').unwrap_or((range, "q=1"));
    // `fr-CH` and `fr-BE` read the same French: the region changes no text of ours.
    let primary = tag.trim().split('-').next()?;
    let language = primary.to_ascii_lowercase().parse().ok()?;
    let weight = weight.trim().strip_prefix("q=")?.parse().ok()?;

    Some((language, weight))
}

#[cfg(test)]
impl Frame {
    /// The frame of the samples, in the fictional city.
    pub(crate) fn sample(language: Language) -> Self {
        Self {
            language,
            city: Arc::new(CityProfile {
                city: "Rivemont".to_owned(),
                network: "Vélorive".to_owned(),
                is_fictional: true,
                time_zone: chrono_tz::Europe::Paris,
                language: Language::French,
            }),
            prefix: "",
            address: "/".to_owned(),
            visitor: None,
        }
    }
}

#[cfg(test)]
mod tests;
