use std::str::FromStr;

use chrono::{DateTime, Utc};

use crate::accounts::instant;
use crate::engine::{execute, fetch, row};
use crate::{AccountId, Accounts, AccountsError, Result};

/// Use of personal data that rests on consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ConsentPurpose {
    /// Keeping favourite stations, which tell where a person goes.
    Favourites,
    /// Using the text of reports as examples for sorting.
    ReportExamples,
}

/// The answer of a person, and since when; [`Accounts::consents`] gives the last one of each purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConsentAnswer {
    /// The use.
    pub purpose: ConsentPurpose,
    /// True when the person agrees. Silence is a refusal.
    pub is_given: bool,
    /// Instant of the answer; none when the person never answered.
    pub answered_at: Option<DateTime<Utc>>,
}

row!(pub(crate) ConsentRow {
    purpose: String,
    is_given: i64,
    answered_at: i64,
});

impl ConsentPurpose {
    /// Every use that rests on consent.
    pub const ALL: [Self; 2] = [Self::Favourites, Self::ReportExamples];

    /// Its name in the database and in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Favourites => "favourites",
            Self::ReportExamples => "report-examples",
        }
    }
}

impl FromStr for ConsentPurpose {
    type Err = AccountsError;

    fn from_str(text: &str) -> Result<Self> {
        let purpose = Self::ALL.into_iter().find(|purpose| purpose.name() == text);
        purpose.ok_or(AccountsError::NotFound)
    }
}

impl Accounts {
    /// Writes down an answer. Withdrawing the consent to favourites erases them.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn answer_consent(
        &self,
        account_id: &AccountId,
        purpose: ConsentPurpose,
        is_given: bool,
        now: DateTime<Utc>,
    ) -> Result<()> {
        execute!(
            &self.pool,
            "INSERT INTO account_consents (account_id, purpose, is_given, answered_at, answer_number)
             SELECT $1, $2, $3, $4, COALESCE(MAX(answer_number), 0) + 1
             FROM account_consents WHERE account_id = $1",
            account_id.as_str(),
            purpose.name(),
            i64::from(is_given),
            now.timestamp(),
        )?;

        if purpose == ConsentPurpose::Favourites && !is_given {
            execute!(
                &self.pool,
                "DELETE FROM favourites WHERE account_id = $1",
                account_id.as_str(),
            )?;
        }
        Ok(())
    }

    /// The last answer to each purpose.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn consents(&self, account_id: &AccountId) -> Result<Vec<ConsentAnswer>> {
        let rows = self.consent_rows(account_id).await?;

        let last = |purpose: ConsentPurpose| {
            let mut answer = ConsentAnswer {
                purpose,
                is_given: false,
                answered_at: None,
            };
            // The rows come in the order of the answers: the last one stays.
            for row in rows.iter().filter(|row| row.purpose == purpose.name()) {
                answer.is_given = row.is_given == 1;
                answer.answered_at = Some(instant("answered_at", row.answered_at)?);
            }
            Ok(answer)
        };
        ConsentPurpose::ALL.into_iter().map(last).collect()
    }

    /// True when the person agrees to that use now.
    pub(crate) async fn agrees(
        &self,
        account_id: &AccountId,
        purpose: ConsentPurpose,
    ) -> Result<bool> {
        let answers = self.consents(account_id).await?;
        Ok(answers
            .iter()
            .any(|answer| answer.purpose == purpose && answer.is_given))
    }

    /// Every answer, the oldest first.
    pub(crate) async fn consent_rows(&self, account_id: &AccountId) -> Result<Vec<ConsentRow>> {
        Ok(fetch!(
            fetch_all,
            &self.pool,
            "SELECT purpose, is_given, answered_at FROM account_consents
             WHERE account_id = $1 ORDER BY answer_number, answered_at",
            account_id.as_str(),
        )?)
    }
}
