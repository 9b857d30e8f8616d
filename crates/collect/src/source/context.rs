use std::sync::Arc;

use chrono_tz::Tz;
use filrouge_types::Clock;

use crate::fetch::Fetcher;
use crate::folders::Run;
use crate::forgotten::Forgotten;
use crate::manifest::Manifest;

/// Tools that every source may use.
pub(crate) struct FetchContext {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) fetcher: Fetcher,
    pub(crate) time_zone: Tz,
    /// The last complete run.
    pub(crate) previous: Option<(Manifest, Run)>,
    /// The people whose records are left out.
    pub(crate) forgotten: Forgotten,
}

impl FetchContext {
    /// The rank of this run in order of completion.
    pub(crate) fn next_sequence(&self) -> u64 {
        let last = self
            .previous
            .as_ref()
            .map(|(manifest, _)| manifest.sequence);
        last.map_or(1, |last| last.saturating_add(1))
    }
}
