use filrouge_types::{Hour, Weather};

use crate::engine::Database;
use crate::hour_conditions::{ConditionsRow, select_conditions};
use crate::per_engine::fetch;
use crate::{HourFilter, Result};

/// The weather of the city during an hour.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HourWeather {
    /// The hour that it covers, UTC.
    pub hour: Hour,
    /// Its weather: observed for the past, forecast for the hours to come.
    pub weather: Weather,
}

/// A page. Its parameters: the first hour, the end, the hour after which it begins, its length.
pub(crate) const PAGE: &str = select_conditions!(
    "
    WHERE hour >= $1
        AND hour < $2
        AND hour > $3
        AND conditions_key = (
            SELECT MIN(others.conditions_key)
            FROM hour_conditions AS others
            WHERE others.hour = hour_conditions.hour
        )
    ORDER BY hour
    LIMIT $4"
);

impl Database {
    /// The weather hour by hour, after `after`, at most `limit`. Where stations do not all have the
    /// same weather, that of the smallest key is given, always the same one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn weather(
        &self,
        filter: &HourFilter,
        after: Option<Hour>,
        limit: u32,
    ) -> Result<Vec<HourWeather>> {
        let bound = |hour: Option<Hour>, otherwise| hour.map_or(otherwise, Hour::hours_since_epoch);
        let rows: Vec<ConditionsRow> = fetch!(
            query_as,
            fetch_all,
            &self.pool,
            PAGE,
            bound(filter.from, i64::MIN),
            bound(filter.to, i64::MAX),
            bound(after, i64::MIN),
            i64::from(limit)
        )?;

        rows.into_iter().map(HourWeather::read).collect()
    }
}

impl HourWeather {
    fn read(row: ConditionsRow) -> Result<Self> {
        let (_, conditions) = row.read()?;
        Ok(Self {
            hour: conditions.hour,
            weather: conditions.weather,
        })
    }
}
