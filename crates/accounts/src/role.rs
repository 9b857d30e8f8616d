use std::fmt;
use std::str::FromStr;

/// The rights of a person in the application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Rides: keeps favourites, nothing else.
    Rider,
    /// Operates the network: plan of the night, reports, quality of the data.
    Operator,
    /// Protects personal data: register, requests, log of accesses.
    Officer,
}

/// A word that names no role.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a role: rider, operator or officer")]
pub struct RoleError(String);

impl Role {
    /// Every role.
    pub const ALL: [Self; 3] = [Self::Rider, Self::Operator, Self::Officer];

    /// Its name in the database and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rider => "rider",
            Self::Operator => "operator",
            Self::Officer => "officer",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Role {
    type Err = RoleError;

    fn from_str(text: &str) -> Result<Self, RoleError> {
        let role = Self::ALL.into_iter().find(|role| role.name() == text);
        role.ok_or_else(|| RoleError(text.to_owned()))
    }
}
