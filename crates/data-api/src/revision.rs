//! The revision of a resource, so that a client does not fetch it again unchanged (RFC 9110,
//! section 13).

use axum::http::header::ETAG;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use filrouge_database::{Database, Resource};
use filrouge_http::{Problem, entity_tag};

use crate::accept::Media;
use crate::failure::database_failure;

/// The revision of a resource. Read before its rows: an answer is then never older than its tag
/// says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Revision(i64, Media);

impl Revision {
    pub(crate) async fn of(database: &Database, resource: Resource) -> Result<Self, Problem> {
        database
            .revision(resource)
            .await
            .map(Self::new)
            .map_err(database_failure)
    }

    /// As its number says, in JSON.
    pub(crate) fn new(number: i64) -> Self {
        Self(number, Media::Json)
    }

    /// The same revision in another format: two formats are two answers, and have two tags.
    pub(crate) fn written_as(self, media: Media) -> Self {
        Self(self.0, media)
    }

    /// The format of the answer.
    pub(crate) fn media(self) -> Media {
        self.1
    }

    /// True when this is the number of the revision, in any format.
    pub(crate) fn is_number(self, number: i64) -> bool {
        self.0 == number
    }

    /// The program's version is part of the tag, for it may write the same rows otherwise.
    pub(crate) fn etag(self) -> HeaderValue {
        let tag = format!(
            "\"{:x}-{}-{}\"",
            self.0,
            env!("CARGO_PKG_VERSION"),
            self.1.extension()
        );
        HeaderValue::try_from(tag).unwrap_or_else(|_| HeaderValue::from_static("\"0\""))
    }

    /// 304 when the client has this revision already.
    pub(crate) fn not_modified(self, headers: &HeaderMap) -> Option<Response> {
        let etag = self.etag();
        let same = etag
            .to_str()
            .is_ok_and(|tag| entity_tag::is_known(headers, tag));
        same.then(|| (StatusCode::NOT_MODIFIED, [(ETAG, etag)]).into_response())
    }
}
