//! What every list has: a limit, a cursor, a next page, the fields that are wanted, JSON or CSV.

mod csv_page;

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, LINK, VARY};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Uri};
use axum::response::{IntoResponse, Response};
use filrouge_database::{Database, Resource};
use filrouge_http::{FromParameters, Parameters, Problem};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::IntoParams;

use crate::accept::{Media, negotiate};
use crate::cursor::Cursor;
use crate::failure::database_failure;
use crate::pages::{Page, Pages};
use crate::revision::Revision;
use crate::service::ApiState;

const DEFAULT_LIMIT: u32 = 100;
const MAXIMUM_LIMIT: u32 = 1000;

/// Paramètres de toute liste.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what `List` reads")]
pub(crate) struct ListParameters {
    /// Nombre d’éléments, de 1 à 1000 ; 100 par défaut.
    #[param(minimum = 1, maximum = 1000, default = 100, example = 100)]
    limit: Option<u32>,
    /// Curseur donné par la page précédente ; 404 s’il ne désigne aucune page.
    cursor: Option<String>,
    /// Champs voulus, séparés par des virgules ; tous par défaut. Un nom que la liste n’a pas est
    /// ignoré.
    fields: Option<String>,
}

/// An item of a list.
pub(crate) trait Item: Serialize {
    /// Where a page ends.
    type Cursor: Cursor;
    /// Its fields, in order.
    const FIELDS: &'static [&'static str];

    /// Its place in the list.
    fn cursor(&self) -> Self::Cursor;
}

/// What a client asks of a list of `T`: the filter `F`, and how much, from where, and what of each
/// item.
#[derive(Debug)]
pub(crate) struct List<F, T: Item> {
    pub(crate) filter: F,
    limit: u32,
    pub(crate) after: Option<T::Cursor>,
    fields: Option<Vec<&'static str>>,
}

impl<F: FromParameters, T: Item> FromParameters for List<F, T> {
    fn from_parameters(parameters: &mut Parameters) -> Result<Self, Problem> {
        let filter = F::from_parameters(parameters)?;
        let limit = parameters.take_with("limit", "un entier de 1 à 1000", |text| {
            text.parse()
                .ok()
                .filter(|limit| (1..=MAXIMUM_LIMIT).contains(limit))
        })?;
        let after = parameters
            .take_text("cursor")
            .map(|text| T::Cursor::read(&text).ok_or_else(no_such_page));
        let fields = parameters
            .take_text("fields")
            .map(|text| wanted(&text, T::FIELDS));
        Ok(Self {
            filter,
            limit: limit.unwrap_or(DEFAULT_LIMIT),
            after: after.transpose()?,
            fields,
        })
    }
}

/// A list without a filter.
#[derive(Debug)]
pub(crate) struct Everything;

impl FromParameters for Everything {
    fn from_parameters(_: &mut Parameters) -> Result<Self, Problem> {
        Ok(Self)
    }
}

/// A cursor is a page's own name: one that we did not give names no page.
fn no_such_page() -> Problem {
    Problem::not_found("ce curseur ne désigne aucune page de cette liste").with_field("cursor")
}

fn wanted(text: &str, known: &'static [&'static str]) -> Vec<&'static str> {
    let wanted: Vec<&str> = text.split(',').map(str::trim).collect();
    known
        .iter()
        .filter(|field| wanted.contains(field))
        .copied()
        .collect()
}

/// The request of a list, beside its query.
#[derive(Debug)]
pub(crate) struct Ask {
    database: Database,
    pages: Arc<Pages>,
    headers: HeaderMap,
    uri: Uri,
}

impl FromRequestParts<ApiState> for Ask {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Infallible> {
        let (database, pages) = (state.database.clone(), Arc::clone(&state.pages));
        Ok(Self {
            database,
            pages,
            headers: parts.headers.clone(),
            uri: parts.uri.clone(),
        })
    }
}

impl Ask {
    /// Answers a page of `list`, or that the client has this revision already. The format is
    /// settled before anything is read; `rows` reads those of [`List::rows_to_read`].
    pub(crate) async fn answer<F, T: Item, R>(
        self,
        list: &List<F, T>,
        resource: Resource,
        rows: impl AsyncFnOnce(&Database) -> filrouge_database::Result<Vec<R>>,
        item: impl Fn(R) -> T,
    ) -> Result<Response, Problem> {
        let media = negotiate(&self.headers, &Media::OF_LISTS)?;
        let revision = Revision::of(&self.database, resource)
            .await?
            .written_as(media);
        if let Some(answer) = revision.not_modified(&self.headers) {
            return Ok(answer);
        }

        if let Some(page) = self.pages.find(&self.uri, revision) {
            return Ok(sent(page, media, Some(revision)));
        }

        let rows = self
            .database
            .in_time(rows(&self.database))
            .await
            .map_err(database_failure)?;
        let page = list.page(&self.uri, media, rows, item)?;

        self.pages.keep(&self.uri, revision, &page);
        Ok(sent(page, media, Some(revision)))
    }

