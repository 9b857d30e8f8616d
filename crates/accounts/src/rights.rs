//! The rights of a person over their account: see, take away, correct, erase.

use chrono::{DateTime, Utc};
use filrouge_types::Secret;
use serde::Serialize;

use crate::accounts::instant;
use crate::consents::ConsentRow;
use crate::engine::execute;
use crate::people::require_one;
use crate::{
    AccountId, Accounts, AccountsError, EmailAddress, Favourite, Result, RightsRequest, Session,
};

/// All that is held of a person, in a form that another program reads (articles 15 and 20).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PersonalCopy {
    email: String,
    role: &'static str,
    created_at: DateTime<Utc>,
    last_login_at: DateTime<Utc>,
    has_second_factor: bool,
    favourites: Vec<FavouriteCopy>,
    consents: Vec<ConsentCopy>,
    sessions: Vec<SessionCopy>,
    requests: Vec<RequestCopy>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct FavouriteCopy {
    station_id: String,
    added_at: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct ConsentCopy {
    purpose: String,
    is_given: bool,
    answered_at: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct SessionCopy {
    device: String,
    opened_at: DateTime<Utc>,
    last_used_at: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct RequestCopy {
    kind: &'static str,
    received_at: DateTime<Utc>,
    due_at: DateTime<Utc>,
    answered_at: Option<DateTime<Utc>>,
}

impl From<Favourite> for FavouriteCopy {
    fn from(favourite: Favourite) -> Self {
        Self {
            station_id: favourite.station_id.to_string(),
            added_at: favourite.added_at,
        }
    }
}

impl TryFrom<ConsentRow> for ConsentCopy {
    type Error = AccountsError;

    fn try_from(row: ConsentRow) -> Result<Self> {
        Ok(Self {
            purpose: row.purpose,
            is_given: row.is_given == 1,
            answered_at: instant("answered_at", row.answered_at)?,
        })
    }
}

impl From<Session> for SessionCopy {
    fn from(session: Session) -> Self {
        Self {
            device: session.device,
            opened_at: session.opened_at,
            last_used_at: session.last_used_at,
        }
    }
}

impl From<RightsRequest> for RequestCopy {
    fn from(request: RightsRequest) -> Self {
        Self {
            kind: request.kind.name(),
            received_at: request.received_at,
            due_at: request.due_at,
            answered_at: request.answered_at,
        }
    }
}

impl Accounts {
    /// Everything that the accounts hold of a person. The hash of the password is no datum of use to
    /// them, and would be one to a thief.
    ///
    /// # Errors
    /// [`AccountsError::NotFound`], or those of the database.
    pub async fn personal_copy(
        &self,
        account_id: &AccountId,
        now: DateTime<Utc>,
    ) -> Result<PersonalCopy> {
        let person = self.person(account_id).await?;
        let favourites = self.favourites(account_id).await?;
        let sessions = self.sessions(account_id, now).await?;
        let requests = self.requests_of(account_id).await?;
        let consents = self.consent_rows(account_id).await?;

        Ok(PersonalCopy {
            email: person.email.as_str().to_owned(),
            role: person.role.name(),
            created_at: person.created_at,
            last_login_at: person.last_login_at,
            has_second_factor: person.has_second_factor,
            favourites: favourites.into_iter().map(FavouriteCopy::from).collect(),
            consents: consents
                .into_iter()
                .map(ConsentCopy::try_from)
                .collect::<Result<_>>()?,
            sessions: sessions.into_iter().map(SessionCopy::from).collect(),
            requests: requests.into_iter().map(RequestCopy::from).collect(),
        })
    }

    /// Corrects the address of an account. The address opens it: the password is asked for, and
    /// every session ends but the new one, whose token is given.
    ///
    /// # Errors
    /// [`AccountsError::WrongCredentials`], [`AccountsError::EmailTaken`], or those of the database.
    pub async fn correct_email(
        &self,
        account_id: &AccountId,
        password: &Secret,
        email: &EmailAddress,
        device: &str,
        now: DateTime<Utc>,
    ) -> Result<Secret> {
        self.confirm_password(account_id, password).await?;

        let changed = execute!(
            &self.pool,
            "UPDATE accounts SET email = $1 WHERE account_id = $2",
            email.as_str(),
            account_id.as_str(),
        );
        changed.map_err(taken)?;
        self.rotate_session(account_id, device, now).await
    }

    /// Erases an account with all that it keeps. Its requests stay, without its name, to prove that
    /// they were answered.
    ///
    /// # Errors
    /// [`AccountsError::WrongCredentials`], or those of the database.
    pub async fn erase(&self, account_id: &AccountId, password: &Secret) -> Result<()> {
        self.confirm_password(account_id, password).await?;

        // The references take the rest with them.
        let erased = execute!(
            &self.pool,
            "DELETE FROM accounts WHERE account_id = $1",
            account_id.as_str(),
        )?;
        require_one(erased)
    }
}

/// The engine itself refuses the address of another: asking first would leave time for a race.
fn taken(error: sqlx::Error) -> AccountsError {
    let refusal = error.as_database_error();
    if refusal.is_some_and(|refusal| refusal.is_unique_violation()) {
        return AccountsError::EmailTaken;
    }
    error.into()
}
