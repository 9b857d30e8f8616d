//! Identifiers, drawn at random: nobody can guess the one of another.

use std::fmt;
use std::str::FromStr;

use crate::Result;
use crate::token::random;

/// A text that is not an identifier of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier")]
pub struct IdError;

macro_rules! id {
    ($(#[$meta:meta])* $name:ident, $bytes:literal) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub struct $name(String);

        impl $name {
            /// A new one.
            pub(crate) fn draw() -> Result<Self> {
                Ok(Self(hex::encode(random::<$bytes>()?)))
            }

            /// The one that the database holds.
            pub(crate) fn stored(text: String) -> Self {
                Self(text)
            }

            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> std::result::Result<Self, IdError> {
                let is_digit = |c: u8| c.is_ascii_digit() || (b'a'..=b'f').contains(&c);
                let is_id = text.len() == 2 * $bytes && text.bytes().all(is_digit);
                is_id.then(|| Self(text.to_owned())).ok_or(IdError)
            }
        }
    };
}

id!(
    /// One account.
    AccountId,
    16
);
id!(
    /// One session, as its owner names it to end it. It opens nothing: the token does.
    SessionId,
    16
);
id!(
    /// One report: the number that its author is given to follow it.
    ReportId,
    8
);
id!(
    /// One request of a person about their data.
    RequestId,
    8
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_reads_what_it_writes_and_nothing_else() {
        let drawn = ReportId::draw().unwrap();
        assert_eq!(drawn.as_str().parse(), Ok(drawn.clone()));
        assert_ne!(drawn, ReportId::draw().unwrap());

        for text in [
            "",
            "0",
            "../../etc/passwd",
            "0123456789ABCDEF",
            "' OR 1=1 --'%",
        ] {
            assert_eq!(text.parse::<ReportId>(), Err(IdError), "{text}");
        }
    }
}
