use std::borrow::Cow;

use serde::Serialize;
use utoipa::openapi::schema::{AnyOfBuilder, ArrayBuilder, ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::cursor::Cursor;

/// An item of a list.
pub(crate) trait Item: Serialize + ToSchema {
    /// The place in the list where a page ends.
    type Cursor: Cursor;
    /// Its fields, in order.
    const FIELDS: &'static [&'static str];
    /// The page's name in the OpenAPI document.
    const PAGE: &'static str;
    /// The page and its items, in French.
    const DESCRIPTIONS: [&'static str; 2];

    /// Its place in the list.
    fn cursor(&self) -> Self::Cursor;
}

/// A page of a list, as it is written and as the OpenAPI document describes it.
#[derive(Debug, Serialize)]
pub(crate) struct ListPage<T> {
    pub(super) items: Vec<T>,
    pub(super) next_cursor: Option<String>,
}

impl<T: Item> ToSchema for ListPage<T> {
    fn name() -> Cow<'static, str> {
        T::PAGE.into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(schemas);
    }
}

impl<T: Item> PartialSchema for ListPage<T> {
    fn schema() -> RefOr<Schema> {
        let [page, items] = T::DESCRIPTIONS;

        ObjectBuilder::new()
            .description(Some(page))
            .property(
                "items",
                ArrayBuilder::new()
                    .items(item_or_chosen_fields::<T>())
                    .description(Some(items)),
            )
            .required("items")
            .property(
                "next_cursor",
                ObjectBuilder::new()
                    .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
                    .description(Some("Curseur de la page suivante ; `null` à la fin.")),
            )
            .into()
    }
}

/// With `fields`, the items of a page have the chosen fields only.
fn item_or_chosen_fields<T: Item>() -> AnyOfBuilder {
    AnyOfBuilder::new()
        .item(Ref::from_schema_name(T::name()))
        .item(ObjectBuilder::new().description(Some("Les seuls champs demandés par `fields`")))
}
