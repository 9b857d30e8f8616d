use std::borrow::Cow;

use serde::Serialize;
use utoipa::openapi::schema::{
    AdditionalProperties, AnyOfBuilder, ArrayBuilder, ObjectBuilder, SchemaType, Type,
};
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

/// With `fields`, the items of a page have the chosen fields only: some of the item's, as the item
/// has them, and no other.
fn item_or_chosen_fields<T: Item>() -> AnyOfBuilder {
    let chosen = properties::<T>().into_iter().fold(
        ObjectBuilder::new()
            .description(Some("Les seuls champs demandés par `fields`"))
            .min_properties(Some(1))
            .additional_properties(Some(AdditionalProperties::FreeForm(false))),
        |object, (name, schema)| object.property(name, schema),
    );

    AnyOfBuilder::new()
        .item(Ref::from_schema_name(T::name()))
        .item(chosen)
}

/// The fields of an item, those of its flattened parts included.
fn properties<T: Item>() -> Vec<(String, RefOr<Schema>)> {
    let mut named = Vec::new();
    T::schemas(&mut named);

    let mut found = Vec::new();
    gather(&T::schema(), &named, &mut found);
    found
}

fn gather(
    schema: &RefOr<Schema>,
    named: &[(String, RefOr<Schema>)],
    found: &mut Vec<(String, RefOr<Schema>)>,
) {
    match schema {
        RefOr::T(Schema::Object(object)) => found.extend(object.properties.clone()),
        RefOr::T(Schema::AllOf(parts)) => {
            for part in &parts.items {
                gather(part, named, found);
            }
        }
        RefOr::Ref(reference) => {
            let is_meant = |name: &str| {
                let location = &reference.ref_location;
                location.rsplit('/').next() == Some(name)
            };
            if let Some((_, part)) = named.iter().find(|(name, _)| is_meant(name)) {
                gather(part, named, found);
            }
        }
        RefOr::T(_) => {}
    }
}
