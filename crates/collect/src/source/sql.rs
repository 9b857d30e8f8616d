//! The operator's database, read-only and in one snapshot. The queries are files of
//! `data/queries/operator/`; they leave personal columns behind.

use std::env;

use anyhow::{Context, Result, bail};
use futures::FutureExt;
use futures::future::BoxFuture;
use serde::Deserialize;
use url::Url;

use super::{FetchContext, Source};
use crate::kind::SourceKind;
use crate::output::Output;

mod explain;
mod increment;
mod postgres;
mod query;
mod snapshot;
mod sqlite;

pub use explain::{QueryPlan, explain_operator};
use increment::KnownRecords;
use query::{BoundQuery, Parameter, QUERIES, Query, Record};

/// The section `[sql]` of a profile.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SqlSource {
    /// `sqlite:PATH`, or `postgres://…` without a password.
    address: Option<String>,
    /// Name of the environment variable that holds the address, when it has a password. Where it is
    /// set, it goes before `address`.
    address_environment: Option<String>,
    /// Time limit for a lock or an answer, seconds.
    #[serde(default = "ten")]
    timeout_seconds: f64,
}

impl Source for SqlSource {
    fn kind(&self) -> SourceKind {
        SourceKind::Sql
    }

    fn address(&self) -> String {
        let unknown = || {
            self.address_environment
                .as_ref()
                .map(|variable| format!("${variable}"))
                .unwrap_or_default()
        };
        self.secret_address()
            // The manifest is readable by others; the environment is not.
            .map_or_else(|_| unknown(), |address| without_password(&address))
    }

    fn fetch<'a>(
        &'a self,
        context: &'a FetchContext,
        output: &'a mut Output<'_>,
    ) -> BoxFuture<'a, Result<()>> {
        async move {
            let shown = self.address();
            let today = context.clock.now().date_naive().to_string();

            let mut known: Vec<_> = QUERIES
                .iter()
                .map(|query| KnownRecords::read(query, context, &shown))
                .collect();
            let value = |query: &Query, known: &KnownRecords| match query.parameter {
                Parameter::None => None,
                Parameter::Today => Some(today.clone()),
                Parameter::LastKnownDay => Some(known.last_day().to_owned()),
            };

            let bound: Vec<_> = QUERIES
                .iter()
                .zip(&known)
                .map(|(query, known)| BoundQuery {
                    query,
                    value: value(query, known),
                })
                .collect();

            let tables = self
                .extract(&bound)
                .await
                .with_context(|| format!("cannot query {shown}"))?;

            for ((query, known), records) in QUERIES.iter().zip(&mut known).zip(tables) {
                let decision = known.decision(records.len());
                let mut records = known.complete(records);
                // Before anything is written: nobody comes back for a week, nor for a second.
                records.retain(|record| !context.forgotten.is_of(record));
                output.write_records(&format!("{}.jsonl", query.name), &records)?;
                decision
                    .into_iter()
                    .for_each(|decision| output.decide(decision));
            }

            Ok(())
        }
        .boxed()
    }
}

impl SqlSource {
    /// The rows of each query, all of the same instant.
    async fn extract(&self, queries: &[BoundQuery]) -> Result<Vec<Vec<Record>>> {
        let address = self.secret_address()?;

        match address.split_once(':') {
            Some(("sqlite", path)) => {
                let path = path.trim_start_matches("//");
                sqlite::extract(path.as_ref(), self.timeout_seconds, queries).await
            }
            Some(("postgres" | "postgresql", _)) => {
                postgres::extract(&address, self.timeout_seconds, queries).await
            }
            _ => bail!("an address that begins with sqlite: or postgres: is expected"),
        }
    }

    fn secret_address(&self) -> Result<String> {
        let from_environment = self
            .address_environment
            .as_ref()
            .map(|variable| (variable, env::var(variable)));
        match (from_environment, &self.address) {
            (Some((_, Ok(address))), _) => Ok(address),
            (_, Some(address)) => Ok(address.clone()),
            (Some((variable, Err(_))), None) => bail!("{variable} is not in the environment"),
            (None, None) => bail!("the section `sql` wants `address` or `address_environment`"),
        }
    }
}

/// The address without user, password and parameters; nothing of one that cannot be taken apart.
fn without_password(address: &str) -> String {
    if address.starts_with("sqlite:") {
        return address.to_owned();
    }

    let shown = Url::parse(address).ok().and_then(|mut url| {
        url.set_query(None);
        // A socket has no host, and then no user before it.
        if url.has_host() {
            url.set_username("")
                .and_then(|()| url.set_password(None))
                .ok()?;
        }
        Some(url.to_string())
    });

    shown.unwrap_or_else(|| "(address hidden)".to_owned())
}

const fn ten() -> f64 {
    10.0
}

#[cfg(test)]
mod tests;
