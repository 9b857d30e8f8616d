//! Extractors whose rejections are problems: same names as axum's, French answers, the field at
//! fault.

mod json;
mod object;
mod path;
mod query;

pub use json::{Json, media_type, read_json};
pub use object::Object;
pub use path::Path;
pub use query::{FromParameters, Parameters, Query};

#[cfg(test)]
mod tests;
