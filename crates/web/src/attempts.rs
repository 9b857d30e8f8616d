//! How fast somebody may try passwords, or send reports.

use std::net::{IpAddr, Ipv4Addr};

use chrono::{DateTime, Utc};
use filrouge_accounts::EmailAddress;
use filrouge_http::{AddressLimit, RateLimit};

/// Tries of one address at one account: five at once, then one every 20 seconds.
const OF_ONE_ACCOUNT: RateLimit = RateLimit {
    per_second: 0.05,
    burst: 5.0,
    concurrent: 1,
};

/// Tries of one address at any account: an office of 50 people that opens in the morning.
const OF_ALL: RateLimit = RateLimit {
    per_second: 1.0,
    burst: 60.0,
    concurrent: 1,
};

/// Codes of one account, from any address: ten at once, then one a minute. Only who knows the password
/// comes to it, so that it locks nobody out; an even chance of guessing a code takes five months.
const OF_CODES: RateLimit = RateLimit {
    per_second: 1.0 / 60.0,
    burst: 10.0,
    concurrent: 1,
};

/// Reports of one address: ten at once, then one every 30 seconds.
const OF_REPORTS: RateLimit = RateLimit {
    per_second: 1.0 / 30.0,
    burst: 10.0,
    concurrent: 1,
};

/// The tries of late. They are counted by the account *and* the address that tries: somebody who
/// tries the passwords of another locks themselves out, and nobody else.
pub(crate) struct Attempts {
    of_one_account: AddressLimit,
    of_all: AddressLimit,
    of_codes: AddressLimit,
    of_reports: AddressLimit,
}

impl Attempts {
    pub(crate) fn new() -> Self {
        Self {
            of_one_account: AddressLimit::new(OF_ONE_ACCOUNT),
            of_all: AddressLimit::new(OF_ALL),
            of_codes: AddressLimit::new(OF_CODES),
            of_reports: AddressLimit::new(OF_REPORTS),
        }
    }

    /// Lets one more try through, or says how many seconds to wait.
    pub(crate) fn admit(
        &self,
        address: IpAddr,
        email: &EmailAddress,
        now: DateTime<Utc>,
    ) -> Result<(), u32> {
        self.of_all.admit(address, "", now)?;
        self.of_one_account.admit(address, email.as_str(), now)
    }

    /// Lets one more code of that account be judged, wherever it comes from, or says how many seconds
    /// to wait.
    pub(crate) fn admit_code(&self, email: &EmailAddress, now: DateTime<Utc>) -> Result<(), u32> {
        let anywhere = Ipv4Addr::UNSPECIFIED.into();
        self.of_codes.admit(anywhere, email.as_str(), now)
    }

    /// Lets one more report through, or says how many seconds to wait.
    pub(crate) fn admit_report(&self, address: IpAddr, now: DateTime<Utc>) -> Result<(), u32> {
        self.of_reports.admit(address, "", now)
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use chrono::TimeDelta;

    use super::*;

    // Preuve: C17.8 les essais sont limités par compte et par adresse : personne n’enferme un autre dehors
    #[test]
    fn who_tries_too_often_waits_and_locks_nobody_else_out() {
        let attempts = Attempts::new();
        let now = "2026-03-01T08:00:00Z".parse().unwrap();
        let [attacker, owner] = [1, 2].map(|last| IpAddr::from(Ipv4Addr::new(192, 0, 2, last)));
        let [camille, alix] =
            ["camille@exemple.fr", "alix@exemple.fr"].map(|text| text.parse().unwrap());

        for _ in 0..5 {
            assert_eq!(attempts.admit(attacker, &camille, now), Ok(()));
        }
        assert_eq!(attempts.admit(attacker, &camille, now), Err(20));

        assert_eq!(attempts.admit(owner, &camille, now), Ok(()));
        assert_eq!(attempts.admit(attacker, &alix, now), Ok(()));
        let later = now + TimeDelta::seconds(20);
        assert_eq!(attempts.admit(attacker, &camille, later), Ok(()));
    }

    #[test]
    fn one_address_does_not_try_every_account() {
        let attempts = Attempts::new();
        let now = "2026-03-01T08:00:00Z".parse().unwrap();
        let address = IpAddr::from(Ipv4Addr::new(192, 0, 2, 1));
        let refused = (0..100).filter(|number| {
            let email = format!("person{number}@exemple.fr").parse().unwrap();
            attempts.admit(address, &email, now).is_err()
        });
        assert_eq!(refused.count(), 40);
    }
}
