//! A page as CSV: a header, a line an item, an empty cell for an unknown value. Nested values
//! stay JSON.

use serde::Serialize;
use serde_json::Value;

pub(super) fn write(
    body: &mut Vec<u8>,
    items: &[impl Serialize],
    fields: &[&str],
) -> serde_json::Result<()> {
    line(body, fields.iter().map(|field| (*field).to_owned()));
    for item in items {
        let item = serde_json::to_value(item)?;
        line(body, fields.iter().map(|field| cell(&item[field])));
    }
    Ok(())
}

fn line(body: &mut Vec<u8>, cells: impl Iterator<Item = String>) {
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            body.push(b',');
        }
        body.extend(quoted(&cell).bytes());
    }
    body.extend(b"\r\n");
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// RFC 4180. A text that a spreadsheet would run as a formula is made one that it reads.
fn quoted(cell: &str) -> String {
    // A negative number is no formula.
    let is_formula = cell.starts_with(['=', '+', '-', '@']) && cell.parse::<f64>().is_err();
    let cell = if is_formula {
        format!("'{cell}")
    } else {
        cell.to_owned()
    };
    if cell.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn cells_are_quoted_when_they_must_be_and_formulas_are_texts() {
        let items = [
            json!({"a": "x, \"y\"", "b": null, "c": -1.5}),
            json!({"a": "=1+1", "b": true, "c": [1]}),
        ];
        let mut body = Vec::new();
        write(&mut body, &items, &["a", "b", "c"]).unwrap();
        let text = String::from_utf8(body).unwrap();
        assert_eq!(
            text,
            "a,b,c\r\n\"x, \"\"y\"\"\",,-1.5\r\n'=1+1,true,[1]\r\n"
        );
    }
}
