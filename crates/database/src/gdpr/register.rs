//! The register of processings (article 30): `data/gdpr/register.toml`, read once, applied by the
//! purge.

#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

const TEXT: &str = include_str!("../../../../data/gdpr/register.toml");

/// The whole register.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Register {
    /// The controller (article 4.7).
    pub controller: Controller,
    /// Enforcement of retention.
    pub purge: PurgeRule,
    /// The processings.
    #[serde(rename = "processing")]
    pub processings: Vec<Processing>,
}

/// The controller: roles, no names.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Controller {
    /// The organisation.
    pub name: String,
    /// Its representative.
    pub representative: String,
    /// The data-protection officer.
    pub protection_officer: String,
    /// The supervisory authority.
    pub authority: String,
}

/// Frequency of the purge.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PurgeRule {
    /// Hours from a purge to the next.
    pub every_hours: u32,
    /// True when the services purge by themselves.
    pub automatic: bool,
    /// The same in French, for the documents.
    pub description: String,
}

/// One processing, on the headings of the CNIL's public model.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Processing {
    /// Its stable identifier.
    pub id: String,
    /// Its French name.
    pub title: String,
    /// Its first day, `YYYY-MM-DD`.
    pub created_on: String,
    /// Last change of this entry, `YYYY-MM-DD`.
    pub updated_on: String,
    /// The main purpose.
    pub purpose: String,
    /// Other purposes.
    pub sub_purposes: Vec<String>,
    /// The legal basis, in French.
    pub legal_basis: String,
    /// The legal basis, as programs read it.
    pub basis: Basis,
    /// The people concerned.
    pub people: Vec<String>,
    /// Categories of data.
    pub categories: Vec<String>,
    /// Sensitive data (articles 9 and 10).
    pub sensitive: String,
    /// Recipients.
    pub recipients: Vec<String>,
    /// Transfers out of the Union.
    pub transfers: String,
    /// The retention, in French.
    pub retention: String,
    /// Security measures.
    pub security: Vec<String>,
    /// Consequences of a breach for the people concerned.
    pub risk: String,
    /// The tables that hold the data.
    #[serde(rename = "holding", default)]
    pub holdings: Vec<Holding>,
    /// The files that hold them.
    #[serde(rename = "file", default)]
    pub files: Vec<HeldFiles>,
}

/// The legal basis of a processing (article 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// 6.1.a.
    Consent,
    /// 6.1.c.
    LegalObligation,
    /// 6.1.f.
    LegitimateInterest,
}

/// A table that holds personal data, and the rule by which its rows end.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holding {
    /// The table.
    pub table: String,
    /// Its columns.
    pub columns: Vec<String>,
    /// The column that tells its rows apart.
    pub key: String,
    /// The column from which the retention runs.
    pub instant: Option<String>,
    /// The retention, days.
    pub days: Option<u32>,
    /// Rows of people who had a processing restricted are kept for them (article 18).
    #[serde(default)]
    pub unless_restricted: bool,
    /// The end of rows that no time ends, in French.
    pub kept_until: Option<String>,
}

/// Files of the state folder that hold personal data.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeldFiles {
    /// Their paths in the state folder; `*` stands for one name.
    pub pattern: String,
    /// The retention, days after they were written.
    pub days: u32,
    /// The reason, in French.
    pub reason: String,
}

impl Register {
    /// The retention of a table, days; none when no time ends its rows.
    pub fn retention_days(&self, table: &str) -> Option<u32> {
        self.processings
            .iter()
            .flat_map(|processing| &processing.holdings)
            .find(|holding| holding.table == table)
            .and_then(|holding| holding.days)
    }
}

impl Processing {
    /// True when people must agree to it.
    pub fn rests_on_consent(&self) -> bool {
        self.basis == Basis::Consent
    }
}

/// The register that the program was built with. The file is read by a test: a fault in it stops
/// the build's checks, and is an empty register otherwise.
pub fn embedded() -> &'static Register {
    static REGISTER: LazyLock<Register> = LazyLock::new(|| parse(TEXT).unwrap_or_else(|_| empty()));
    &REGISTER
}

/// Reads a register.
///
/// # Errors
/// When a heading is missing or unknown: the message gives the line.
pub fn parse(text: &str) -> Result<Register, toml::de::Error> {
    toml::from_str(text)
}

fn empty() -> Register {
    let nobody = String::new;

    Register {
        controller: Controller {
            name: nobody(),
            representative: nobody(),
            protection_officer: nobody(),
            authority: nobody(),
        },
        purge: PurgeRule {
            every_hours: 24,
            automatic: true,
            description: nobody(),
        },
        processings: Vec::new(),
    }
}
