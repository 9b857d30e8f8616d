//! A profile says where a city's data are. Pointing at another city is another file, not other
//! code.

use std::fs;
use std::io::Read;
use std::num::NonZero;
use std::path::{Path, PathBuf};

use chrono_tz::Tz;
use filrouge_bounded::Allowance;
use filrouge_destinations::{Destinations, Requests};
use filrouge_types::{CityProfile, Language};
use serde::Deserialize;
use url::Url;

use crate::fetch::Limits;
use crate::source::Source;
use crate::source::file::FileSource;
use crate::source::lake::LakeSource;
use crate::source::sql::SqlSource;
use crate::source::web_page::WebPageSource;
use crate::source::web_service::WebServiceSource;
use crate::time_zone::time_zone;

/// The sources of a city, read from TOML. A section that is absent is a source that the city does
/// not have.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Name of the city, for reports and manifests.
    pub name: String,
    /// Zone of the instants that a source writes without an offset.
    #[serde(deserialize_with = "time_zone")]
    pub time_zone: Tz,
    /// Name under which the city's bikes are known to riders; the city's own when there is none.
    pub(crate) network: Option<String>,
    /// Language of the pages when a reader asks for none.
    #[serde(default = "french")]
    pub(crate) language: Language,
    /// True for a city that does not exist: pages say so.
    #[serde(default)]
    pub(crate) fictional: bool,
    /// Whom a server's owner may write to: added to the user agent.
    pub contact: Option<String>,
    /// Complete runs kept; older ones are removed after a new one. Files shared with a later run
    /// stay.
    #[serde(default = "ten")]
    pub keep_runs: NonZero<usize>,
    /// Limits that protect both sides.
    #[serde(default)]
    pub limits: Limits,
    /// Hosts that publishers may lead to.
    #[serde(default)]
    pub requests: Requests,
    /// Every address that the profile names.
    #[serde(skip)]
    addresses: Vec<Url>,
    pub(crate) web_service: Option<WebServiceSource>,
    pub(crate) web_page: Option<WebPageSource>,
    pub(crate) file: Option<FileSource>,
    pub(crate) sql: Option<SqlSource>,
    pub(crate) lake: Option<LakeSource>,
}

/// The first users of the project are French cities.
fn french() -> Language {
    Language::French
}

fn ten() -> NonZero<usize> {
    NonZero::<usize>::MIN.saturating_add(9)
}

/// Values of `{city}` and `{state}` in a profile.
#[derive(Debug, Clone)]
pub struct Placeholders {
    /// Address of the simulated city, such as `http://127.0.0.1:8090`.
    pub city: String,
    /// The state folder.
    pub state: PathBuf,
}

/// A profile that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// The file cannot be read.
    #[error("cannot read the profile {}", path.display())]
    Unreadable {
        /// The profile.
        path: PathBuf,
        /// The system's reason.
        #[source]
        error: std::io::Error,
    },
    /// The file is not a profile: unknown key, missing key, wrong type.
    #[error("profile {}, line {line}: {message}", path.display())]
    Invalid {
        /// The profile.
        path: PathBuf,
        /// 1-based line.
        line: usize,
        /// The fault, naming the key.
        message: String,
    },
}

/// Bytes of a profile: a page or two.
const PROFILE_BYTES: u64 = 1 << 20;

/// The embedded profile: the fictional city of Rivemont, all on this machine.
const RIVEMONT: &str = include_str!("../../../data/profiles/rivemont.toml");

impl Profile {
    /// The embedded profile of the simulated city.
    pub fn rivemont(places: &Placeholders) -> Result<Self, ProfileError> {
        let mut profile = Self::parse(RIVEMONT, Path::new("data/profiles/rivemont.toml"), places)?;

        // Whoever starts the services says where the city is. In containers it has a name there, which
        // leads to a private address.
        let city = Url::parse(&places.city).ok();
        let host = city.as_ref().and_then(Url::host_str).map(str::to_owned);
        profile.requests.private_hosts.extend(host);

        Ok(profile)
    }

