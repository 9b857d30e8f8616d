//! The data held of a person, to be given to them (articles 15 and 20) and corrected (article 16).

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{AuditEntry, Consent, Domain, Gdpr, Restriction, SubscriberNumber};
use crate::engine::{Access, Transaction};
use crate::per_engine::{execute, fetch};
use crate::row::row;
use crate::{DatabaseError, Result, stored};

/// All that is held of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PersonFile {
    /// The age band; none without a consent.
    pub age_band: Option<String>,
    /// The district of their home, when the operator knows it.
    pub district: Option<String>,
    /// The plan paid for.
    pub plan: Option<String>,
    /// The first collection that named this subscriber, UTC.
    pub first_seen_at: DateTime<Utc>,
    /// The last one, UTC.
    pub last_seen_at: DateTime<Utc>,
    /// The last correction that the person asked for, UTC.
    pub rectified_at: Option<DateTime<Utc>>,
    /// The person's decisions, the oldest first.
    pub consents: Vec<Consent>,
    /// The processings that the person had stopped.
    pub restrictions: Vec<Restriction>,
    /// Readings and changes of these data, the oldest first.
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

row! {
    struct PersonRow {
        age_band: Option<String>,
        district: Option<String>,
        plan: Option<String>,
        first_seen_at: i64,
        last_seen_at: i64,
        rectified_at: Option<i64>,
    }
}

impl Gdpr {
    /// Gives all that is held of a person, this reading included; none when nobody has this number.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn export(&self, person: &SubscriberNumber) -> Result<Option<PersonFile>> {
        let mut transaction = self.database.begin(Access::Write).await?;
        let key = self.keys.pseudonym(Domain::Subscriber, person);
        let Some(row) = transaction.subscriber(&key).await? else {
            return Ok(None);
        };

        // The log comes first: the person also reads that their file was read.
        transaction
            .audit(self, "export", Some("rights"), Some(person), 1)
            .await?;
        let file = transaction.person_file(self, person, &key, row).await?;

        self.commit(transaction).await?;
        Ok(Some(file))
    }

    /// Corrects the data held of a person; the next imports leave these values as they are.
    ///
    /// # Errors
    /// When nobody has this number, or an age band is given without a consent to hold it.
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
        if values.age_band.is_some() && !transaction.agrees_to_age_statistics(&key).await? {
            return Err(DatabaseError::AgeWithoutConsent);
        }

        execute!(
            &mut transaction,
            UPDATE,
            &key,
            &values.age_band,
            &values.district,
            &values.plan,
            self.now.timestamp()
        )?;

        transaction
            .audit(self, "rectify", Some("rights"), Some(person), 1)
            .await?;

        self.commit(transaction).await
    }
}

impl Transaction {
    async fn subscriber(&mut self, key: &str) -> Result<Option<PersonRow>> {
        const SELECT: &str = "
            SELECT
                age_band,
                district,
                plan,
                first_seen_at,
                last_seen_at,
                rectified_at
            FROM subscribers
            WHERE subscriber_key = $1";

        Ok(fetch!(query_as, fetch_optional, self, SELECT, key)?)
    }

    async fn person_file(
        &mut self,
        gdpr: &Gdpr,
        person: &SubscriberNumber,
        key: &str,
        row: PersonRow,
    ) -> Result<PersonFile> {
        let instant = |seconds| stored::instant("instant", seconds);

        Ok(PersonFile {
            age_band: row.age_band,
            district: row.district,
            plan: row.plan,
            first_seen_at: instant(row.first_seen_at)?,
            last_seen_at: instant(row.last_seen_at)?,
            rectified_at: row.rectified_at.map(instant).transpose()?,
            consents: self.consents_of(key).await?,
            restrictions: self.restrictions_of(key).await?,
            audit_log: self.audit_of(gdpr, person).await?,
        })
    }
}
