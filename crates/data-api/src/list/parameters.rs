use filrouge_http::{FromParameters, Parameters, Problem};
use utoipa::IntoParams;

use super::Item;
use crate::cursor::Cursor;

const DEFAULT_LIMIT: u32 = 100;
const MAXIMUM_LIMIT: u32 = 1000;

/// Paramètres de toute liste.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListParameters {
    /// Nombre d’éléments, de 1 à 1000 ; 100 par défaut.
    #[param(minimum = 1, maximum = 1000, default = 100, example = 100)]
    limit: Option<u32>,
    /// Curseur donné par la page précédente ; 404 s’il ne désigne aucune page.
    cursor: Option<String>,
    /// Champs voulus, séparés par des virgules ; tous par défaut. Un nom que la liste n’a pas est
    /// ignoré.
    fields: Option<String>,
}

impl FromParameters for ListParameters {
    fn from_parameters(parameters: &mut Parameters) -> Result<Self, Problem> {
        let limit = parameters.take_with("limit", "un entier de 1 à 1000", |text| {
            let limit = text.parse().ok()?;
            (1..=MAXIMUM_LIMIT).contains(&limit).then_some(limit)
        })?;

        Ok(Self {
            limit,
            cursor: parameters.take_text("cursor"),
            fields: parameters.take_text("fields"),
        })
    }
}

/// A list without a filter, or a route without parameters.
#[derive(Debug)]
pub(crate) struct NoParameters;

impl FromParameters for NoParameters {
    fn from_parameters(_: &mut Parameters) -> Result<Self, Problem> {
        Ok(Self)
    }
}

/// The parameters of a page of `T`: those of the list itself, then those of every list.
pub(super) struct PageParameters<P, T: Item> {
    pub(super) own: P,
    pub(super) after: Option<T::Cursor>,
    pub(super) limit: u32,
    pub(super) fields: Option<Vec<&'static str>>,
}

impl<P: FromParameters, T: Item> FromParameters for PageParameters<P, T> {
    fn from_parameters(parameters: &mut Parameters) -> Result<Self, Problem> {
        let own = P::from_parameters(parameters)?;
        let ListParameters {
            limit,
            cursor,
            fields,
        } = ListParameters::from_parameters(parameters)?;

        let after = cursor.map(|text| T::Cursor::read(&text).ok_or_else(no_such_page));
        Ok(Self {
            own,
            after: after.transpose()?,
            limit: limit.unwrap_or(DEFAULT_LIMIT),
            // Nothing known chosen is nothing chosen: an item without a field tells nobody anything.
            fields: fields
                .map(|text| known_fields(&text, T::FIELDS))
                .filter(|chosen| !chosen.is_empty()),
        })
    }
}

/// A cursor is a page's own name: one that we did not give names no page.
fn no_such_page() -> Problem {
    Problem::not_found("ce curseur ne désigne aucune page de cette liste").with_field("cursor")
}

fn known_fields(text: &str, known: &'static [&'static str]) -> Vec<&'static str> {
    let asked: Vec<&str> = text.split(',').map(str::trim).collect();

    known
        .iter()
        .filter(|field| asked.contains(field))
        .copied()
        .collect()
}
