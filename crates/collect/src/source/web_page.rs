//! HTML pages: the agenda, the public holidays, the school holidays. Pages are kept as received,
//! records are extracted beside them with the CSS selectors of the profile.

use std::collections::HashSet;
use std::time::Duration;

use anyhow::{Result, bail, ensure};
use futures::FutureExt;
use futures::future::BoxFuture;
use serde::Deserialize;
use url::Url;

use super::{FetchContext, Source};
use crate::fetch::PRODUCT;
use crate::kind::SourceKind;
use crate::output::Output;

mod dates;
mod page;
mod records;
mod robots;

use page::{Item, List, Shape, WebPage};
use records::{EventFields, PublicHolidayFields, SchoolHolidayFields};
use robots::{Robots, RobotsOf};

/// Items of a list, over all its pages.
const ITEMS: usize = 20_000;

/// The section `[web_page]` of a profile.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WebPageSource {
    /// Pause between two pages of a site, seconds; longer when its robots.txt asks for it.
    #[serde(default = "one")]
    pause_seconds: f64,
    events: Option<List<EventFields>>,
    public_holidays: Option<List<PublicHolidayFields>>,
    school_holidays: Option<List<SchoolHolidayFields>>,
}

impl Source for WebPageSource {
    fn kind(&self) -> SourceKind {
        SourceKind::WebPage
    }

    fn address(&self) -> String {
        let events = self.events.as_ref().map(|list| &list.address);
        let public = self.public_holidays.as_ref().map(|list| &list.address);
        let school = self.school_holidays.as_ref().map(|list| &list.address);
        [events, public, school]
            .into_iter()
            .flatten()
            .map(Url::as_str)
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn fetch<'a>(
        &'a self,
        context: &'a FetchContext,
        output: &'a mut Output<'_>,
    ) -> BoxFuture<'a, Result<()>> {
        async move {
            let mut visit = Visit {
                context,
                output,
                robots: RobotsOf::default(),
                pause_seconds: self.pause_seconds,
            };

            visit.collect("events", self.events.as_ref()).await?;
            visit
                .collect("public_holidays", self.public_holidays.as_ref())
                .await?;

            visit
                .collect("school_holidays", self.school_holidays.as_ref())
                .await
        }
        .boxed()
    }
}

/// One walk through the pages of a profile.
struct Visit<'a, 'b> {
    context: &'a FetchContext,
    output: &'a mut Output<'b>,
    robots: RobotsOf,
    pause_seconds: f64,
}

impl Visit<'_, '_> {
    /// Follows the pages of `list`, then writes its records as `<name>.jsonl`.
    async fn collect<S: Shape>(&mut self, name: &str, list: Option<&List<S>>) -> Result<()> {
        let Some(list) = list else { return Ok(()) };
        let items = self.walk(name, list).await?;

        // A selector that never matches is a page that changed, not a city without events.
        for field in list.fields.fields() {
            let missed = items.iter().all(|item| item.field(field.name()).is_none());
            if missed && let Some(first) = items.first() {
                bail!(
                    "the selector `{}` ({}) matches nothing on {}",
                    field.selector(),
                    field.name(),
                    first.page
                );
            }
        }

        let (records, notes) = list.fields.records(&items, self.context.time_zone);

        notes
            .into_iter()
            .for_each(|note| self.output.note(format!("{name}: {note}")));

        self.output
            .write_records(&format!("{name}.jsonl"), &records)
    }

    async fn walk<S: Shape>(&mut self, name: &str, list: &List<S>) -> Result<Vec<Item>> {
        let mut items = Vec::new();
        let mut seen = HashSet::new();
        let mut next = Some(list.address.clone());
        while let Some(url) = next {
            ensure!(
                seen.insert(url.clone()),
                "the pages of {} go round: {url} comes twice",
                list.address
            );

            ensure!(
                seen.len() <= list.maximum_pages,
                "{} has more than {} pages",
                list.address,
                list.maximum_pages
            );

            let page = self.fetch_page(name, seen.len(), &url, list).await?;
            items.extend(page.items);
            next = page.next;
            ensure!(
                items.len() <= ITEMS,
                "the pages of {} hold more than {ITEMS} items",
                list.address
            );
        }

        Ok(items)
    }

    async fn fetch_page<S: Shape>(
        &mut self,
        name: &str,
        number: usize,
        url: &Url,
        list: &List<S>,
    ) -> Result<WebPage> {
        let robots = self.robots.of(url, &self.context.fetcher).await?;

        ensure!(
            robots.allows(url),
            "robots.txt of {} forbids {url} to {PRODUCT}",
            url.authority()
        );
        // Before the request, so that the first page of the next list waits too.
        self.wait(&robots).await;
        let received = self.context.fetcher.get(url).await?;

        self.output.write_received(
            &format!("pages/{name}-{number:03}.html"),
            url.as_str(),
            &received.body,
        )?;
        let text = page::decode(&received);

        page::read(&text, url, list)
    }

    async fn wait(&self, robots: &Robots) {
        // An hour would be a refusal in disguise: a minute is enough.
        let seconds = robots
            .crawl_delay_seconds()
            .unwrap_or(0.0)
            .max(self.pause_seconds)
            .clamp(0.0, 60.0);
        tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
    }
}

const fn one() -> f64 {
    1.0
}
