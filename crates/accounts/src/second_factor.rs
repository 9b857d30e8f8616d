//! The second factor: a key shared with an authenticator, and the codes that it gives.

use chrono::{DateTime, Utc};
use filrouge_types::Secret;

use crate::engine::{execute, fetch};
use crate::people::require_one;
use crate::token::random;
use crate::totp::{base32, matching_step};
use crate::{AccountId, Accounts, AccountsError, Result};

/// Bytes of a key: 160 bits, the length that RFC 4226 recommends.
const KEY_BYTES: usize = 20;

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
        let key = random::<KEY_BYTES>()?;
        let sealed = self.sealing.seal(account_id, &key)?;
        let changed = execute!(
            &self.pool,
            "UPDATE accounts SET totp_key = $1, totp_last_step = NULL
             WHERE account_id = $2 AND totp_confirmed_at IS NULL",
            sealed,
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
        key.map(|key| self.unseal(account_id, &key)).transpose()
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
        let SecondFactorKey(key) = self.unseal(account_id, &key)?;
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

    /// Encrypts the keys that a database of before holds in clear. None is found from then on.
    pub(crate) async fn seal_clear_keys(&self) -> Result<()> {
        let hexadecimal_digits = 2 * KEY_BYTES as i64;
        let clear: Vec<(String, String)> = fetch!(
            fetch_all,
            &self.pool,
            "SELECT account_id, totp_key FROM accounts WHERE length(totp_key) = $1",
            hexadecimal_digits,
        )?;

        for (account_id, key) in clear {
            let account_id = AccountId::stored(account_id);
            let bytes = hex::decode(&key).map_err(|_| AccountsError::Corrupt("totp_key"))?;
            execute!(
                &self.pool,
                "UPDATE accounts SET totp_key = $1 WHERE account_id = $2 AND totp_key = $3",
                self.sealing.seal(&account_id, &bytes)?,
                account_id.as_str(),
                key,
            )?;
        }
        Ok(())
    }

    fn unseal(&self, account_id: &AccountId, sealed: &str) -> Result<SecondFactorKey> {
        let key = self.sealing.open(account_id, sealed);
        key.map(SecondFactorKey)
            .ok_or(AccountsError::Corrupt("totp_key"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Role;

    #[tokio::test]
    async fn a_key_in_clear_is_encrypted_when_the_accounts_are_opened() {
        let folder = tempfile::tempdir().unwrap();
        let [file, key] =
            ["accounts.sqlite", "second-factors.key"].map(|name| folder.path().join(name));
        let accounts = Accounts::open_file(&file, &key).await.unwrap();
        let now = "2026-03-01T08:00:00Z".parse().unwrap();
        let password = "la pluie sur le quai".to_owned().into();
        let email = "camille@exemple.fr".parse().unwrap();
        let created = accounts.create(&email, &password, Role::Rider, now);
        let account_id = created.await.unwrap();

        let clear = "3132333435363738393031323334353637383930";
        let changed = execute!(
            &accounts.pool,
            "UPDATE accounts SET totp_key = $1 WHERE account_id = $2",
            clear,
            account_id.as_str(),
        );
        assert_eq!(changed.unwrap(), 1);
        accounts.close().await;

        let accounts = Accounts::open_file(&file, &key).await.unwrap();
        let (stored,): (String,) =
            fetch!(fetch_one, &accounts.pool, "SELECT totp_key FROM accounts").unwrap();
        assert!(
            stored.len() > clear.len() && !stored.contains(clear),
            "{stored}"
        );
        let pending = accounts.pending_second_factor(&account_id).await.unwrap();
        assert_eq!(pending.unwrap().0, hex::decode(clear).unwrap());
    }
}
