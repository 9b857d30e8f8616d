//! The operator's database, read-only and in one snapshot. The queries are files of `data/queries/operator/`; they
//! leave what is personal where it is.

use std::env;

use anyhow::{Context, Result, bail, ensure};
use chrono::NaiveDate;
use futures::FutureExt;
use futures::future::BoxFuture;
use serde::Deserialize;
use serde_json::{Map, Value};
use url::Url;

use super::{Source, SourceKind, Surroundings};
use crate::output::Output;

mod postgres;
mod sqlite;

/// The section `[sql]` of a profile.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SqlSource {
    /// `sqlite:PATH`, or `postgres://…` without a password.
    address: Option<String>,
    /// Name of the environment variable that holds the address, when it has a password.
    address_environment: Option<String>,
    /// How long to wait for a lock or an answer, seconds.
    #[serde(default = "ten")]
    timeout_seconds: f64,
}

/// One query, its name being that of its file and of the records that it gives.
pub(crate) struct Query {
    pub(crate) name: &'static str,
    pub(crate) sql: &'static str,
}

/// The files of `data/queries/operator/`.
pub(crate) const QUERIES: [Query; 3] = [
    Query { name: "stations", sql: include_str!("../../../../data/queries/operator/stations.sql") },
    Query { name: "maintenance", sql: include_str!("../../../../data/queries/operator/maintenance.sql") },
    Query { name: "subscribers", sql: include_str!("../../../../data/queries/operator/subscribers.sql") },
];

/// One row, by column.
type Record = Map<String, Value>;

impl Query {
    /// Whether it takes the day of the extraction as `$1`.
    fn takes_the_day(&self) -> bool {
        self.sql.lines().any(|line| !line.trim_start().starts_with("--") && line.contains("$1"))
    }
}

impl Source for SqlSource {
    fn kind(&self) -> SourceKind {
        SourceKind::Sql
    }

    fn address(&self) -> String {
        match (&self.address, &self.address_environment) {
            (Some(address), _) => without_password(address),
            (None, Some(variable)) => {
                env::var(variable).map_or_else(|_| format!("${variable}"), |text| without_password(&text))
            }
            (None, None) => String::new(),
        }
    }

    fn fetch<'a>(&'a self, surroundings: &'a Surroundings, output: &'a mut Output<'_>) -> BoxFuture<'a, Result<()>> {
        async move {
            let day = surroundings.clock.now().date_naive();
            let shown = self.address();
            let tables = self.extract(day).await.with_context(|| format!("cannot query {shown}"))?;
            for (query, records) in QUERIES.iter().zip(tables) {
                output.write_records(&format!("{}.jsonl", query.name), &records)?;
            }
            Ok(())
        }
        .boxed()
    }
}

impl SqlSource {
    async fn extract(&self, day: NaiveDate) -> Result<Vec<Vec<Record>>> {
        let address = self.secret_address()?;
        if let Some(path) = address.strip_prefix("sqlite:") {
            sqlite::extract(path.trim_start_matches("//").as_ref(), self.timeout_seconds, day).await
        } else if address.starts_with("postgres:") || address.starts_with("postgresql:") {
            postgres::extract(&address, self.timeout_seconds, day).await
        } else {
            bail!("an address that begins with sqlite: or postgres: is expected")
        }
    }

    fn secret_address(&self) -> Result<String> {
        match (&self.address, &self.address_environment) {
            (Some(address), None) => {
                ensure!(!has_password(address), "a password belongs in the environment: use `address_environment`");
                Ok(address.clone())
            }
            (None, Some(variable)) => {
                env::var(variable).with_context(|| format!("{variable} is not in the environment"))
            }
            _ => bail!("the section `sql` wants one of `address` and `address_environment`"),
        }
    }
}

fn has_password(address: &str) -> bool {
    Url::parse(address).is_ok_and(|url| url.password().is_some())
}

/// The address without user, password and parameters.
fn without_password(address: &str) -> String {
    match Url::parse(address) {
        Ok(mut url) if url.has_host() => {
            let cleared = url.set_username("").and_then(|()| url.set_password(None));
            url.set_query(None);
            cleared.map_or_else(|()| "(address hidden)".to_owned(), |()| url.to_string())
        }
        _ => address.to_owned(),
    }
}

const fn ten() -> f64 {
    10.0
}

#[cfg(test)]
mod tests;
