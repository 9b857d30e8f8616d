//! Sessions: an opaque token in a cookie, its hash here.

use chrono::{DateTime, TimeDelta, Utc};
use filrouge_types::Secret;

use crate::accounts::instant;
use crate::engine::{execute, fetch, row};
use crate::token::{draw_token, hash_of};
use crate::{AccountId, Accounts, AccountsError, EmailAddress, Result, Role, SessionId};

/// A session that nobody uses ends after this long.
pub const IDLE_LIFETIME: TimeDelta = TimeDelta::minutes(30);
/// A session ends after this long, used or not.
pub const ABSOLUTE_LIFETIME: TimeDelta = TimeDelta::hours(12);

/// The use of a session is written down this often at most: a page must not cost a write.
const NOTED_EVERY: TimeDelta = TimeDelta::minutes(1);

/// Characters kept of the browser's name: enough to recognise one's own.
const DEVICE_CHARACTERS: usize = 80;

/// A session as its owner sees it in the list of theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its name, to end it.
    pub session_id: SessionId,
    /// The browser, as it presents itself.
    pub device: String,
    /// Instant of the login.
    pub opened_at: DateTime<Utc>,
    /// Instant of the last page, to the minute.
    pub last_used_at: DateTime<Utc>,
}

/// Somebody whose session is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The account that the session belongs to.
    pub account_id: AccountId,
    /// Their address.
    pub email: EmailAddress,
    /// The role now: a change of role ends the session.
    pub role: Role,
    /// The session of this request.
    pub session_id: SessionId,
}

row!(SignedInRow {
    account_id: String,
    email: String,
    role: String,
    session_id: String,
    last_used_at: i64,
});

row!(SessionRow {
    session_id: String,
    device: String,
    opened_at: i64,
    last_used_at: i64,
});

impl Accounts {
    /// Whose session this token opens, if it is not over. The session lives on.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn signed_in(&self, token: &Secret, now: DateTime<Utc>) -> Result<Option<SignedIn>> {
        let row: Option<SignedInRow> = fetch!(
            fetch_optional,
            &self.pool,
            "SELECT accounts.account_id, email, role, session_id, last_used_at
             FROM sessions JOIN accounts ON accounts.account_id = sessions.account_id
             WHERE token_hash = $1 AND opened_at > $2 AND last_used_at > $3 AND disabled_at IS NULL",
            hash_of(token),
            (now - ABSOLUTE_LIFETIME).timestamp(),
            (now - IDLE_LIFETIME).timestamp(),
        )?;
        let Some(row) = row else {
            return Ok(None);
        };

        if now - instant("last_used_at", row.last_used_at)? >= NOTED_EVERY {
            execute!(
                &self.pool,
                "UPDATE sessions SET last_used_at = $1 WHERE session_id = $2",
                now.timestamp(),
                row.session_id.as_str(),
            )?;
        }

        let role = row.role.parse();
        Ok(Some(SignedIn {
            account_id: AccountId::stored(row.account_id),
            email: row.email.parse()?,
            role: role.map_err(|_| AccountsError::Corrupt("role"))?,
            session_id: SessionId::stored(row.session_id),
        }))
    }

    /// The open sessions of an account, the last one used first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn sessions(
        &self,
        account_id: &AccountId,
        now: DateTime<Utc>,
    ) -> Result<Vec<Session>> {
        let rows: Vec<SessionRow> = fetch!(
            fetch_all,
            &self.pool,
            "SELECT session_id, device, opened_at, last_used_at FROM sessions
             WHERE account_id = $1 AND opened_at > $2 AND last_used_at > $3
             ORDER BY last_used_at DESC, session_id",
            account_id.as_str(),
            (now - ABSOLUTE_LIFETIME).timestamp(),
            (now - IDLE_LIFETIME).timestamp(),
        )?;

        rows.into_iter().map(Session::try_from).collect()
    }

    /// Ends one session of that account. One that is over stays so; another's goes on.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn end_session(&self, account_id: &AccountId, session_id: &SessionId) -> Result<()> {
        execute!(
            &self.pool,
            "DELETE FROM sessions WHERE session_id = $1 AND account_id = $2",
            session_id.as_str(),
            account_id.as_str(),
        )?;
        Ok(())
    }

    /// Ends every session of that account.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn end_every_session(&self, account_id: &AccountId) -> Result<()> {
        execute!(
            &self.pool,
            "DELETE FROM sessions WHERE account_id = $1",
            account_id.as_str(),
        )?;
        Ok(())
    }

    /// Opens a session, whose token is given once. No session takes the token of another: a token
    /// that somebody planted in a browser opens nothing.
    pub(crate) async fn open_session(
        &self,
        account_id: &AccountId,
        device: &str,
        now: DateTime<Utc>,
    ) -> Result<Secret> {
        let token = draw_token()?;
        let session_id = SessionId::draw()?;
        let is_printable = |c: &char| !c.is_control();
        let device: String = device
            .chars()
            .filter(is_printable)
            .take(DEVICE_CHARACTERS)
            .collect();

        execute!(
            &self.pool,
            "INSERT INTO sessions (session_id, token_hash, account_id, device, opened_at, last_used_at)
             VALUES ($1, $2, $3, $4, $5, $5)",
            session_id.as_str(),
            hash_of(&token),
            account_id.as_str(),
            device,
            now.timestamp(),
        )?;
        Ok(token)
    }

    /// Ends every session of that account and opens another: the rotation at each change of right.
    pub(crate) async fn rotate_session(
        &self,
        account_id: &AccountId,
        device: &str,
        now: DateTime<Utc>,
    ) -> Result<Secret> {
        self.end_every_session(account_id).await?;
        self.open_session(account_id, device, now).await
    }
}

impl TryFrom<SessionRow> for Session {
    type Error = AccountsError;

    fn try_from(row: SessionRow) -> Result<Self> {
        Ok(Self {
            session_id: SessionId::stored(row.session_id),
            device: row.device,
            opened_at: instant("opened_at", row.opened_at)?,
            last_used_at: instant("last_used_at", row.last_used_at)?,
        })
    }
}
