//! Removes the data past their time: the durations are those of the register.

use chrono::{DateTime, TimeDelta, Utc};

use crate::engine::execute;
use crate::sessions::{ABSOLUTE_LIFETIME, IDLE_LIFETIME};
use crate::{Accounts, Result};

/// An account that nobody uses goes after this long.
const UNUSED_ACCOUNT: TimeDelta = TimeDelta::days(2 * 365);
/// A report that was dealt with goes after this long; one that was not, after twice as long.
const CLOSED_REPORT: TimeDelta = TimeDelta::days(180);
/// A request that was answered proves it for this long: the time in which a person may complain.
const ANSWERED_REQUEST: TimeDelta = TimeDelta::days(3 * 365);

/// Rows that a purge removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Purged {
    /// Sessions that are over.
    pub sessions: u64,
    /// Links that do not work any more.
    pub links: u64,
    /// Accounts that nobody used for two years.
    pub accounts: u64,
    /// Reports closed six months ago, or received a year ago.
    pub reports: u64,
    /// Requests answered three years ago.
    pub requests: u64,
}

impl Accounts {
    /// Removes the rows past their time, and counts them.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn purge(&self, now: DateTime<Utc>) -> Result<Purged> {
        let before = |duration: TimeDelta| (now - duration).timestamp();

        Ok(Purged {
            sessions: execute!(
                &self.pool,
                "DELETE FROM sessions WHERE opened_at <= $1 OR last_used_at <= $2",
                before(ABSOLUTE_LIFETIME),
                before(IDLE_LIFETIME),
            )?,
            links: execute!(
                &self.pool,
                "DELETE FROM password_resets WHERE expires_at <= $1",
                now.timestamp(),
            )?,
            // Operators and officers are removed by whoever gave them their role.
            accounts: execute!(
                &self.pool,
                "DELETE FROM accounts WHERE role = 'rider' AND last_login_at <= $1",
                before(UNUSED_ACCOUNT),
            )?,
            reports: execute!(
                &self.pool,
                "DELETE FROM reports WHERE closed_at <= $1 OR received_at <= $2",
                before(CLOSED_REPORT),
                before(CLOSED_REPORT * 2),
            )?,
            requests: execute!(
                &self.pool,
                "DELETE FROM rights_requests WHERE answered_at <= $1",
                before(ANSWERED_REQUEST),
            )?,
        })
    }
}
