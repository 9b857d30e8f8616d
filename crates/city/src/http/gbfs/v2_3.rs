//! From 3.0 to 2.3, <https://github.com/MobilityData/gbfs/blob/v2.3/gbfs.md>: the same facts in the
//! words of before.

use chrono::DateTime;
use serde_json::{Map, Value, json};

/// The same feed, as 2.3 says it.
pub(super) fn translate(feed: Value) -> Value {
    let Value::Object(mut feed) = older(feed) else {
        return Value::Null;
    };
    feed.insert("version".to_owned(), json!("2.3"));
    // The discovery file lists the feeds of each language.
    if let Some(data) = feed
        .get_mut("data")
        .filter(|data| data.get("feeds").is_some())
    {
        *data = json!({ "fr": data.take() });
    }
    Value::Object(feed)
}

fn older(value: Value) -> Value {
    match value {
        Value::Array(items) => match one_language(&items) {
            Some(text) => text.clone(),
            None => items.into_iter().map(older).collect(),
        },
        Value::Object(fields) => {
            let fields = fields
                .into_iter()
                .filter_map(|(name, value)| older_field(&name, value));

            Value::Object(fields.collect::<Map<_, _>>())
        }
        other => other,
    }
}

/// A text is a list of languages in 3.0, a string in 2.3.
fn one_language(items: &[Value]) -> Option<&Value> {
    items
        .first()?
        .as_object()
        .filter(|item| item.contains_key("language"))?
        .get("text")
}

fn older_field(name: &str, value: Value) -> Option<(String, Value)> {
    let (name, value) = match name {
        "num_vehicles_available" => ("num_bikes_available", value),
        "last_updated" | "last_reported" => (name, posix(&value)),
        "languages" => ("language", value.get(0).cloned().unwrap_or_default()),
        // New in 3.0.
        "opening_hours" => return None,
        _ => (name, older(value)),
    };
    Some((name.to_owned(), value))
}

fn posix(instant: &Value) -> Value {
    let parsed = instant
        .as_str()
        .and_then(|text| DateTime::parse_from_rfc3339(text).ok());
    parsed.map_or(Value::Null, |instant| json!(instant.timestamp()))
}
