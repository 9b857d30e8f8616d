use chrono::{DateTime, Utc};

use crate::disclosure::CountTable;
use crate::engine::{Access, Database, Transaction};
use crate::gdpr::Domain;
use crate::per_engine::{execute, fetch};
use crate::row::row;
use crate::{Gdpr, Result, SubscriberNumber};

/// A subscriber as the extraction query gives them: no name, no address, no age.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscriber {
    /// The number by which the operator knows them, which does not enter the database.
    pub number: SubscriberNumber,
    /// The district, not the address.
    pub district: Option<String>,
    /// The plan paid for.
    pub plan: Option<String>,
}

/// The subscribers of an import, by their fate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SubscriberImport {
    /// Rows that the collection confirms.
    pub kept: u64,
    /// Left out: they asked to be forgotten.
    pub forgotten: u64,
    /// Removed: they no longer subscribe.
    pub gone: u64,
}

/// Two columns by which subscribers are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubscriberTable {
    /// Every subscriber who did not have it stopped.
    DistrictByPlan,
    /// Those who agreed, and did not have it stopped.
    AgeBandByPlan,
}

impl Gdpr {
    /// Replaces the subscribers by those of now, under their pseudonyms. Who no longer subscribes
    /// leaves the table, with their consents; who was forgotten stays out; rectified and restricted
    /// rows stay as they are. No import brings an age band: a person gives it with their consent.
    ///
    /// # Errors
    /// When a row breaks a rule of the model: nothing is then changed.
    pub async fn replace_subscribers(
        &self,
        subscribers: &[Subscriber],
    ) -> Result<SubscriberImport> {
        let mut transaction = self.database.begin(Access::Write).await?;
        let mut import = SubscriberImport::default();

        for subscriber in subscribers {
            if transaction.is_forgotten(self, &subscriber.number).await? {
                import.forgotten += 1;
            } else {
                transaction.save_subscriber(self, subscriber).await?;
            }
        }

        // Rows that this import did not touch still carry the instant of an earlier one.
        import.gone = transaction.remove_unseen(self.now).await?;
        import.kept = transaction.count_seen(self.now).await?;

        transaction
            .audit(
                self,
                "import",
                Some("subscriber-statistics"),
                None,
                import.kept,
            )
            .await?;

        self.commit(transaction).await?;
        Ok(import)
    }
}

impl Database {
    /// Subscribers on file, restricted ones included.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn count_subscribers(&self) -> Result<u64> {
        const COUNT: &str = "SELECT COUNT(*) FROM subscribers";
        let count: i64 = fetch!(query_scalar, fetch_one, &self.pool, COUNT)?;
        Ok(count as u64)
    }

    /// Counts subscribers by two columns. The counts are of people: only [`CountTable::published`]
    /// may leave the service. A consent given before `consents_since` no longer counts.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn subscriber_table(
        &self,
        table: SubscriberTable,
        consents_since: DateTime<Utc>,
    ) -> Result<CountTable> {
        let counts = match table {
            SubscriberTable::DistrictByPlan => self.subscribers_by_district().await?,
            SubscriberTable::AgeBandByPlan => self.subscribers_by_age(consents_since).await?,
        };

        Ok(counts
            .into_iter()
            .map(|row| (row.label, row.plan, row.subscribers as u64))
            .collect())
    }

    async fn subscribers_by_district(&self) -> Result<Vec<CountRow>> {
        const SELECT: &str = "
            SELECT
                COALESCE(district, '?') AS label,
                COALESCE(plan, '?') AS plan,
                COUNT(*) AS subscribers
            FROM subscribers
            WHERE NOT EXISTS (
                SELECT 1
                FROM restrictions
                WHERE restrictions.subscriber_key = subscribers.subscriber_key
                    AND restrictions.processing = 'subscriber-statistics'
            )
            GROUP BY 1, 2";

        Ok(fetch!(query_as, fetch_all, &self.pool, SELECT)?)
    }

    async fn subscribers_by_age(&self, consents_since: DateTime<Utc>) -> Result<Vec<CountRow>> {
        // The last decision counts: someone who agreed, then withdrew, is left out.
        const SELECT: &str = "
            SELECT
                COALESCE(age_band, '?') AS label,
                COALESCE(plan, '?') AS plan,
                COUNT(*) AS subscribers
            FROM subscribers
            WHERE NOT EXISTS (
                SELECT 1
                FROM restrictions
                WHERE restrictions.subscriber_key = subscribers.subscriber_key
                    AND restrictions.processing = 'age-statistics'
            ) AND 'given' = (
                SELECT decision
                FROM consents
                WHERE consents.subscriber_key = subscribers.subscriber_key
                    AND consents.processing = 'age-statistics'
                    AND consents.decided_at >= $1
                ORDER BY consent_id DESC
                LIMIT 1
            )
            GROUP BY 1, 2";

        Ok(fetch!(
            query_as,
            fetch_all,
            &self.pool,
            SELECT,
            consents_since.timestamp()
        )?)
    }
}

