//! The time of a reading, and the links that read again, once or by themselves.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::frame::Frame;
use crate::markup::Markup;
use crate::wording::machine_time;

/// Seconds between two readings, for who follows the link of the page.
const OFFERED_SECONDS: u32 = 60;

/// Seconds that an address may ask for: enough to read a page, little enough to be called live.
const POSSIBLE_SECONDS: std::ops::RangeInclusive<u32> = 10..=3_600;

/// Parameters of the address; one that cannot be read counts as absent.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct RefreshQuery {
    actualiser: Option<String>,
}

impl RefreshQuery {
    /// The seconds between two readings, when the address asks for them.
    pub(super) fn seconds(&self) -> Option<u32> {
        let seconds = self.actualiser.as_deref()?.parse().ok()?;
        POSSIBLE_SECONDS.contains(&seconds).then_some(seconds)
    }
}

/// The sentence of the page at `path`, read `now` and again every so many `seconds`.
pub(super) fn refreshing(
    t: &Frame,
    path: &str,
    seconds: Option<u32>,
    now: DateTime<Utc>,
) -> Markup {
    let (instant, clock) = (machine_time(now), t.clock(now));
    let clock = Markup::trusted(format!("<time datetime=\"{instant}\">{clock}</time>"));
    let page = t.link(path);

    match seconds {
        None => {
            let always = format!("{page}?actualiser={OFFERED_SECONDS}");
            t.markup(
                "monitoring-refresh",
                [
                    ("clock", clock),
                    ("once", Markup::text(&page)),
                    ("always", Markup::text(&always)),
                ],
            )
        }
        Some(seconds) => {
            let period = t.count("count-seconds", seconds);
            t.markup(
                "monitoring-refreshing",
                [
                    ("clock", clock),
                    ("period", Markup::text(&period)),
                    ("stop", Markup::text(&page)),
                ],
            )
        }
    }
}
