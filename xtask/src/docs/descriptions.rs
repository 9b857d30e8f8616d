//! Pages that the database draws from its own descriptions: the register of processings and the
//! Merise model.

use anyhow::{Error, Result};
use filrouge_database::gdpr::register;
use filrouge_database::merise;

use super::Document;

/// The pages as the descriptions built into the program give them.
pub(crate) fn documents() -> Result<Vec<Document>> {
    let register = Document {
        path: "docs/donnees-personnelles.md".to_owned(),
        text: filrouge_personal_data::register_page(register::embedded()),
    };
    let model = merise::documents(merise::embedded()).map_err(Error::msg)?;
    let model = model.into_iter().map(|(name, text)| Document {
        path: format!("docs/merise/{name}"),
        text,
    });
    Ok(model.chain([register]).collect())
}