row! {
    struct CountRow {
        /// The district or the age band.
        label: String,
        plan: String,
        subscribers: i64,
    }
}

/// A row that was rectified, or whose processing was restricted, keeps its values: the import only
/// confirms it.
macro_rules! unless_settled {
    ($column:literal) => {
        concat!(
            "
                ",
            $column,
            " = CASE WHEN subscribers.rectified_at IS NULL AND NOT EXISTS (
                    SELECT 1
                    FROM restrictions
                    WHERE restrictions.subscriber_key = subscribers.subscriber_key
                ) THEN excluded.",
            $column,
            " ELSE subscribers.",
            $column,
            " END"
        )
    };
}

impl Transaction {
    async fn is_forgotten(&mut self, gdpr: &Gdpr, number: &SubscriberNumber) -> Result<bool> {
        const SELECT: &str = "SELECT erased_key FROM erasures WHERE erased_key = $1";
        let key = gdpr.keys.pseudonym(Domain::Erasure, number);
        let found: Option<String> = fetch!(query_scalar, fetch_optional, self, SELECT, &key)?;
        Ok(found.is_some())
    }

    async fn save_subscriber(&mut self, gdpr: &Gdpr, subscriber: &Subscriber) -> Result<()> {
        const UPSERT: &str = concat!(
            "
            INSERT INTO subscribers (
                subscriber_key,
                district,
                plan,
                first_seen_at,
                last_seen_at
            )
            VALUES ($1, $2, $3, $4, $4)
            ON CONFLICT (subscriber_key) DO UPDATE SET
                first_seen_at = CASE
                    WHEN subscribers.first_seen_at > excluded.first_seen_at
                        THEN excluded.first_seen_at
                    ELSE subscribers.first_seen_at
                END,
                last_seen_at = excluded.last_seen_at,",
            unless_settled!("district"),
            ",",
            unless_settled!("plan")
        );

        let key = gdpr.keys.pseudonym(Domain::Subscriber, &subscriber.number);

        execute!(
            self,
            UPSERT,
            &key,
            &subscriber.district,
            &subscriber.plan,
            gdpr.now.timestamp()
        )?;

        Ok(())
    }

    /// Removes those who no longer subscribe. Someone who had a processing restricted is
    /// kept (article 18).
    async fn remove_unseen(&mut self, now: DateTime<Utc>) -> Result<u64> {
        const DELETE: &str = "
            DELETE FROM subscribers
            WHERE last_seen_at <> $1
                AND NOT EXISTS (
                    SELECT 1
                    FROM restrictions
                    WHERE restrictions.subscriber_key = subscribers.subscriber_key
                )";

        Ok(execute!(self, DELETE, now.timestamp())?)
    }

    async fn count_seen(&mut self, now: DateTime<Utc>) -> Result<u64> {
        const COUNT: &str = "SELECT COUNT(*) FROM subscribers WHERE last_seen_at = $1";
        let count: i64 = fetch!(query_scalar, fetch_one, self, COUNT, now.timestamp())?;
        Ok(count as u64)
    }
}