    /// Answers a page of what changes with every reading, and has no revision.
    pub(crate) async fn answer_anew<F, T: Item, R>(
        self,
        list: &List<F, T>,
        rows: impl AsyncFnOnce(&Database) -> filrouge_database::Result<Vec<R>>,
        item: impl Fn(R) -> T,
    ) -> Result<Response, Problem> {
        let media = negotiate(&self.headers, &Media::OF_LISTS)?;
        let rows = self
            .database
            .in_time(rows(&self.database))
            .await
            .map_err(database_failure)?;
        Ok(sent(list.page(&self.uri, media, rows, item)?, media, None))
    }
}

#[derive(Serialize)]
struct Written<'a, T> {
    items: &'a [T],
    next_cursor: Option<&'a str>,
}

impl<F, T: Item> List<F, T> {
    /// One row more than asked tells whether there is a next page.
    pub(crate) fn rows_to_read(&self) -> u32 {
        self.limit + 1
    }

    fn page<R>(
        &self,
        uri: &Uri,
        media: Media,
        mut rows: Vec<R>,
        item: impl Fn(R) -> T,
    ) -> Result<Page, Problem> {
        let limit = self.limit as usize;
        let has_more = rows.len() > limit;

        rows.truncate(limit);
        let items: Vec<T> = rows.into_iter().map(item).collect();
        let next_cursor = items
            .last()
            .filter(|_| has_more)
            .map(|item| item.cursor().write());
        let body = self.write(media, &items, next_cursor.as_deref())?.into();

        Ok(Page {
            body,
            link: next_cursor.and_then(|cursor| next_link(uri, &cursor)),
        })
    }

    fn write(
        &self,
        media: Media,
        items: &[T],
        next_cursor: Option<&str>,
    ) -> Result<Vec<u8>, Problem> {
        let mut body = Vec::with_capacity(64 + items.len() * 320);

        match (media, &self.fields) {
            (Media::Json, None) => {
                serde_json::to_writer(&mut body, &Written { items, next_cursor })
            }

            (Media::Json, Some(fields)) => {
                let items = items
                    .iter()
                    .map(|item| chosen(item, fields))
                    .collect::<Result<Vec<_>, _>>();

                items.and_then(|items| {
                    serde_json::to_writer(
                        &mut body,
                        &Written {
                            items: &items,
                            next_cursor,
                        },
                    )
                })
            }

            (_, fields) => {
                csv_page::write(&mut body, items, fields.as_deref().unwrap_or(T::FIELDS))
            }
        }
        .map_err(|error| Problem::internal(&error))?;

        Ok(body)
    }
}

fn sent(page: Page, media: Media, revision: Option<Revision>) -> Response {
    let mut headers = list_headers(revision, media);
    if let Some(link) = page.link {
        headers.insert(LINK, link);
    }
    (headers, page.body).into_response()
}

fn chosen(item: &impl Serialize, fields: &[&str]) -> serde_json::Result<Map<String, Value>> {
    let mut all = serde_json::to_value(item)?;
    let fields = fields
        .iter()
        .map(|field| ((*field).to_owned(), all[*field].take()));
    Ok(fields.collect())
}

/// Clients may keep an answer, each for itself, and ask whether it is still good.
pub(crate) fn json_headers(revision: Revision) -> HeaderMap {
    list_headers(Some(revision), Media::Json)
}

fn list_headers(revision: Option<Revision>, media: Media) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(5);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media.name()));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(VARY, HeaderValue::from_static("Accept"));
    if let Some(revision) = revision {
        headers.insert(ETAG, revision.etag());
    }
    headers
}

/// The same address with the cursor of the next page (RFC 8288).
fn next_link(uri: &Uri, cursor: &str) -> Option<HeaderValue> {
    let kept = uri.query().unwrap_or_default().split('&');
    let kept = kept.filter(|parameter| !parameter.is_empty() && !parameter.starts_with("cursor="));
    let query: String = kept.flat_map(|parameter| [parameter, "&"]).collect();
    HeaderValue::try_from(format!(
        "<{}?{query}cursor={cursor}>; rel=\"next\"",
        uri.path()
    ))
    .ok()
}
