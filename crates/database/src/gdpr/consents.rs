use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{Domain, Gdpr, SubscriberNumber};
use crate::engine::{Access, Transaction};
use crate::per_engine::{execute, fetch};
use crate::row::row;
use crate::stored::instant;
use crate::{DatabaseError, Result};

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
    /// The decision.
    pub decision: Decision,
    /// Instant, UTC.
    pub decided_at: DateTime<Utc>,
}

impl Gdpr {
    /// Adds a decision to the history of a person; the earlier ones stay.
    ///
    /// # Errors
    /// When nobody has this number, or the processing does not rest on consent.
    pub async fn decide(
        &self,
        person: &SubscriberNumber,
        processing: &str,
        decision: Decision,
    ) -> Result<()> {
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

        self.commit(transaction).await
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
