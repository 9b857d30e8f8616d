use serde::{Deserialize, Serialize};

use crate::Result;
use crate::engine::{Access, Database, Transaction, on_engine};

/// A subscriber, minimised before entering: no name, no address, no birth date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscriber {
    /// A pseudonym: the operator alone can tell whose.
    pub subscriber_key: String,
    /// A band such as `25-34`.
    pub age_band: Option<String>,
    /// The district, not the address.
    pub district: Option<String>,
    /// The plan paid for.
    pub plan: Option<String>,
}

impl Database {
    /// Replaces the subscribers by those that the operator has now: who left the operator leaves this table.
    ///
    /// # Errors
    /// When a row breaks a rule of the model: nothing is then changed.
    pub async fn replace_subscribers(&self, subscribers: &[Subscriber]) -> Result<()> {
        let mut transaction = self.begin(Access::Write).await?;
        transaction.run("DELETE FROM subscribers").await?;
        for subscriber in subscribers {
            transaction.save_subscriber(subscriber).await?;
        }
        transaction.commit().await
    }

    /// How many subscribers there are.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn count_subscribers(&self) -> Result<u64> {
        const COUNT: &str = "SELECT COUNT(*) FROM subscribers";
        let count: i64 = on_engine!(&self.pool, |pool| sqlx::query_scalar(COUNT).fetch_one(pool).await)?;
        Ok(count as u64)
    }
}

impl Transaction {
    async fn save_subscriber(&mut self, subscriber: &Subscriber) -> Result<()> {
        const UPSERT: &str = "
            INSERT INTO subscribers (subscriber_key, age_band, district, plan)
            VALUES ($1, $2, $3, $4)
            ON CONFLICT (subscriber_key) DO UPDATE SET
                age_band = excluded.age_band,
                district = excluded.district,
                plan = excluded.plan";
        on_engine!(self, |transaction| {
            sqlx::query(UPSERT)
                .bind(&subscriber.subscriber_key)
                .bind(&subscriber.age_band)
                .bind(&subscriber.district)
                .bind(&subscriber.plan)
                .execute(&mut **transaction)
                .await
                .map(drop)
        })?;
        Ok(())
    }
}
