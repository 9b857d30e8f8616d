use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{Gdpr, SubscriberNumber};
use crate::Result;
use crate::engine::{Access, Transaction};
use crate::per_engine::{execute, fetch};
use crate::row::row;
use crate::stored::instant;

/// A processing that a person had stopped: their data are kept and no longer used for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Restriction {
    /// The processing, as the register calls it.
    pub processing: String,
    /// Since when, UTC.
    pub restricted_at: DateTime<Utc>,
}

impl Gdpr {
    /// Stops a processing for a person (article 18). Stopping it twice changes nothing.
    ///
    /// # Errors
    /// When nobody has this number or the register has no such processing.
    pub async fn restrict(&self, person: &SubscriberNumber, processing: &str) -> Result<()> {
        const INSERT: &str = "
            INSERT INTO restrictions (
                subscriber_key,
                processing,
                restricted_at
            )
            VALUES ($1, $2, $3)
            ON CONFLICT (subscriber_key, processing) DO NOTHING";

        Self::processing(processing)?;
        let mut transaction = self.database.begin(Access::Write).await?;
        let key = transaction.known_subscriber(self, person).await?;

        execute!(
            &mut transaction,
            INSERT,
            &key,
            processing,
            self.now.timestamp()
        )?;

        transaction
            .audit(self, "restrict", Some(processing), Some(person), 1)
            .await?;

        self.commit(transaction).await
    }

    /// Lets a processing go on for a person, who was told of it beforehand.
    ///
    /// # Errors
    /// When nobody has this number or the register has no such processing.
    pub async fn lift_restriction(
        &self,
        person: &SubscriberNumber,
        processing: &str,
    ) -> Result<()> {
        const DELETE: &str =
            "DELETE FROM restrictions WHERE subscriber_key = $1 AND processing = $2";

        Self::processing(processing)?;
        let mut transaction = self.database.begin(Access::Write).await?;
        let key = transaction.known_subscriber(self, person).await?;

        execute!(&mut transaction, DELETE, &key, processing)?;

        transaction
            .audit(self, "lift-restriction", Some(processing), Some(person), 1)
            .await?;

        self.commit(transaction).await
    }
}

impl Transaction {
    pub(super) async fn restrictions_of(&mut self, key: &str) -> Result<Vec<Restriction>> {
        const SELECT: &str = "
            SELECT
                processing,
                restricted_at
            FROM restrictions
            WHERE subscriber_key = $1
            ORDER BY restricted_at, processing";

        let rows: Vec<RestrictionRow> = fetch!(query_as, fetch_all, self, SELECT, key)?;

        rows.into_iter().map(RestrictionRow::read).collect()
    }
}

row! {
    struct RestrictionRow {
        processing: String,
        restricted_at: i64,
    }
}

impl RestrictionRow {
    fn read(self) -> Result<Restriction> {
        Ok(Restriction {
            processing: self.processing,
            restricted_at: instant("restricted_at", self.restricted_at)?,
        })
    }
}
