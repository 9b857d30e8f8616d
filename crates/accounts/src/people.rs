//! Accounts as an administrator sees them: who, with which role, in service or not.

use chrono::{DateTime, Utc};
use filrouge_types::Secret;

use crate::accounts::instant;
use crate::engine::{execute, fetch};
use crate::password::is_common;
use crate::token::random;
use crate::{AccountId, Accounts, AccountsError, EmailAddress, Result, Role};

/// One account, without any secret of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The account, by which every method names it.
    pub account_id: AccountId,
    /// Its address.
    pub email: EmailAddress,
    /// The role, from which its rights follow.
    pub role: Role,
    /// Instant at which it was opened.
    pub created_at: DateTime<Utc>,
    /// Instant of the last login; that of the creation before any.
    pub last_login_at: DateTime<Utc>,
    /// True when it may not log in any more.
    pub is_disabled: bool,
    /// True when a code is asked for besides the password.
    pub has_second_factor: bool,
}

crate::engine::row!(PersonRow {
    account_id: String,
    email: String,
    role: String,
    created_at: i64,
    last_login_at: i64,
    disabled_at: Option<i64>,
    totp_confirmed_at: Option<i64>,
});

/// The columns of a [`PersonRow`], then the end of the query.
macro_rules! select_person {
    ($end:literal) => {
        concat!(
            "SELECT account_id, email, role, created_at, last_login_at, disabled_at, totp_confirmed_at \
             FROM accounts ",
            $end
        )
    };
}

impl Accounts {
    /// Every account, by address.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn people(&self) -> Result<Vec<Person>> {
        let rows: Vec<PersonRow> = fetch!(fetch_all, &self.pool, select_person!("ORDER BY email"))?;
        rows.into_iter().map(Person::try_from).collect()
    }

    /// The account of an address.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn find_by_email(&self, email: &EmailAddress) -> Result<Option<Person>> {
        let row: Option<PersonRow> = fetch!(
            fetch_optional,
            &self.pool,
            select_person!("WHERE email = $1"),
            email.as_str()
        )?;
        row.map(Person::try_from).transpose()
    }

    /// One account.
    ///
    /// # Errors
    /// [`AccountsError::NotFound`], or those of the database.
    pub async fn person(&self, account_id: &AccountId) -> Result<Person> {
        let row: Option<PersonRow> = fetch!(
            fetch_optional,
            &self.pool,
            select_person!("WHERE account_id = $1"),
            account_id.as_str()
        )?;
        row.ok_or(AccountsError::NotFound)?.try_into()
    }

    /// Gives an account another role. Its sessions end: none lives on with the rights of before.
    ///
    /// # Errors
    /// [`AccountsError::NotFound`], or those of the database.
    pub async fn set_role(&self, account_id: &AccountId, role: Role) -> Result<()> {
        let changed = execute!(
            &self.pool,
            "UPDATE accounts SET role = $1 WHERE account_id = $2",
            role.name(),
            account_id.as_str(),
        )?;
        require_one(changed)?;
        self.end_every_session(account_id).await
    }

    /// Closes an account to its person, or opens it again. Its sessions end.
    ///
    /// # Errors
    /// [`AccountsError::NotFound`], or those of the database.
    pub async fn set_disabled(
        &self,
        account_id: &AccountId,
        disabled_at: Option<DateTime<Utc>>,
    ) -> Result<()> {
        let changed = execute!(
            &self.pool,
            "UPDATE accounts SET disabled_at = $1 WHERE account_id = $2",
            disabled_at.map(|instant| instant.timestamp()),
            account_id.as_str(),
        )?;
        require_one(changed)?;
        self.end_every_session(account_id).await
    }

    /// A password that nobody chose, for an account that somebody else opens: 96 random bits, less
    /// what the rules refuse.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub fn draw_password() -> Result<Secret> {
        loop {
            let text = hex::encode(random::<12>()?);
            // Groups of six are easier to copy.
            let groups: Vec<&str> = (0..4)
                .map(|group| &text[6 * group..6 * group + 6])
                .collect();

            let password = groups.join("-");
            // Two in a thousand have hardly a letter.
            if !is_common(&password) {
                return Ok(password.into());
            }
        }
    }
}

impl TryFrom<PersonRow> for Person {
    type Error = AccountsError;

    fn try_from(row: PersonRow) -> Result<Self> {
        let role = row.role.parse();

        Ok(Self {
            account_id: AccountId::stored(row.account_id),
            email: row.email.parse()?,
            role: role.map_err(|_| AccountsError::Corrupt("role"))?,
            created_at: instant("created_at", row.created_at)?,
            last_login_at: instant("last_login_at", row.last_login_at)?,
            is_disabled: row.disabled_at.is_some(),
            has_second_factor: row.totp_confirmed_at.is_some(),
        })
    }
}

/// A statement that must have changed the one row of who asks.
pub(crate) fn require_one(changed: u64) -> Result<()> {
    if changed == 0 {
        return Err(AccountsError::NotFound);
    }
    Ok(())
}
