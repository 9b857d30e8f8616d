//! What is held of a person, to be given to them (articles 15 and 20) and corrected (article 16).

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{AuditEntry, Consent, Domain, Gdpr, Restriction, SubscriberNumber};
use crate::engine::{Access, Transaction, on_engine};
use crate::{Result, stored};

/// All that is held of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PersonFile {
    /// The age band.
    pub age_band: Option<String>,
    /// The district.
    pub district: Option<String>,
    /// The plan paid for.
    pub plan: Option<String>,
    /// When the operator first named this subscriber, UTC.
    pub first_seen_at: DateTime<Utc>,
    /// When it last did, UTC.
    pub last_seen_at: DateTime<Utc>,
    /// When the person had these values corrected, UTC.
    pub rectified_at: Option<DateTime<Utc>>,
    /// What the person decided, the oldest first.
    pub consents: Vec<Consent>,
    /// The processings that the person had stopped.
    pub restrictions: Vec<Restriction>,
    /// Who read or changed these data, the oldest first.
    pub audit_log: Vec<AuditEntry>,
}

/// New values, for the columns that are wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rectification {
    /// The right age band.
    pub age_band: Option<String>,
    /// The right district.
    pub district: Option<String>,
    /// The right plan.
    pub plan: Option<String>,
}

type Columns = (
    Option<String>,
    Option<String>,
    Option<String>,
    i64,
    i64,
    Option<i64>,
);

impl Gdpr {
    /// All that is held of a person, this reading included; none when nobody has this number.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn export(&self, person: &SubscriberNumber) -> Result<Option<PersonFile>> {
        let mut transaction = self.database.begin(Access::Write).await?;
        let key = self.keys.pseudonym(Domain::Subscriber, person);
        let Some(columns) = transaction.subscriber(&key).await? else {
            return Ok(None);
        };
        transaction
            .audit(self, "export", Some("rights"), Some(person), 1)
            .await?;
        let file = transaction.person_file(self, person, &key, columns).await?;
        transaction.commit().await?;
        Ok(Some(file))
    }

    /// Corrects what is held of a person; the next imports leave these values as they are.
    ///
    /// # Errors
    /// When nobody has this number.
    pub async fn rectify(&self, person: &SubscriberNumber, values: &Rectification) -> Result<()> {
        const UPDATE: &str = "
            UPDATE subscribers
            SET age_band = COALESCE($2, age_band),
                district = COALESCE($3, district),
                plan = COALESCE($4, plan),
                rectified_at = $5
            WHERE subscriber_key = $1";

        let mut transaction = self.database.begin(Access::Write).await?;
        let key = transaction.known_subscriber(self, person).await?;

        on_engine!(&mut transaction, |transaction| {
            sqlx::query(UPDATE)
                .bind(&key)
                .bind(&values.age_band)
                .bind(&values.district)
                .bind(&values.plan)
                .bind(self.now.timestamp())
                .execute(&mut **transaction)
                .await
                .map(drop)
        })?;

        transaction
            .audit(self, "rectify", Some("rights"), Some(person), 1)
            .await?;

        transaction.commit().await
    }
}

impl Transaction {
    async fn subscriber(&mut self, key: &str) -> Result<Option<Columns>> {
        const SELECT: &str = "
            SELECT age_band, district, plan, first_seen_at, last_seen_at, rectified_at
            FROM subscribers
            WHERE subscriber_key = $1";
        Ok(on_engine!(self, |transaction| {
            sqlx::query_as(SELECT)
                .bind(key)
                .fetch_optional(&mut **transaction)
                .await
        })?)
    }

    async fn person_file(
        &mut self,
        gdpr: &Gdpr,
        person: &SubscriberNumber,
        key: &str,
        (age_band, district, plan, first_seen_at, last_seen_at, rectified_at): Columns,
    ) -> Result<PersonFile> {
        let instant = |seconds| stored::instant("instant", seconds);

        Ok(PersonFile {
            age_band,
            district,
            plan,
            first_seen_at: instant(first_seen_at)?,
            last_seen_at: instant(last_seen_at)?,
            rectified_at: rectified_at.map(instant).transpose()?,
            consents: self.consents_of(key).await?,
            restrictions: self.restrictions_of(key).await?,
            audit_log: self.audit_of(gdpr, person).await?,
        })
    }
}
