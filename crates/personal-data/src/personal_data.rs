use chrono::{DateTime, Utc};
use filrouge_database::gdpr::Forgotten;
use filrouge_database::{Database, Gdpr, Subscriber, SubscriberImport};
use filrouge_storage::StateFolder;

use crate::{Result, keys};

/// The personal data of one state, under the name of a role and at an instant.
#[derive(Debug)]
pub struct PersonalData<'a> {
    pub(crate) state: &'a StateFolder,
    pub(crate) database: &'a Database,
    pub(crate) records: Gdpr,
    pub(crate) now: DateTime<Utc>,
}

impl<'a> PersonalData<'a> {
    /// Opens the personal data for `actor`, drawing the keys of the pseudonyms the first time. The
    /// audit log will hold `actor`: a role or a program, never a person's name.
    ///
    /// # Errors
    /// When the keys cannot be read or are not those of this database, or it does not answer.
    pub async fn open(
        state: &'a StateFolder,
        database: &'a Database,
        actor: &str,
        now: DateTime<Utc>,
    ) -> Result<Self> {
        let keys = keys::pseudonym_keys(state)?;
        let records = Gdpr::open(database, &keys, actor, now).await?;

        Ok(Self {
            state,
            database,
            records,
            now,
        })
    }

    /// The people who asked to be forgotten: a collection leaves them out.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn forgotten(&self) -> Result<Forgotten> {
        Ok(self.records.forgotten().await?)
    }

    /// Replaces the subscribers by those of now, under pseudonyms: those who left or asked to be forgotten are not kept.
    ///
    /// # Errors
    /// When the database does not answer: nothing is then changed.
    pub async fn replace_subscribers(
        &self,
        subscribers: &[Subscriber],
    ) -> Result<SubscriberImport> {
        Ok(self.records.replace_subscribers(subscribers).await?)
    }
}
