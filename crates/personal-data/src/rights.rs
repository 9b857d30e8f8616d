//! Rectification, restriction, consent: rights that change rows of the database only.

use filrouge_database::SubscriberNumber;
use filrouge_database::gdpr::{Decision, Rectification};

use crate::{PersonalData, Result};

impl PersonalData<'_> {
    /// Corrects the data of a person (article 16); the next imports keep these values.
    ///
    /// # Errors
    /// When nobody has this number, an age band is given without a consent to hold it, or the
    /// database does not answer.
    pub async fn rectify(&self, person: &SubscriberNumber, values: &Rectification) -> Result<()> {
        Ok(self.records.rectify(person, values).await?)
    }

    /// Stops a processing for a person (article 18). Stopping it twice changes nothing.
    ///
    /// # Errors
    /// When nobody has this number, the register has no such processing, or the database does not
    /// answer.
    pub async fn restrict(&self, person: &SubscriberNumber, processing: &str) -> Result<()> {
        Ok(self.records.restrict(person, processing).await?)
    }

    /// Lets a processing go on for a person, who was told of it beforehand.
    ///
    /// # Errors
    /// As [`restrict`](Self::restrict).
    pub async fn lift_restriction(
        &self,
        person: &SubscriberNumber,
        processing: &str,
    ) -> Result<()> {
        Ok(self.records.lift_restriction(person, processing).await?)
    }

    /// Adds a decision to the history of a person's consents (article 7); the earlier ones stay.
    ///
    /// # Errors
    /// When nobody has this number, the processing does not rest on consent, or the database does
    /// not answer.
    pub async fn record_consent(
        &self,
        person: &SubscriberNumber,
        processing: &str,
        decision: Decision,
    ) -> Result<()> {
        Ok(self.records.decide(person, processing, decision).await?)
    }

    /// Adds a person's agreement to the statistics by age, and keeps the age band that they give
    /// with it.
    ///
    /// # Errors
    /// When nobody has this number, or the database does not answer.
    pub async fn agree_to_age_statistics(
        &self,
        person: &SubscriberNumber,
        age_band: &str,
    ) -> Result<()> {
        let agreed = self.records.agree_to_age_statistics(person, age_band);
        Ok(agreed.await?)
    }
}
