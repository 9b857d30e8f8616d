use std::sync::Arc;

use chrono::{DateTime, Utc};
use filrouge_types::Clock;

use crate::city::City;

/// State shared by the handlers.
#[derive(Clone)]
pub(super) struct Town {
    pub(super) city: City,
    pub(super) clock: Arc<dyn Clock>,
}

impl Town {
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }
}
