//! The accounts, their sessions and their data, in one database.

use std::path::Path;

use chrono::{DateTime, Utc};
use filrouge_storage::create_private;
use filrouge_types::Secret;

use crate::engine::{Pool, execute, fetch};
use crate::hashing::PasswordHashing;
use crate::password::flaw;
use crate::sealing::Sealing;
use crate::{AccountId, AccountsError, EmailAddress, Result, Role};

/// The accounts of the application. Clones share their connections.
#[derive(Debug, Clone)]
pub struct Accounts {
    pub(crate) pool: Pool,
    pub(crate) hashing: PasswordHashing,
    pub(crate) sealing: Sealing,
}

impl Accounts {
    /// Opens the database at `address`, `sqlite:<path>` (created when absent) or `postgres://…`, and
    /// brings its schema up to date. The file `sealing_key`, drawn when absent, encrypts the keys of
    /// second factors: it must not be kept with copies of the database.
    ///
    /// # Errors
    /// When the database cannot be reached or migrated, or the key cannot be used.
    pub async fn open(address: &str, sealing_key: &Path) -> Result<Self> {
        let accounts = Self {
            pool: Pool::open(address).await?,
            hashing: PasswordHashing::new(),
            sealing: Sealing::of_file(sealing_key)?,
        };
        accounts.seal_clear_keys().await?;
        Ok(accounts)
    }

    /// The same, in the SQLite file at `path`, which its owner alone may read.
    ///
    /// # Errors
    /// When the file cannot be opened or migrated, or the key cannot be used.
    pub async fn open_file(path: &Path, sealing_key: &Path) -> Result<Self> {
        // SQLite would make a file that others can read; those that it puts beside have its rights.
        create_private(path, b"")?;
        Self::open(&format!("sqlite:{}", path.display()), sealing_key).await
    }

    /// Writes the accounts in the file at `path`, which must not be there, as they are at one instant,
    /// for a backup. PostgreSQL has a program of its own for that.
    ///
    /// # Errors
    /// On PostgreSQL, or when the file cannot be written.
    pub async fn copy_into(&self, path: &Path) -> Result<()> {
        execute!(&self.pool, "VACUUM INTO $1", path.display().to_string())?;
        Ok(())
    }

    /// Opens an account.
    ///
    /// # Errors
    /// [`AccountsError::WeakPassword`], [`AccountsError::EmailTaken`], or those of the database.
    pub async fn create(
        &self,
        email: &EmailAddress,
        password: &Secret,
        role: Role,
        now: DateTime<Utc>,
    ) -> Result<AccountId> {
        let password_hash = self.checked_hash(email, password).await?;
        let account_id = AccountId::draw()?;

        let created = execute!(
            &self.pool,
            "INSERT INTO accounts (account_id, email, password_hash, role, created_at, last_login_at)
             VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT (email) DO NOTHING",
            account_id.as_str(),
            email.as_str(),
            password_hash,
            role.name(),
            now.timestamp(),
        )?;
        if created == 0 {
            return Err(AccountsError::EmailTaken);
        }

        Ok(account_id)
    }

    /// The hash of a password that follows the rules.
    pub(crate) async fn checked_hash(
        &self,
        email: &EmailAddress,
        password: &Secret,
    ) -> Result<String> {
        if let Some(flaw) = flaw(password.reveal(), email) {
            return Err(AccountsError::WeakPassword(flaw));
        }
        self.hashing.hash(password).await
    }

    /// Asks the engine for one row, to know whether it answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<()> {
        let _: (i64,) = fetch!(fetch_one, &self.pool, "SELECT CAST(1 AS BIGINT)")?;
        Ok(())
    }

    /// Closes the connections once their work is done.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// The instant that a column keeps as seconds since 1970.
pub(crate) fn instant(column: &'static str, seconds: i64) -> Result<DateTime<Utc>> {
    DateTime::from_timestamp(seconds, 0).ok_or(AccountsError::Corrupt(column))
}
