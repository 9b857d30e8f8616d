use serde::de::DeserializeOwned;

use crate::{DOCUMENT_BYTES, JSON_TREE_BYTES};

/// A JSON document that is not read.
#[derive(Debug, thiserror::Error)]
pub enum JsonError {
    /// It is longer than [`DOCUMENT_BYTES`].
    #[error("it has {0} bytes, more than {DOCUMENT_BYTES}")]
    TooLong(u64),
    /// It would take more memory than [`JSON_TREE_BYTES`].
    #[error("it holds more values than {JSON_TREE_BYTES} bytes of memory can")]
    TooRich,
    /// It is not JSON, or not of the shape that is wanted; or it is nested deeper than 128 levels.
    #[error(transparent)]
    Invalid(#[from] serde_json::Error),
}

/// Bytes that a value, its name, a list and an object take in memory at most, beside their texts.
// A `serde_json::Value` has 32 bytes; a list of one has room for four; an object of one has a leaf
// of a B-tree, which is made for eleven, and is half full in a large one.
const VALUE: u64 = 32;
const NAME: u64 = 64;
const LIST: u64 = 4 * VALUE;
const OBJECT: u64 = 640;

/// Reads a JSON document whose length, depth and size in memory are bounded.
///
/// # Errors
/// See [`JsonError`].
pub fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, JsonError> {
    if bytes.len() as u64 > DOCUMENT_BYTES {
        return Err(JsonError::TooLong(bytes.len() as u64));
    }
    if tree_bytes(bytes) > JSON_TREE_BYTES {
        return Err(JsonError::TooRich);
    }
    Ok(serde_json::from_slice(bytes)?)
}

/// The memory that the document takes as a tree, from above: every value but the first follows a
/// comma, or begins a list or an object. The signs inside texts are counted too.
fn tree_bytes(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .map(|byte| match byte {
            b',' => VALUE,
            b':' => NAME,
            b'[' => LIST + VALUE,
            b'{' => OBJECT + VALUE,
            _ => 0,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn documents_that_cost_more_than_they_weigh_are_refused() {
        let stations = r#"{"station_id":"A","name":"Gare","lat":45.6,"lon":4.1},"#.repeat(10_000);
        let honest = format!(r#"{{"stations":[{}0]}}"#, stations);
        assert!(json::<Value>(honest.as_bytes()).is_ok());

        for (name, document) in [
            ("zeros", format!("[{}0]", "0,".repeat(2_000_000))),
            ("lists", format!("[{}0]", "[],".repeat(1_000_000))),
            ("objects", format!("[{}0]", r#"{"":0},"#.repeat(100_000))),
        ] {
            let error = json::<Value>(document.as_bytes()).unwrap_err();
            assert!(matches!(error, JsonError::TooRich), "{name}: {error}");
        }
    }

    #[test]
    fn a_long_document_and_a_deep_one_are_refused() {
        let long = format!("\"{}\"", " ".repeat(16 << 20));
        let error = json::<Value>(long.as_bytes()).unwrap_err().to_string();
        assert_eq!(error, "it has 16777218 bytes, more than 16777216");

        let deep = "[".repeat(10_000);
        let error = json::<Value>(deep.as_bytes()).unwrap_err().to_string();
        assert!(error.contains("recursion limit"), "{error}");
    }
}
