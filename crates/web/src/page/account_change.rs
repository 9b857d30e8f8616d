//! What follows a change of what opens an account: a session that starts again, and a message.

use axum::response::Response;
use filrouge_accounts::{AccountsError, EmailAddress, SignedIn};
use filrouge_types::Secret;

use super::account::{AccountForm, show_fault};
use super::error::PageError;
use super::fault::fault;
use super::respond::lead_to;
use crate::frame::Frame;
use crate::web::Web;

/// What opens an account.
#[derive(Debug, Clone, Copy)]
pub(super) enum AccountKey {
    Email,
    Password,
    SecondFactor,
}

impl AccountKey {
    fn form(self) -> AccountForm {
        match self {
            Self::Email => AccountForm::Email,
            Self::Password => AccountForm::Password,
            Self::SecondFactor => AccountForm::SecondFactor,
        }
    }

    /// The page of the account, which says that it is done.
    fn done(self) -> &'static str {
        match self {
            Self::Email => "/compte?fait=adresse",
            Self::Password => "/compte?fait=mot-de-passe",
            Self::SecondFactor => "/compte?fait=second-facteur",
        }
    }

    fn warning(self) -> &'static str {
        match self {
            Self::Email => "mail-changed-email",
            Self::Password => "mail-changed-password",
            Self::SecondFactor => "mail-changed-second-factor",
        }
    }
}

/// The session of the new token, and a warning to the address of before; the account with the fault of
/// the form else.
pub(super) async fn start_again(
    web: &Web,
    t: Frame,
    visitor: &SignedIn,
    key: AccountKey,
    changed: Result<Secret, AccountsError>,
) -> Result<Response, PageError> {
    match changed {
        Ok(token) => {
            warn(web, &t, &visitor.email, key);
            Ok(web.cookie().start(&token, lead_to(&t, key.done())))
        }
        Err(error) => {
            let fault = fault(&t, error)?;
            show_fault(web, t, visitor, key.form(), fault).await
        }
    }
}

/// Tells somebody that what opens their account was changed: when they did not do it, it is all that
/// they will see of it. The change is made already: an outbox that cannot be written undoes nothing.
pub(super) fn warn(web: &Web, t: &Frame, email: &EmailAddress, key: AccountKey) {
    let subject = t.say("mail-changed-subject");
    let body = t.say(key.warning());

    if let Err(error) = web.outbox().send(email, &subject, &body, web.now()) {
        tracing::error!(%error, "a warning could not be sent");
    }
}
