//! The common part of every list: a limit, a cursor, a next page, chosen fields, JSON or CSV.

mod csv_page;
mod headers;
pub(crate) mod item;
mod parameters;

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use filrouge_database::{Database, Resource};
use filrouge_http::{FromParameters, Problem, Query, Require};
use serde::Serialize;
use serde_json::{Map, Value};

pub(crate) use headers::json_headers;
pub(crate) use item::{Item, ListPage};
pub(crate) use parameters::{ListParameters, NoParameters};

use crate::accept::{Media, negotiate};
use crate::cursor::Cursor;
use crate::failure::database_failure;
use crate::page_cache::{PageCache, WrittenPage};
use crate::revision::Revision;
use crate::state::ApiState;

use parameters::PageParameters;

/// Bytes of an item in JSON, to reserve a body at once: an hour of a station takes some 320.
const ITEM_BYTES: usize = 320;

/// Rows that one unit of a client's allowance pays for: those of a page of the default length.
const ROWS_OF_A_UNIT: u32 = 100;

/// The request of a page of a list of `T`, with the parameters `P` that are this list's own.
#[derive(Debug)]
pub(crate) struct ListRequest<P, T: Item> {
    pub(crate) parameters: P,
    pub(crate) after: Option<T::Cursor>,
    limit: u32,
    fields: Option<Vec<&'static str>>,
    database: Database,
    pages: Arc<PageCache>,
    headers: HeaderMap,
    uri: Uri,
}

impl<P: FromParameters, T: Item> FromRequestParts<ApiState> for ListRequest<P, T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        let Query(PageParameters {
            own,
            after,
            limit,
            fields,
        }) = Query::<PageParameters<P, T>>::from_request_parts(parts, state).await?;

        Ok(Self {
            parameters: own,
            after,
            limit,
            fields,
            database: state.database.clone(),
            pages: Arc::clone(&state.pages),
            headers: parts.headers.clone(),
            uri: parts.uri.clone(),
        })
    }
}

impl<P, T: Item> ListRequest<P, T> {
    /// Rows to read: one more than asked tells whether there is a next page.
    pub(crate) fn rows_to_read(&self) -> u32 {
        self.limit + 1
    }

    /// Answers a page, or that the client has this revision already. `rows` reads
    /// [`rows_to_read`](Self::rows_to_read) rows after [`after`](Self::after); the client of
    /// `access` pays for them.
    pub(crate) async fn answer<R, S>(
        &self,
        mut access: Require<S>,
        resource: Resource,
        rows: impl AsyncFnOnce(&Database) -> filrouge_database::Result<Vec<R>>,
        item: impl Fn(R) -> T,
    ) -> Result<Response, Problem> {
        // The format is settled before anything is read.
        let media = negotiate(&self.headers, &Media::OF_LISTS)?;
        let revision = Revision::of(&self.database, resource)
            .await?
            .written_as(media);

        if let Some(answer) = revision.not_modified(&self.headers) {
            return Ok(answer);
        }
        if let Some(page) = self.pages.find(&self.uri, revision) {
            return Ok(headers::send(page, media, Some(revision)));
        }

        access.charge(self.units())?;
        let page = self.read_page(media, rows, item).await?;
        self.pages.keep(&self.uri, revision, &page);
        Ok(headers::send(page, media, Some(revision)))
    }

    /// Answers a page of a resource that changes with every reading, and has no revision.
    pub(crate) async fn answer_anew<R, S>(
        &self,
        mut access: Require<S>,
        rows: impl AsyncFnOnce(&Database) -> filrouge_database::Result<Vec<R>>,
        item: impl Fn(R) -> T,
    ) -> Result<Response, Problem> {
        let media = negotiate(&self.headers, &Media::OF_LISTS)?;
        access.charge(self.units())?;
        let page = self.read_page(media, rows, item).await?;
        Ok(headers::send(page, media, None))
    }

    /// Units of the client's allowance beside that of any request: a page that was written before
    /// costs one, a long one as many as its rows are hundreds.
    fn units(&self) -> u32 {
        self.limit.saturating_sub(1) / ROWS_OF_A_UNIT
    }

    async fn read_page<R>(
        &self,
        media: Media,
        rows: impl AsyncFnOnce(&Database) -> filrouge_database::Result<Vec<R>>,
        item: impl Fn(R) -> T,
    ) -> Result<WrittenPage, Problem> {
        let rows = self.database.in_time(rows).await;
        let mut rows = rows.map_err(database_failure)?;

        let limit = self.limit as usize;
        let has_more = rows.len() > limit;
        rows.truncate(limit);

        let items: Vec<T> = rows.into_iter().map(item).collect();
        // The last page has no cursor: clients stop without asking for an empty one.
        let last = items.last().filter(|_| has_more);
        let next_cursor = last.map(|item| item.cursor().write());
        let link = next_cursor
            .as_deref()
            .and_then(|cursor| headers::next_link(&self.uri, cursor));

        let page = ListPage { items, next_cursor };
        let body = self.write(media, page);
        Ok(WrittenPage {
            body: body.map_err(|error| Problem::internal(&error))?.into(),
            link,
        })
    }

    fn write(&self, media: Media, page: ListPage<T>) -> serde_json::Result<Vec<u8>> {
        let mut body = Vec::with_capacity(64 + page.items.len() * ITEM_BYTES);

        match (media, &self.fields) {
            (Media::Json, None) => serde_json::to_writer(&mut body, &page)?,
            (Media::Json, Some(fields)) => {
                serde_json::to_writer(&mut body, &chosen(page, fields)?)?
            }
            (_, fields) => {
                let fields = fields.as_deref().unwrap_or(T::FIELDS);
                csv_page::write(&mut body, &page.items, fields)?;
            }
        }

        Ok(body)
    }
}

fn chosen<T: Serialize>(
    page: ListPage<T>,
    fields: &[&str],
) -> serde_json::Result<ListPage<Map<String, Value>>> {
    let items = page.items.iter().map(|item| chosen_fields(item, fields));

    Ok(ListPage {
        items: items.collect::<serde_json::Result<_>>()?,
        next_cursor: page.next_cursor,
    })
}

fn chosen_fields(item: &impl Serialize, fields: &[&str]) -> serde_json::Result<Map<String, Value>> {
    let mut all = serde_json::to_value(item)?;

    Ok(fields
        .iter()
        .map(|field| ((*field).to_owned(), all[*field].take()))
        .collect())
}
