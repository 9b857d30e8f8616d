//! A forgotten password: a link that works once, for a short while.

use chrono::{DateTime, TimeDelta, Utc};
use filrouge_types::Secret;

use crate::engine::{execute, fetch};
use crate::token::{draw_token, hash_of};
use crate::{AccountId, Accounts, AccountsError, EmailAddress, Result};

/// A link works for this long.
pub const RESET_LIFETIME: TimeDelta = TimeDelta::minutes(30);

impl Accounts {
    /// The token of a link that lets its bearer choose another password. The links of before stop
    /// working.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn begin_reset(&self, account_id: &AccountId, now: DateTime<Utc>) -> Result<Secret> {
        let token = draw_token()?;

        execute!(
            &self.pool,
            "DELETE FROM password_resets WHERE account_id = $1",
            account_id.as_str(),
        )?;

        execute!(
            &self.pool,
            "INSERT INTO password_resets (token_hash, account_id, expires_at) VALUES ($1, $2, $3)",
            hash_of(&token),
            account_id.as_str(),
            (now + RESET_LIFETIME).timestamp(),
        )?;

        Ok(token)
    }

    /// True as long as the link works.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn is_reset_open(&self, token: &Secret, now: DateTime<Utc>) -> Result<bool> {
        Ok(self.reset_account(token, now).await?.is_some())
    }

    /// The account that the link belongs to, as long as it works.
    async fn reset_account(&self, token: &Secret, now: DateTime<Utc>) -> Result<Option<AccountId>> {
        let row: Option<(String,)> = fetch!(
            fetch_optional,
            &self.pool,
            "SELECT account_id FROM password_resets WHERE token_hash = $1 AND expires_at > $2",
            hash_of(token),
            now.timestamp(),
        )?;
        Ok(row.map(|(account_id,)| AccountId::stored(account_id)))
    }

    /// Sets the password of the account that the link belongs to, ends its sessions, and gives its
    /// address. The second factor stays: a mailbox alone does not open the account.
    ///
    /// # Errors
    /// [`AccountsError::SpentLink`]; [`AccountsError::WeakPassword`], and the link still works; those
    /// of the database.
    pub async fn reset_password(
        &self,
        token: &Secret,
        password: &Secret,
        now: DateTime<Utc>,
    ) -> Result<EmailAddress> {
        let account_id = self.reset_account(token, now).await?;
        let account_id = account_id.ok_or(AccountsError::SpentLink)?;

        let person = self.person(&account_id).await?;
        let password_hash = self.checked_hash(&person.email, password).await?;

        // Spent before the password changes: of two requests with the same link, one comes too late.
        let spent = execute!(
            &self.pool,
            "DELETE FROM password_resets WHERE token_hash = $1",
            hash_of(token),
        )?;
        if spent == 0 {
            return Err(AccountsError::SpentLink);
        }

        execute!(
            &self.pool,
            "UPDATE accounts SET password_hash = $1 WHERE account_id = $2",
            password_hash,
            account_id.as_str(),
        )?;
        self.end_every_session(&account_id).await?;
        Ok(person.email)
    }

    /// Gives an account another password and takes its second factor away, at the request of whoever
    /// administers it. Its sessions end.
    ///
    /// # Errors
    /// [`AccountsError::WeakPassword`], [`AccountsError::NotFound`], or those of the database.
    pub async fn replace_password(&self, account_id: &AccountId, password: &Secret) -> Result<()> {
        self.set_password(account_id, password).await?;
        self.forget_second_factor(account_id).await
    }
}
