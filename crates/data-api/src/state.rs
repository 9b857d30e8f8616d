use std::sync::Arc;

use axum::extract::FromRef;
use filrouge_database::Database;
use filrouge_http::Authority;
use filrouge_types::Clock;

use crate::exports::Exports;
use crate::page_cache::PageCache;

/// State that the handlers share.
#[derive(Clone, FromRef)]
pub(crate) struct ApiState {
    pub(crate) database: Database,
    pub(crate) authority: Arc<Authority>,
    pub(crate) exports: Exports,
    pub(crate) pages: Arc<PageCache>,
    pub(crate) clock: Arc<dyn Clock>,
}