    /// Reads a profile from a TOML file.
    pub fn read(path: &Path, places: &Placeholders) -> Result<Self, ProfileError> {
        let read = || {
            let mut text = String::new();
            let file = fs::File::open(path)?;
            Allowance::of(PROFILE_BYTES)
                .reader(file)
                .read_to_string(&mut text)?;
            Ok(text)
        };

        let text = read().map_err(|error| ProfileError::Unreadable {
            path: path.to_owned(),
            error,
        })?;

        Self::parse(&text, path, places)
    }

    /// The city as services speak of it.
    pub fn city(&self) -> CityProfile {
        CityProfile {
            city: self.name.clone(),
            network: self.network.clone().unwrap_or_else(|| self.name.clone()),
            is_fictional: self.fictional,
            time_zone: self.time_zone,
            language: self.language,
        }
    }

    /// The sources that it describes, in the order of reports.
    pub(crate) fn sources(&self) -> Vec<&dyn Source> {
        let sources: [Option<&dyn Source>; 5] = [
            self.web_service.as_ref().map(|source| source as _),
            self.web_page.as_ref().map(|source| source as _),
            self.file.as_ref().map(|source| source as _),
            self.sql.as_ref().map(|source| source as _),
            self.lake.as_ref().map(|source| source as _),
        ];
        sources.into_iter().flatten().collect()
    }

    /// Reads a profile from a text; `path` names it in errors.
    pub fn parse(text: &str, path: &Path, places: &Placeholders) -> Result<Self, ProfileError> {
        let text = fill_in(text, places);
        let invalid = |line, message| ProfileError::Invalid {
            path: path.to_owned(),
            line,
            message,
        };

        if let Some(line) = line_of_password(&text) {
            let message =
                "an address holds a password, which belongs in the environment".to_owned();
            return Err(invalid(line, message));
        }

        let refused = |error: toml::de::Error| {
            let line = error.span().map_or(1, |span| {
                1 + text[..span.start.min(text.len())].matches('\n').count()
            });
            invalid(line, error.message().to_owned())
        };
        let mut profile: Self = toml::from_str(&text).map_err(refused)?;
        let table: toml::Table = toml::from_str(&text).map_err(refused)?;

        profile.addresses = table
            .iter()
            // Whom to write to is no place to collect from.
            .filter(|(key, _)| key.as_str() != "contact")
            .flat_map(|(_, value)| addresses(value))
            .collect();
        Ok(profile)
    }

    /// Where the requests of a collection may go.
    pub(crate) fn destinations(&self) -> Destinations {
        Destinations::new(&self.addresses, self.requests.clone())
    }
}

/// Replaces the placeholders inside TOML basic strings, escaped as those want.
fn fill_in(text: &str, places: &Placeholders) -> String {
    let escape = |value: &str| value.replace('\\', "\\\\").replace('"', "\\\"");
    text.replace("{city}", &escape(places.city.trim_end_matches('/')))
        .replace("{state}", &escape(&places.state.display().to_string()))
}

/// The HTTP addresses in a value of a profile, wherever they stand: a section that is added later
/// names its own.
fn addresses(value: &toml::Value) -> Vec<Url> {
    match value {
        toml::Value::String(text) => Url::parse(text)
            .into_iter()
            .filter(|url| matches!(url.scheme(), "http" | "https"))
            .collect(),
        toml::Value::Array(values) => values.iter().flat_map(addresses).collect(),
        toml::Value::Table(table) => table.values().flat_map(addresses).collect(),
        _ => Vec::new(),
    }
}

/// The 1-based line of the first address with a password: manifests and errors show addresses.
fn line_of_password(text: &str) -> Option<usize> {
    let asks_with_one = |url: &Url| url.query_pairs().any(|(name, _)| name == "password");
    let has_password = |word: &str| {
        Url::parse(word).is_ok_and(|url| url.password().is_some() || asks_with_one(&url))
    };
    text.lines()
        .position(|line| line.split(['"', '\'']).any(has_password))
        .map(|index| index + 1)
}

#[cfg(test)]
mod tests;
