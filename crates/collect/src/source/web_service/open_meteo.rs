//! Weather by the hour, UTC, from the Open-Meteo JSON API: the archive for the past, the forecast
//! for the rest. <https://open-meteo.com/en/docs>

use anyhow::{Context, Result, ensure};
use chrono::{Datelike, Months, NaiveDate};
use filrouge_bounded::json;
use serde::Deserialize;
use serde_json::{Map, Value};
use url::Url;

use crate::fetch::Authentication;
use crate::output::Output;
use crate::source::FetchContext;

/// The section `[web_service.weather]` of a profile.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Weather {
    /// Address of the archive, without parameters.
    archive: Url,
    /// Address of the forecast, without parameters.
    forecast: Url,
    /// WGS 84, degrees.
    latitude: f64,
    /// WGS 84, degrees.
    longitude: f64,
    /// Whole months of archive before the present one.
    history_months: u32,
    /// Days before today that the forecast is asked for too: the archive of a real service lags
    /// behind.
    #[serde(default = "two")]
    past_days: u64,
    /// Days ahead, today included.
    #[serde(default = "four")]
    forecast_days: u64,
    authentication: Option<Authentication>,
}

/// Variables of the data set, by Open-Meteo's names.
const VARIABLES: &str = "temperature_2m,apparent_temperature,relative_humidity_2m,wind_speed_10m,precipitation,weather_code";

impl Weather {
    pub(super) async fn fetch(
        &self,
        context: &FetchContext,
        output: &mut Output<'_>,
    ) -> Result<()> {
        let today = context.clock.now().date_naive();
        self.fetch_archive(today, context, output).await?;

        let days = [
            ("past_days", self.past_days.to_string()),
            ("forecast_days", self.forecast_days.to_string()),
        ];
        let url = self.address(&self.forecast, days);
        self.fetch_part("weather_forecast.json", &url, context, output)
            .await?;
        Ok(())
    }

    /// The archive, a calendar year a request: years that are over keep the same address and come
    /// from the cache.
    async fn fetch_archive(
        &self,
        today: NaiveDate,
        context: &FetchContext,
        output: &mut Output<'_>,
    ) -> Result<()> {
        let mut parts = Vec::new();

        for (from, to) in years(today, self.history_months) {
            let range = [
                ("start_date", from.to_string()),
                ("end_date", to.to_string()),
            ];
            let url = self.address(&self.archive, range);
            let name = format!("weather_archive/{from}_{to}.json");
            parts.push(self.fetch_part(&name, &url, context, output).await?);
        }

        if let Some(whole) = join(parts) {
            let text = serde_json::to_vec(&whole).context("cannot write the weather as JSON")?;
            output.write_received("weather_archive.json", self.archive.as_str(), &text)?;
        }

        Ok(())
    }

    async fn fetch_part(
        &self,
        name: &str,
        url: &Url,
        context: &FetchContext,
        output: &mut Output<'_>,
    ) -> Result<Value> {
        let received = context
            .fetcher
            .get_as(url, self.authentication.as_ref())
            .await?;
        output.write_received(name, url.as_str(), &received.body)?;

        let (hours, part) =
            read(&received.body).with_context(|| format!("{url} is not an Open-Meteo answer"))?;

        output.count_rows(hours);
        Ok(part)
    }

    fn address(&self, base: &Url, extra: [(&str, String); 2]) -> Url {
        let mut url = base.clone();
        url.query_pairs_mut()
            .append_pair("latitude", &self.latitude.to_string())
            .append_pair("longitude", &self.longitude.to_string())
            .append_pair("hourly", VARIABLES)
            .append_pair("timezone", "UTC")
            .extend_pairs(extra);
        url
    }
}

/// Reads an answer: its hours are counted, and each list must be as long as that of the instants.
pub(super) fn read(body: &[u8]) -> Result<(usize, Value)> {
    let value: Value = json(body)?;
    if let Some(reason) = value.get("reason").and_then(Value::as_str) {
        anyhow::bail!("the service refuses: {reason}");
    }

    let hourly = value
        .get("hourly")
        .and_then(Value::as_object)
        .context("it has no `hourly`")?;
    let hours = hourly
        .get("time")
        .and_then(Value::as_array)
        .context("it has no `hourly.time`")?
        .len();

    for name in VARIABLES.split(',') {
        let list = hourly.get(name).and_then(Value::as_array);
        let length = list
            .with_context(|| format!("it has no `hourly.{name}`"))?
            .len();
        ensure!(
            length == hours,
            "`hourly.{name}` has {length} values for {hours} hours"
        );
    }

    Ok((hours, value))
}

/// The calendar years, or parts of, from the first day of the month that is `months` before that of
/// `today`, to yesterday.
fn years(today: NaiveDate, months: u32) -> Vec<(NaiveDate, NaiveDate)> {
    let Some(yesterday) = today.pred_opt() else {
        return Vec::new();
    };
    let month = today.with_day(1).unwrap_or(today);
    let mut from = month
        .checked_sub_months(Months::new(months))
        .unwrap_or(month);

    let mut ranges = Vec::new();

    while from <= yesterday {
        let last = NaiveDate::from_ymd_opt(from.year(), 12, 31)
            .unwrap_or(yesterday)
            .min(yesterday);
        ranges.push((from, last));
        let Some(next) = last.succ_opt() else { break };
        from = next;
    }

    ranges
}

/// One answer as if it had been asked for in one request: the lists of the parts end to end.
fn join(parts: Vec<Value>) -> Option<Value> {
    let mut parts = parts.into_iter();
    let mut whole = parts.next()?;
    for mut part in parts {
        let Some(Value::Object(lists)) = part.get_mut("hourly").map(Value::take) else {
            continue;
        };
        if let Some(hourly) = whole.get_mut("hourly").and_then(Value::as_object_mut) {
            append(hourly, lists);
        }
    }
    Some(whole)
}

fn append(hourly: &mut Map<String, Value>, lists: Map<String, Value>) {
    for (name, list) in lists {
        if let (Some(Value::Array(known)), Value::Array(more)) = (hourly.get_mut(&name), list) {
            known.extend(more);
        }
    }
}

const fn two() -> u64 {
    2
}

const fn four() -> u64 {
    4
}

#[cfg(test)]
mod tests;
