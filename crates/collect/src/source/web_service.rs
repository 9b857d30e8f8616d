//! REST services: GBFS for stations and availability, Open-Meteo for the weather, the State's for
//! public holidays. Bodies are kept as received.

use anyhow::{Context, Result};
use chrono::TimeDelta;
use futures::FutureExt;
use futures::future::BoxFuture;
use serde::Deserialize;
use url::Url;

use super::{Source, SourceKind, Surroundings};
use crate::fetch::{Authentication, Fetcher, Received};
use crate::output::Output;

pub(crate) mod gbfs;
mod open_meteo;
mod public_holidays;

pub use gbfs::StationStatus;
use gbfs::{Document, Feeds};

/// The section `[web_service]` of a profile.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WebServiceSource {
    gbfs: Gbfs,
    weather: Option<open_meteo::Weather>,
    public_holidays: Option<public_holidays::PublicHolidays>,
}

/// The section `[web_service.gbfs]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Gbfs {
    /// Address of the discovery file `gbfs.json`.
    address: Url,
    /// Language preferred, in GBFS 2.x, where each language has its own feeds.
    #[serde(default = "french")]
    language: String,
    authentication: Option<Authentication>,
}

/// The feeds that are kept, and whether the system must publish them.
const FEEDS: [(&str, bool); 4] = [
    ("system_information", true),
    ("station_information", true),
    ("station_status", true),
    ("vehicle_types", false),
];

/// The specification wants a status at most five minutes old: a longer `ttl` is not believed.
const LONGEST_TTL: TimeDelta = TimeDelta::minutes(5);

impl Source for WebServiceSource {
    fn kind(&self) -> SourceKind {
        SourceKind::WebService
    }

    fn address(&self) -> String {
        self.gbfs.address.to_string()
    }

    fn fetch<'a>(
        &'a self,
        surroundings: &'a Surroundings,
        output: &'a mut Output<'_>,
    ) -> BoxFuture<'a, Result<()>> {
        async move {
            self.gbfs.fetch(surroundings, output).await?;
            if let Some(weather) = &self.weather {
                weather.fetch(surroundings, output).await?;
            }
            match &self.public_holidays {
                Some(public_holidays) => public_holidays.fetch(surroundings, output).await,
                None => Ok(()),
            }
        }
        .boxed()
    }
}

impl WebServiceSource {
    /// The present status of the stations, and its body as received; nothing else is asked for.
    pub(crate) async fn status(
        &self,
        surroundings: &Surroundings,
    ) -> Result<(Vec<StationStatus>, Vec<u8>)> {
        let feeds = self.gbfs.discover(&surroundings.fetcher).await?;
        let url = feeds.require("station_status")?;
        let received = self.gbfs.get(&surroundings.fetcher, url).await?;
        let document = self.gbfs.read(surroundings, url, &received)?;
        let statuses = document
            .statuses()
            .with_context(|| format!("{url} is not a station_status"))?;
        Ok((statuses, received.body))
    }
}

impl Gbfs {
    async fn fetch(&self, surroundings: &Surroundings, output: &mut Output<'_>) -> Result<()> {
        let received = self.get(&surroundings.fetcher, &self.address).await?;
        output.write_received("gbfs.json", self.address.as_str(), &received.body)?;
        let feeds = Feeds::read(&received.body, &self.language, &self.address)
            .with_context(|| format!("{} is not a GBFS discovery file", self.address))?;
        for (name, required) in FEEDS {
            self.fetch_feed(&feeds, name, required, surroundings, output)
                .await?;
        }
        Ok(())
    }

    async fn fetch_feed(
        &self,
        feeds: &Feeds,
        name: &str,
        required: bool,
        surroundings: &Surroundings,
        output: &mut Output<'_>,
    ) -> Result<()> {
        let url = match feeds.get(name) {
            Some(url) => url,
            None if required => feeds.require(name)?,
            None => return Ok(()),
        };

        let received = match self.get(&surroundings.fetcher, url).await {
            Err(error) if !required => {
                output.note(format!("{name}: {error:#}"));
                return Ok(());
            }
            received => received?,
        };

        output.write_received(&format!("{name}.json"), url.as_str(), &received.body)?;
        let document = self.read(surroundings, url, &received)?;
        let summary = document.describe(name, surroundings.clock.now());
        output.count_rows(summary.rows);
        summary
            .notes
            .into_iter()
            .for_each(|note| output.note(format!("{name}: {note}")));

        if let Some(fields) = summary.renamed.first() {
            anyhow::bail!("no item of {url} has `{fields}`: has its publisher renamed it?");
        }

        if summary.rows == 0 && name.starts_with("station_") {
            anyhow::bail!("{url} holds no `data.stations`");
        }
        Ok(())
    }

    async fn discover(&self, fetcher: &Fetcher) -> Result<Feeds> {
        let received = self.get(fetcher, &self.address).await?;
        Feeds::read(&received.body, &self.language, &self.address)
            .with_context(|| format!("{} is not a GBFS discovery file", self.address))
    }

    async fn get(&self, fetcher: &Fetcher, url: &Url) -> Result<Received> {
        // A secret goes to the host that the profile names, and to no other that a feed may point
        // at.
        let authentication = self
            .authentication
            .as_ref()
            .filter(|_| url.origin() == self.address.origin());
        Ok(fetcher.get_as(url, authentication).await?)
    }

    /// Reads a feed and respects its `ttl`.
    fn read(
        &self,
        surroundings: &Surroundings,
        url: &Url,
        received: &Received,
    ) -> Result<Document> {
        let document = Document::read(&received.body).with_context(|| not_json(url, received))?;
        if let Some(until) = document.valid_until(LONGEST_TTL) {
            surroundings.fetcher.keep_fresh(url, received, until);
        }
        Ok(document)
    }
}

fn not_json(url: &Url, received: &Received) -> String {
    let content_type = received.content_type.as_deref().unwrap_or("unknown");
    format!("{url} is not JSON (its content type is {content_type})")
}

fn french() -> String {
    "fr".to_owned()
}
