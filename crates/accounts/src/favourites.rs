use chrono::{DateTime, Utc};
use filrouge_types::StationId;

use crate::accounts::instant;
use crate::consents::ConsentPurpose;
use crate::engine::{execute, fetch};
use crate::{AccountId, Accounts, AccountsError, Result};

/// A station that a person keeps at hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Favourite {
    /// Its station, which may have closed since.
    pub station_id: StationId,
    /// Instant at which it was added.
    pub added_at: DateTime<Utc>,
}

/// Favourites of one person: beyond, a list helps nobody.
const MOST: i64 = 50;

impl Accounts {
    /// Keeps a station, once.
    ///
    /// # Errors
    /// [`AccountsError::NotFound`] when the person does not agree that favourites be kept, or has
    /// too many; those of the database.
    pub async fn add_favourite(
        &self,
        account_id: &AccountId,
        station_id: &StationId,
        now: DateTime<Utc>,
    ) -> Result<()> {
        if !self.agrees(account_id, ConsentPurpose::Favourites).await? {
            return Err(AccountsError::NotFound);
        }
        let (kept,): (i64,) = fetch!(
            fetch_one,
            &self.pool,
            "SELECT COUNT(*) FROM favourites WHERE account_id = $1",
            account_id.as_str(),
        )?;
        if kept >= MOST {
            return Err(AccountsError::NotFound);
        }

        execute!(
            &self.pool,
            "INSERT INTO favourites (account_id, station_id, added_at) VALUES ($1, $2, $3)
             ON CONFLICT (account_id, station_id) DO NOTHING",
            account_id.as_str(),
            station_id.as_str(),
            now.timestamp(),
        )?;
        Ok(())
    }

    /// Forgets a station, whether it was kept or not.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn remove_favourite(
        &self,
        account_id: &AccountId,
        station_id: &StationId,
    ) -> Result<()> {
        execute!(
            &self.pool,
            "DELETE FROM favourites WHERE account_id = $1 AND station_id = $2",
            account_id.as_str(),
            station_id.as_str(),
        )?;
        Ok(())
    }

    /// The stations that a person keeps, the first one added first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn favourites(&self, account_id: &AccountId) -> Result<Vec<Favourite>> {
        let rows: Vec<(String, i64)> = fetch!(
            fetch_all,
            &self.pool,
            "SELECT station_id, added_at FROM favourites
             WHERE account_id = $1 ORDER BY added_at, station_id",
            account_id.as_str(),
        )?;

        let favourite = |(station_id, added_at): (String, i64)| {
            let station_id = station_id.parse();
            Ok(Favourite {
                station_id: station_id.map_err(|_| AccountsError::Corrupt("station_id"))?,
                added_at: instant("added_at", added_at)?,
            })
        };
        rows.into_iter().map(favourite).collect()
    }
}
