//! The faults of a form that concerns an account, in the words of a person.

use filrouge_accounts::{AccountsError, LONGEST_PASSWORD, PasswordFlaw, SHORTEST_PASSWORD};

use super::error::PageError;
use crate::frame::Frame;

/// The sentence that tells a person what to change; the page of an error for what is not theirs to
/// change.
pub(super) fn fault(t: &Frame, error: AccountsError) -> Result<String, PageError> {
    let sentence = match error {
        AccountsError::InvalidEmail(_) => t.say("fault-email"),
        AccountsError::EmailTaken => t.say("fault-email-taken"),
        AccountsError::WeakPassword(flaw) => of_password(t, flaw),

        AccountsError::WrongCredentials => t.say("fault-credentials"),
        AccountsError::CodeNeeded => t.say("fault-code-needed"),
        AccountsError::WrongCode => t.say("fault-code"),
        AccountsError::SpentLink => t.say("fault-link"),

        error => return Err(error.into()),
    };
    Ok(sentence)
}

fn of_password(t: &Frame, flaw: PasswordFlaw) -> String {
    match flaw {
        PasswordFlaw::TooShort => t.count("fault-password-short", SHORTEST_PASSWORD as u64),
        PasswordFlaw::TooLong => t.count("fault-password-long", LONGEST_PASSWORD as u64),
        PasswordFlaw::TooCommon => t.say("fault-password-common"),
        PasswordFlaw::HoldsTheName => t.say("fault-password-name"),
    }
}
