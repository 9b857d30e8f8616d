//! The budget of a month, in money and in tokens. Each call is entered before it is sent, at the
//! most that it can cost, and corrected once its real cost is known: a process that dies half way
//! has counted too much, never too little.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use filrouge_storage::{LockFile, write_private};
use filrouge_types::Clock;
use serde::{Deserialize, Serialize};

/// The most that a month may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BudgetLimits {
    /// Money, in millionths of the currency.
    pub micros: u64,
    /// Tokens, read and written.
    pub tokens: u64,
}

/// Money and tokens, of a call or of a month.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expense {
    /// Money, in millionths of the currency.
    pub micros: u64,
    /// Tokens, read and written.
    pub tokens: u64,
}

/// Reason for which nothing is spent.
#[derive(Debug, thiserror::Error)]
pub enum BudgetError {
    /// The call could pass the limits of the month.
    #[error("the budget of the month is spent: {spent:?} of {limits:?}")]
    Spent {
        /// Spent since the first of the month.
        spent: Expense,
        /// The most that it may cost.
        limits: BudgetLimits,
    },
    /// The account cannot be read or written.
    #[error("`{}` cannot be used", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The account is not one.
    #[error("`{}` is damaged: look at the provider's bill, then write what was spent, or remove the file", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
    },
}

/// The account of a month, in a private file that several processes share.
pub struct Budget {
    path: PathBuf,
    limits: BudgetLimits,
    clock: Arc<dyn Clock>,
    // The lock of the file holds processes apart, this one threads.
    turn: Mutex<()>,
}

/// The content of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct MonthAccount {
    /// Such as `2026-11`, UTC.
    month: String,
    spent: Expense,
}

impl Budget {
    /// The account kept at `path`, which is made at the first call.
    pub fn new(path: &Path, limits: BudgetLimits, clock: Arc<dyn Clock>) -> Self {
        Self {
            path: path.to_owned(),
            limits,
            clock,
            turn: Mutex::new(()),
        }
    }

    /// The most that a month may cost.
    pub fn limits(&self) -> BudgetLimits {
        self.limits
    }

    /// Spent since the first of the month.
    ///
    /// # Errors
    /// When the account cannot be read.
    pub fn spent(&self) -> Result<Expense, BudgetError> {
        Ok(self.read()?.spent)
    }

    /// Enters the most that a call can cost, before it is sent.
    ///
    /// # Errors
    /// [`BudgetError::Spent`] when the limits could be passed: nothing is entered.
    pub fn reserve(&self, most: Expense) -> Result<(), BudgetError> {
        self.change(|spent| {
            let sum = Expense {
                micros: spent.micros.saturating_add(most.micros),
                tokens: spent.tokens.saturating_add(most.tokens),
            };
            let is_within = sum.micros <= self.limits.micros && sum.tokens <= self.limits.tokens;

            is_within.then_some(sum).ok_or(BudgetError::Spent {
                spent,
                limits: self.limits,
            })
        })
    }

    /// Replaces the reservation by the real cost, which may be larger.
    ///
    /// # Errors
    /// When the account cannot be read or written.
    pub fn settle(&self, reserved: Expense, cost: Expense) -> Result<(), BudgetError> {
        self.change(|spent| {
            Ok(Expense {
                // A month that began in between holds no such reservation, and a server may bill anything.
                micros: spent
                    .micros
                    .saturating_sub(reserved.micros)
                    .saturating_add(cost.micros),
                tokens: spent
                    .tokens
                    .saturating_sub(reserved.tokens)
                    .saturating_add(cost.tokens),
            })
        })
    }

    fn change(
        &self,
        next: impl FnOnce(Expense) -> Result<Expense, BudgetError>,
    ) -> Result<(), BudgetError> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let lock = self.path.with_extension("lock");
        let _lock = LockFile::wait(&lock, "budget").map_err(|source| self.unusable(source))?;

        let mut account = self.read()?;
        account.spent = next(account.spent)?;
        self.write(&account)
    }

    /// The account of this month: that of another month has ended.
    fn read(&self) -> Result<MonthAccount, BudgetError> {
        let month = month_of(self.clock.now());

        let text = match std::fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(MonthAccount::new(month));
            }
            Err(error) => return Err(self.unusable(error)),
        };
        let account: MonthAccount =
            serde_json::from_str(&text).map_err(|_| BudgetError::Damaged {
                path: self.path.clone(),
            })?;

        if account.month == month {
            Ok(account)
        } else {
            Ok(MonthAccount::new(month))
        }
    }

    fn write(&self, account: &MonthAccount) -> Result<(), BudgetError> {
        let text = serde_json::to_vec(account).map_err(|error| self.unusable(error.into()))?;

        write_private(&self.path, &text).map_err(|source| self.unusable(source))
    }

    fn unusable(&self, source: io::Error) -> BudgetError {
        BudgetError::Unusable {
            path: self.path.clone(),
            source,
        }
    }
}

impl std::fmt::Debug for Budget {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Budget")
            .field("path", &self.path)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

impl MonthAccount {
    fn new(month: String) -> Self {
        Self {
            month,
            spent: Expense::default(),
        }
    }
}

fn month_of(instant: DateTime<Utc>) -> String {
    instant.format("%Y-%m").to_string()
}

#[cfg(test)]
mod tests;
