use chrono::{DateTime, Utc};
use filrouge_types::Secret;

use crate::engine::{execute, fetch, row};
use crate::{AccountId, Accounts, AccountsError, EmailAddress, Result};

/// The address, the password and the code of a person who logs in.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The address of the account.
    pub email: EmailAddress,
    /// The password, in clear until it is hashed.
    pub password: Secret,
    /// The code of the second factor, if any was given.
    pub code: Option<u32>,
}

row!(LogInRow {
    account_id: String,
    password_hash: String,
    totp_confirmed_at: Option<i64>,
});

impl Accounts {
    /// Opens a session, and gives its token.
    ///
    /// # Errors
    /// [`AccountsError::WrongCredentials`] whichever of the two is wrong, after the same work;
    /// [`AccountsError::CodeNeeded`] or [`AccountsError::WrongCode`] only to who knows the password.
    pub async fn log_in(
        &self,
        credentials: &Credentials,
        device: &str,
        now: DateTime<Utc>,
    ) -> Result<Secret> {
        let row: Option<LogInRow> = fetch!(
            fetch_optional,
            &self.pool,
            "SELECT account_id, password_hash, totp_confirmed_at FROM accounts
             WHERE email = $1 AND disabled_at IS NULL",
            credentials.email.as_str(),
        )?;
        let hash = row.as_ref().map(|row| row.password_hash.clone());

        let is_right = self.hashing.matches(&credentials.password, hash).await?;
        let Some(row) = row.filter(|_| is_right) else {
            return Err(AccountsError::WrongCredentials);
        };

        let account_id = AccountId::stored(row.account_id);
        if row.totp_confirmed_at.is_some() {
            let code = credentials.code.ok_or(AccountsError::CodeNeeded)?;
            self.spend_code(&account_id, code, now).await?;
        }

        execute!(
            &self.pool,
            "UPDATE accounts SET last_login_at = $1 WHERE account_id = $2",
            now.timestamp(),
            account_id.as_str(),
        )?;
        self.open_session(&account_id, device, now).await
    }

    /// Changes the password of somebody who knows the one of before. Every session ends; the token
    /// of a new one is given.
    ///
    /// # Errors
    /// [`AccountsError::WrongCredentials`], [`AccountsError::WeakPassword`], or those of the database.
    pub async fn change_password(
        &self,
        account_id: &AccountId,
        current: &Secret,
        new: &Secret,
        device: &str,
        now: DateTime<Utc>,
    ) -> Result<Secret> {
        self.confirm_password(account_id, current).await?;
        self.set_password(account_id, new).await?;
        self.open_session(account_id, device, now).await
    }

    /// Sets a password that follows the rules, and ends every session.
    pub(crate) async fn set_password(&self, account_id: &AccountId, new: &Secret) -> Result<()> {
        let person = self.person(account_id).await?;
        let hash = self.checked_hash(&person.email, new).await?;

        execute!(
            &self.pool,
            "UPDATE accounts SET password_hash = $1 WHERE account_id = $2",
            hash,
            account_id.as_str(),
        )?;
        self.end_every_session(account_id).await
    }

    /// Asks for the password again, before a change that cannot be undone.
    ///
    /// # Errors
    /// [`AccountsError::WrongCredentials`], or those of the database.
    pub async fn confirm_password(&self, account_id: &AccountId, password: &Secret) -> Result<()> {
        let row: Option<(String,)> = fetch!(
            fetch_optional,
            &self.pool,
            "SELECT password_hash FROM accounts WHERE account_id = $1 AND disabled_at IS NULL",
            account_id.as_str(),
        )?;

        let hash = row.map(|(hash,)| hash);
        if self.hashing.matches(password, hash).await? {
            return Ok(());
        }
        Err(AccountsError::WrongCredentials)
    }
}
