//! The answers that routes share, as the OpenAPI document tells them.

use std::collections::BTreeMap;

use filrouge_http::problem::{InvalidParameter, NotAcceptable, NotFound, Protected};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Response, Schema};
use utoipa::{IntoResponses, PartialSchema, ToSchema};

type Responses = BTreeMap<String, RefOr<Response>>;

/// 304, for a resource that has a revision.
pub(crate) struct NotModified;

/// The answers of a list beside its page.
pub(crate) struct ListAnswers;

/// A file in Parquet or in Arrow IPC.
pub(crate) enum BinaryFile {}

impl IntoResponses for NotModified {
    fn responses() -> Responses {
        let answer = Response::new("Rien n’a changé depuis la révision de If-None-Match");
        Responses::from([("304".to_owned(), RefOr::T(answer))])
    }
}

impl IntoResponses for ListAnswers {
    fn responses() -> Responses {
        [NotModified::responses(), ListFailures::responses()]
            .into_iter()
            .flatten()
            .collect()
    }
}

/// The failures of a list.
pub(crate) struct ListFailures;

impl IntoResponses for ListFailures {
    fn responses() -> Responses {
        [
            InvalidParameter::responses(),
            NotFound::responses(),
            NotAcceptable::responses(),
            Protected::responses(),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

impl ToSchema for BinaryFile {}

impl PartialSchema for BinaryFile {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)))
            .description(Some("Un fichier Parquet ou Arrow IPC."))
            .into()
    }
}
