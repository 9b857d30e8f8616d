use std::sync::Arc;

use chrono_tz::Tz;
use filrouge_types::Clock;

use crate::fetch::Fetcher;
use crate::folders::Run;
use crate::manifest::Manifest;

/// Tools that every source may use.
pub(crate) struct FetchContext {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) fetcher: Fetcher,
    pub(crate) time_zone: Tz,
    /// The last complete run.
    pub(crate) previous: Option<(Manifest, Run)>,
}
