//! The second factor: a key shared with an authenticator, and the codes that it gives.

use chrono::{DateTime, Utc};
use filrouge_types::Secret;

use crate::engine::{execute, fetch};
use crate::people::require_one;
use crate::token::random;
use crate::totp::{base32, matching_step};
use crate::{AccountId, Accounts, AccountsError, Result};

/// The key of a second factor, shown once to its owner.
#[derive(Debug, Clone)]
pub struct SecondFactorKey(Vec<u8>);

impl SecondFactorKey {
    /// The key as an authenticator takes it.
    pub fn reveal(&self) -> String {
        base32(&self.0)
    }

    /// The code of an instant, as an authenticator shows it.
    pub fn code_at(&self, instant: DateTime<Utc>) -> u32 {
        crate::totp::code_of(&self.0, instant.timestamp().div_euclid(30))
    }
}

impl Accounts {
    /// Draws a key, which asks for nothing until a code of it was given back.
    ///
    /// # Errors
    /// [`AccountsError::NotFound`] when the account has a second factor already; those of the
    /// database.
    pub async fn begin_second_factor(&self, account_id: &AccountId) -> Result<SecondFactorKey> {
        // 160 bits: the length that RFC 4226 recommends.
        let key = random::<20>()?;
        let changed = execute!(
            &self.pool,
            "UPDATE accounts SET totp_key = $1, totp_last_step = NULL
             WHERE account_id = $2 AND totp_confirmed_at IS NULL",
            hex::encode(key),
            account_id.as_str(),
        )?;
        require_one(changed)?;
        Ok(SecondFactorKey(key.to_vec()))
    }

    /// The key that was drawn and not confirmed yet, to be shown again.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn pending_second_factor(
        &self,
        account_id: &AccountId,
    ) -> Result<Option<SecondFactorKey>> {
        let row: Option<(Option<String>,)> = fetch!(
            fetch_optional,
            &self.pool,
            "SELECT totp_key FROM accounts WHERE account_id = $1 AND totp_confirmed_at IS NULL",
            account_id.as_str(),
        )?;
        let key = row.and_then(|(key,)| key);
        key.map(|key| decode(&key)).transpose()
    }

    /// Puts the second factor in service: its owner has shown that they can read its codes. The
    /// sessions end; the token of a new one is given.
    ///
    /// # Errors
    /// [`AccountsError::WrongCode`], or those of the database.
    pub async fn confirm_second_factor(
        &self,
        account_id: &AccountId,
        code: u32,
        device: &str,
        now: DateTime<Utc>,
    ) -> Result<Secret> {
        self.spend_code(account_id, code, now).await?;

        execute!(
            &self.pool,
            "UPDATE accounts SET totp_confirmed_at = $1 WHERE account_id = $2",
            now.timestamp(),
            account_id.as_str(),
        )?;

        self.rotate_session(account_id, device, now).await
    }

    /// Takes the second factor out of service. The sessions end; the token of a new one is given.
    ///
    /// # Errors
    /// [`AccountsError::WrongCredentials`], or those of the database.
    pub async fn remove_second_factor(
        &self,
        account_id: &AccountId,
        password: &Secret,
        device: &str,
        now: DateTime<Utc>,
    ) -> Result<Secret> {
        self.confirm_password(account_id, password).await?;
        self.forget_second_factor(account_id).await?;
        self.rotate_session(account_id, device, now).await
    }

    pub(crate) async fn forget_second_factor(&self, account_id: &AccountId) -> Result<()> {
        execute!(
            &self.pool,
            "UPDATE accounts SET totp_key = NULL, totp_confirmed_at = NULL, totp_last_step = NULL
             WHERE account_id = $1",
            account_id.as_str(),
        )?;
        Ok(())
    }

    /// Accepts a code once: whoever reads it over a shoulder comes too late (RFC 6238, section 5.2).
    pub(crate) async fn spend_code(
        &self,
        account_id: &AccountId,
        code: u32,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let row: Option<(Option<String>,)> = fetch!(
            fetch_optional,
            &self.pool,
            "SELECT totp_key FROM accounts WHERE account_id = $1",
            account_id.as_str(),
        )?;
        let key = row.and_then(|(key,)| key).ok_or(AccountsError::WrongCode)?;
        let SecondFactorKey(key) = decode(&key)?;
        let step = matching_step(&key, code, now).ok_or(AccountsError::WrongCode)?;

        // One statement: of two requests with the same code, one finds it spent.
        let spent = execute!(
            &self.pool,
            "UPDATE accounts SET totp_last_step = $1
             WHERE account_id = $2 AND (totp_last_step IS NULL OR totp_last_step < $1)",
            step,
            account_id.as_str(),
        )?;
        if spent == 0 {
            return Err(AccountsError::WrongCode);
        }
        Ok(())
    }
}

fn decode(key: &str) -> Result<SecondFactorKey> {
    let key = hex::decode(key).map_err(|_| AccountsError::Corrupt("totp_key"))?;
    Ok(SecondFactorKey(key))
}
