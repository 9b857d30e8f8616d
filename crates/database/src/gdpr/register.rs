//! The register of processings (article 30): `data/gdpr/register.toml`, read once, applied by the
//! purge.

mod document;

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

pub use document::markdown;

const TEXT: &str = include_str!("../../../../data/gdpr/register.toml");

/// The whole register.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Register {
    /// Who answers for the processings.
    pub controller: Controller,
    /// How retention is enforced.
    pub purge: PurgeRule,
    /// The processings.
    #[serde(rename = "processing")]
    pub processings: Vec<Processing>,
}

/// Who answers for the processings: roles, no names.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Controller {
    /// The organisation.
    pub name: String,
    /// Who speaks for it.
    pub representative: String,
    /// The data-protection officer.
    pub protection_officer: String,
    /// The supervisory authority.
    pub authority: String,
}

/// How often retention is enforced, and by what.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PurgeRule {
    /// Hours from a purge to the next.
    pub every_hours: u32,
    /// Whether the services do it by themselves.
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
    /// When it began, `YYYY-MM-DD`.
    pub created_on: String,
    /// When this entry last changed, `YYYY-MM-DD`.
    pub updated_on: String,
    /// The main purpose.
    pub purpose: String,
    /// Other purposes.
    pub sub_purposes: Vec<String>,
    /// The legal basis, in French.
    pub legal_basis: String,
    /// The legal basis, as programs read it.
    pub basis: Basis,
    /// Whose data.
    pub people: Vec<String>,
    /// Which data.
    pub categories: Vec<String>,
    /// Sensitive data (articles 9 and 10).
    pub sensitive: String,
    /// Who receives them.
    pub recipients: Vec<String>,
    /// Transfers out of the Union.
    pub transfers: String,
    /// How long, in French.
    pub retention: String,
    /// Security measures.
    pub security: Vec<String>,
    /// What a breach could mean to the people concerned.
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
    /// What ends rows that no time ends, in French.
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
    /// Why no longer, in French.
    pub reason: String,
}

impl Processing {
    /// Whether people must agree to it.
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

#[cfg(test)]
mod tests {
    use super::*;

    // Preuve: C4.10 chaque donnée a une durée ou un terme, et la fréquence de la purge est dite
    #[test]
    fn every_holding_ends_by_a_rule_and_the_purge_has_a_frequency() {
        let register = parse(TEXT).unwrap();
        assert!(register.purge.every_hours > 0 && register.purge.automatic);

        for processing in &register.processings {
            assert!(!processing.holdings.is_empty(), "{}", processing.id);

            for holding in &processing.holdings {
                let by_time = holding.instant.is_some() && holding.days.is_some();
                assert!(by_time != holding.kept_until.is_some(), "{}", holding.table);
                assert!(holding.columns.contains(&holding.key), "{}", holding.table);

                assert!(
                    holding
                        .instant
                        .iter()
                        .all(|instant| holding.columns.contains(instant)),
                    "{}",
                    holding.table
                );
            }
        }
    }

    #[test]
    fn a_heading_that_is_unknown_or_missing_is_named() {
        let error = parse(&TEXT.replace("purpose =", "goal =")).unwrap_err();
        assert!(error.to_string().contains("goal"), "{error}");
        let error = parse(&TEXT.replacen("people =", "# people =", 1)).unwrap_err();
        assert!(error.to_string().contains("people"), "{error}");
    }
}
