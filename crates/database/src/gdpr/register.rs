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
    /// The place of the data, and who else handles them.
    pub hosting: Hosting,
    /// Enforcement of retention.
    pub purge: PurgeRule,
    /// The answer to "is an impact assessment needed?" (article 35).
    pub screening: Screening,
    /// The processings, in the order of the file.
    #[serde(rename = "processing")]
    pub processings: Vec<Processing>,
    /// The procedures that sort the data and answer people.
    #[serde(rename = "procedure")]
    pub procedures: Vec<Procedure>,
}

/// The controller: roles, no names.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Controller {
    /// The organisation.
    pub name: String,
    /// The function that represents it.
    pub representative: String,
    /// The address at which to reach it.
    pub contact: String,
    /// The data-protection officer.
    pub protection_officer: String,
    /// The address at which to reach the officer.
    pub protection_officer_contact: String,
    /// The supervisory authority.
    pub authority: String,
}

/// The place of the data, and who else handles them; every text is French.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hosting {
    /// The machines that hold the data.
    pub place: String,
    /// The processors (article 28).
    pub processors: String,
    /// The condition on which a processor may be added.
    pub condition: String,
    /// Transfers out of the Union (article 44).
    pub transfers: String,
}

/// The nine criteria of the Article 29 Working Party (WP 248 rev. 01): from two on, an impact
/// assessment is called for.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Screening {
    /// The day of the answer, `YYYY-MM-DD`.
    pub assessed_on: String,
    /// Who gave it, as roles.
    pub assessed_by: String,
    /// The criteria, each with its reason.
    #[serde(rename = "criterion")]
    pub criteria: Vec<ScreeningCriterion>,
    /// True when an assessment must be made.
    pub required: bool,
    /// The conclusion, in French.
    pub conclusion: String,
    /// The event after which the answer is given anew, in French.
    pub review: String,
}

/// One of the nine criteria.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScreeningCriterion {
    /// Its French name.
    pub name: String,
    /// True when a processing meets it.
    pub met: bool,
    /// The reason, in French.
    pub reason: String,
}

/// A procedure on personal data; every text is French, but the command and the test.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Procedure {
    /// Its name.
    pub title: String,
    /// The command that carries it out.
    pub command: String,
    /// The data that it sorts, or that it gives.
    pub what: String,
    /// The role or the program that does it.
    pub who: String,
    /// Hours from one time to the next, when a program does it by itself.
    pub every_hours: Option<u32>,
    /// The frequency in words.
    pub frequency: String,
    /// The test that plays it.
    pub proof: String,
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
    /// Those to whom the data are given, in French.
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
    /// Its name in the schema.
    pub table: String,
    /// The columns that the processing uses, keys included.
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
    /// The retention, days after they were written: the purge removes them.
    pub days: Option<u32>,
    /// The procedure by which they end, when the purge does not remove them.
    pub procedure: Option<String>,
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

impl HeldFiles {
    /// The end of the files, in French.
    pub fn end(&self) -> String {
        match (self.days, &self.procedure) {
            (Some(1), _) => "effacés après un jour".to_owned(),
            (Some(days), _) => format!("effacés après {days} jours"),
            (None, Some(procedure)) => format!("procédure « {procedure} »"),
            (None, None) => "sans règle".to_owned(),
        }
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
            contact: nobody(),
            protection_officer: nobody(),
            protection_officer_contact: nobody(),
            authority: nobody(),
        },
        hosting: Hosting {
            place: nobody(),
            processors: nobody(),
            condition: nobody(),
            transfers: nobody(),
        },
        purge: PurgeRule {
            every_hours: 24,
            automatic: true,
            description: nobody(),
        },
        screening: Screening {
            assessed_on: nobody(),
            assessed_by: nobody(),
            criteria: Vec::new(),
            // Without an answer, an assessment is due.
            required: true,
            conclusion: nobody(),
            review: nobody(),
        },
        processings: Vec::new(),
        procedures: Vec::new(),
    }
}
