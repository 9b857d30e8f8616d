use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{Domain, Gdpr, SubscriberNumber};
use crate::engine::{Access, Transaction};
use crate::per_engine::{execute, fetch};
use crate::row::row;
use crate::stored::instant;
use crate::{DatabaseError, Result};

/// The processing that alone may hold an age band, as the register calls it.
const AGE_STATISTICS: &str = "age-statistics";

/// A person's choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// They agreed.
    Given,
    /// They no longer agree.
    Withdrawn,
}

impl Decision {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// One decision of a person about a processing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Consent {
    /// The processing, as the register calls it.
    pub processing: String,
    /// Given or withdrawn.
    pub decision: Decision,
    /// Instant, UTC.
    pub decided_at: DateTime<Utc>,
}

impl Gdpr {
    /// Adds a decision to the history of a person; the earlier ones stay. A withdrawal takes the
    /// data that rested on the consent with it.
    ///
    /// # Errors
    /// When nobody has this number, or the processing does not rest on consent.
    pub async fn decide(
        &self,
        person: &SubscriberNumber,
        processing: &str,
        decision: Decision,
    ) -> Result<()> {
        let (mut transaction, _) = self.add_decision(person, processing, decision).await?;
        transaction.clear_ages_without_consent().await?;

        self.commit(transaction).await
    }

    /// Adds a person's agreement to the statistics by age, and keeps the age band that they give
    /// with it.
    ///
    /// # Errors
    /// When nobody has this number.
    pub async fn agree_to_age_statistics(
        &self,
        person: &SubscriberNumber,
        age_band: &str,
    ) -> Result<()> {
        const UPDATE: &str = "UPDATE subscribers SET age_band = $2 WHERE subscriber_key = $1";

        let added = self.add_decision(person, AGE_STATISTICS, Decision::Given);
        let (mut transaction, key) = added.await?;
        execute!(&mut transaction, UPDATE, &key, age_band)?;

        self.commit(transaction).await
    }

    /// A transaction with the decision in it, and the person's pseudonym.
    async fn add_decision(
        &self,
        person: &SubscriberNumber,
        processing: &str,
        decision: Decision,
    ) -> Result<(Transaction, String)> {
        if !Self::processing(processing)?.rests_on_consent() {
            return Err(DatabaseError::NotByConsent(processing.to_owned()));
        }

        let mut transaction = self.database.begin(Access::Write).await?;
        let key = transaction.known_subscriber(self, person).await?;

        transaction
            .add_consent(&key, processing, decision, self.now)
            .await?;
        transaction
            .audit(self, "consent", Some(processing), Some(person), 1)
            .await?;

        Ok((transaction, key))
    }
}

impl Transaction {
    /// The pseudonym of a person who has rows.
    pub(super) async fn known_subscriber(
        &mut self,
        gdpr: &Gdpr,
        person: &SubscriberNumber,
    ) -> Result<String> {
        const SELECT: &str = "SELECT subscriber_key FROM subscribers WHERE subscriber_key = $1";
        let key = gdpr.keys.pseudonym(Domain::Subscriber, person);

        let found: Option<String> = fetch!(query_scalar, fetch_optional, self, SELECT, &key)?;

        found.ok_or(DatabaseError::UnknownPerson)
    }

    async fn add_consent(
        &mut self,
        key: &str,
        processing: &str,
        decision: Decision,
        now: DateTime<Utc>,
    ) -> Result<()> {
        const INSERT: &str = "
            INSERT INTO consents (
                subscriber_key,
                processing,
                decision,
                decided_at
            )
            VALUES ($1, $2, $3, $4)";

        execute!(
            self,
            INSERT,
            key,
            processing,
            decision.as_str(),
            now.timestamp()
        )?;

        Ok(())
    }

    /// Takes away the age bands of people whose last decision is not, or is no longer, an agreement.
    pub(super) async fn clear_ages_without_consent(&mut self) -> Result<u64> {
        const UPDATE: &str = "
            UPDATE subscribers
            SET age_band = NULL
            WHERE age_band IS NOT NULL AND NOT EXISTS (
                SELECT 1
                FROM consents
                WHERE consents.subscriber_key = subscribers.subscriber_key
                    AND consents.processing = $1
                    AND consents.decision = 'given'
                    AND consents.consent_id = (
                        SELECT MAX(latest.consent_id)
                        FROM consents AS latest
                        WHERE latest.subscriber_key = subscribers.subscriber_key
                            AND latest.processing = $1
                    )
            )";

        Ok(execute!(self, UPDATE, AGE_STATISTICS)?)
    }

    /// True when the person's last decision is an agreement to the statistics by age.
    pub(super) async fn agrees_to_age_statistics(&mut self, key: &str) -> Result<bool> {
        const SELECT: &str = "
            SELECT decision
            FROM consents
            WHERE subscriber_key = $1 AND processing = $2
            ORDER BY consent_id DESC
            LIMIT 1";

        let last: Option<String> = fetch!(
            query_scalar,
            fetch_optional,
            self,
            SELECT,
            key,
            AGE_STATISTICS
        )?;
        Ok(last.is_some_and(|decision| decision == Decision::Given.as_str()))
    }

    pub(super) async fn consents_of(&mut self, key: &str) -> Result<Vec<Consent>> {
        const SELECT: &str = "
            SELECT
                processing,
                decision,
                decided_at
            FROM consents
            WHERE subscriber_key = $1
            ORDER BY decided_at, consent_id";

        let rows: Vec<ConsentRow> = fetch!(query_as, fetch_all, self, SELECT, key)?;

        rows.into_iter().map(ConsentRow::read).collect()
    }
}

row! {
    struct ConsentRow {
        processing: String,
        decision: String,
        decided_at: i64,
    }
}

impl ConsentRow {
    fn read(self) -> Result<Consent> {
        // Anything but an agreement is none: in doubt, the person does not agree.
        let decision = match self.decision.as_str() {
            "given" => Decision::Given,
            _ => Decision::Withdrawn,
        };

        Ok(Consent {
            processing: self.processing,
            decision,
            decided_at: instant("decided_at", self.decided_at)?,
        })
    }
}
