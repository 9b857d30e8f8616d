//! The faults of a form that concerns an account, in the words of a person.

use filrouge_accounts::{AccountsError, LONGEST_PASSWORD, PasswordFlaw, SHORTEST_PASSWORD};

use super::error::PageError;
use crate::frame::Frame;

/// The sentence that tells a person what to change; the page of an error for what is not theirs to
/// change.
pub(super) fn fault(t: &Frame, error: AccountsError) -> Result<String, PageError> {
    let key = match error {
        AccountsError::InvalidEmail(_) => "fault-email",
        AccountsError::EmailTaken => "fault-email-taken",
        AccountsError::WrongCredentials => "fault-credentials",
        AccountsError::CodeNeeded => "fault-code-needed",
        AccountsError::WrongCode => "fault-code",
        AccountsError::SpentLink => "fault-link",
        AccountsError::WeakPassword(PasswordFlaw::TooShort) => {
            return Ok(t.count("fault-password-short", SHORTEST_PASSWORD as u64));
        }
        AccountsError::WeakPassword(PasswordFlaw::TooLong) => {
            return Ok(t.count("fault-password-long", LONGEST_PASSWORD as u64));
        }
        AccountsError::WeakPassword(PasswordFlaw::TooCommon) => "fault-password-common",
        AccountsError::WeakPassword(PasswordFlaw::HoldsTheName) => "fault-password-name",
        error => return Err(error.into()),
    };
    Ok(t.say(key))
}
