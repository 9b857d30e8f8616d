//! Public holidays by date, from the service of the French State: one object, whose keys are the
//! days and whose values are their names. <https://calendrier.api.gouv.fr/jours-feries/>

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use chrono::NaiveDate;
use filrouge_bounded::json;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::output::Output;
use crate::source::FetchContext;

/// The section `[web_service.public_holidays]` of a profile.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PublicHolidays {
    address: Url,
}

/// A day, as pages give them too.
#[derive(Debug, PartialEq, Serialize)]
struct PublicHoliday {
    date: NaiveDate,
    name: String,
}

impl PublicHolidays {
    pub(super) async fn fetch(
        &self,
        context: &FetchContext,
        output: &mut Output<'_>,
    ) -> Result<()> {
        let received = context.fetcher.get_as(&self.address, None).await?;
        output.write_received(
            "public_holidays.json",
            self.address.as_str(),
            &received.body,
        )?;

        let names: BTreeMap<String, String> =
            json(&received.body).with_context(|| received.not_json(&self.address))?;
        let days = days(names)
            .with_context(|| format!("{} does not list public holidays", self.address))?;

        output.write_records("public_holidays.jsonl", &days)
    }
}

fn days(names: BTreeMap<String, String>) -> Result<Vec<PublicHoliday>> {
    ensure!(!names.is_empty(), "it has no day");
    let day = |(date, name): (String, String)| {
        let date = date
            .parse()
            .with_context(|| format!("`{date}` is not a day"))?;
        Ok(PublicHoliday { date, name })
    };
    names.into_iter().map(day).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<PublicHoliday>> {
        days(serde_json::from_str(text)?)
    }

    #[test]
    fn days_come_in_the_order_of_time() {
        let read = read(r#"{"2026-05-01": "1er mai", "2025-12-25": "Jour de Noël"}"#).unwrap();
        let day = |date: &str, name: &str| PublicHoliday {
            date: date.parse().unwrap(),
            name: name.to_owned(),
        };
        assert_eq!(
            read,
            [
                day("2025-12-25", "Jour de Noël"),
                day("2026-05-01", "1er mai")
            ]
        );
    }

    #[test]
    fn what_is_no_day_is_named() {
        for (text, says) in [
            ("{}", "no day"),
            (r#"{"demain": "Fête"}"#, "`demain`"),
            (r#"{"2026-02-30": ""}"#, "02-30"),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
    }
}
