//! REST services: GBFS for stations and availability, Open-Meteo for the weather, the State's for
//! public holidays. Bodies are kept as received.

use anyhow::{Context, Result};
use futures::FutureExt;
use futures::future::BoxFuture;
use serde::Deserialize;
use url::Url;

use super::{FetchContext, Source};
use crate::fetch::{Authentication, Fetcher, LONGEST_FRESH, Received};
use crate::kind::SourceKind;
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

impl Source for WebServiceSource {
    fn kind(&self) -> SourceKind {
        SourceKind::WebService
    }

    fn address(&self) -> String {
        self.gbfs.address.to_string()
    }

    fn fetch<'a>(
        &'a self,
        context: &'a FetchContext,
        output: &'a mut Output<'_>,
    ) -> BoxFuture<'a, Result<()>> {
        async move {
            self.gbfs.fetch(context, output).await?;
            if let Some(weather) = &self.weather {
                weather.fetch(context, output).await?;
            }
            match &self.public_holidays {
                Some(public_holidays) => public_holidays.fetch(context, output).await,
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
        context: &FetchContext,
    ) -> Result<(Vec<StationStatus>, Vec<u8>)> {
        let feeds = self.gbfs.discover(&context.fetcher).await?;
        let url = feeds.require("station_status")?;
        let received = self.gbfs.get(&context.fetcher, url).await?;
        let document = self.gbfs.read(context, url, &received)?;
        let statuses = document
            .statuses()
            .with_context(|| format!("{url} is not a station_status"))?;
        Ok((statuses, received.body))
    }
}

impl Gbfs {
    async fn fetch(&self, context: &FetchContext, output: &mut Output<'_>) -> Result<()> {
        let received = self.get(&context.fetcher, &self.address).await?;
        output.write_received("gbfs.json", self.address.as_str(), &received.body)?;

        let feeds = self.feeds(&received)?;
        for (name, is_required) in FEEDS {
            self.fetch_feed(&feeds, name, is_required, context, output)
                .await?;
        }

        Ok(())
    }

    async fn fetch_feed(
        &self,
        feeds: &Feeds,
        name: &str,
        is_required: bool,
        context: &FetchContext,
        output: &mut Output<'_>,
    ) -> Result<()> {
        let url = match feeds.get(name) {
            Some(url) => url,
            // For its error, which lists the feeds that are there.
            None if is_required => feeds.require(name)?,
            None => return Ok(()),
        };

        let received = match self.get(&context.fetcher, url).await {
            Err(error) if !is_required => {
                output.note(format!("{name}: {error:#}"));
                return Ok(());
            }
            received => received?,
        };

        output.write_received(&format!("{name}.json"), url.as_str(), &received.body)?;
        let document = self.read(context, url, &received)?;
        let summary = document.describe(name, context.clock.now());
        output.count_rows(summary.rows);
        summary
            .notes
            .into_iter()
            .for_each(|note| output.note(format!("{name}: {note}")));

        if let Some(fields) = summary.renamed.first() {
            anyhow::bail!("no item of {url} has `{fields}`: has its publisher renamed it?");
        }

        // An empty list of stations would empty the map of the city.
        if summary.rows == 0 && name.starts_with("station_") {
            anyhow::bail!("{url} holds no `data.stations`");
        }
        Ok(())
    }

    async fn discover(&self, fetcher: &Fetcher) -> Result<Feeds> {
        self.feeds(&self.get(fetcher, &self.address).await?)
    }

    fn feeds(&self, discovery: &Received) -> Result<Feeds> {
        Feeds::read(&discovery.body, &self.language, &self.address)
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
    fn read(&self, context: &FetchContext, url: &Url, received: &Received) -> Result<Document> {
        let document = Document::read(&received.body).with_context(|| received.not_json(url))?;
        if let Some(until) = document.valid_until(LONGEST_FRESH) {
            context.fetcher.keep_fresh(url, received, until);
        }
        Ok(document)
    }
}

fn french() -> String {
    "fr".to_owned()
}
