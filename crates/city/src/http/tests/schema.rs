//! The part of JSON Schema (draft 7) that the schemas of GBFS use. A keyword that is not known here
//! is an error, so that no rule is passed over in silence.

use chrono::DateTime;
use serde_json::{Map, Value};

/// Everything in `value` that `schema` forbids, with the path to it.
pub(super) fn violations(schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(schema, value, "$", &mut found);
    found
}

fn is_valid(schema: &Value, value: &Value) -> bool {
    violations(schema, value).is_empty()
}

fn check(schema: &Value, value: &Value, path: &str, found: &mut Vec<String>) {
    let rules = schema.as_object().unwrap();
    for (keyword, rule) in rules {
        if !obeys(rules, keyword, rule, value) {
            found.push(format!("{path}: {value} breaks {keyword} {rule}"));
        }
    }

    if let (Some(items), Some(values)) = (rules.get("items"), value.as_array()) {
        values
            .iter()
            .enumerate()
            .for_each(|(at, value)| check(items, value, &format!("{path}[{at}]"), found));
    }

    if let (Some(patterns), Some(values)) = (rules.get("patternProperties"), value.as_object()) {
        for (schema, (name, value)) in patterns
            .as_object()
            .unwrap()
            .values()
            .flat_map(|one| values.iter().map(move |value| (one, value)))
        {
            check(schema, value, &format!("{path}.{name}"), found);
        }
    }

    if let (Some(properties), Some(values)) = (rules.get("properties"), value.as_object()) {
        for (name, value) in values {
            properties
                .get(name)
                .into_iter()
                .for_each(|schema| check(schema, value, &format!("{path}.{name}"), found));
        }
    }
}

fn obeys(rules: &Map<String, Value>, keyword: &str, rule: &Value, value: &Value) -> bool {
    let schemas = || rule.as_array().unwrap().iter();

    match keyword {
        "$schema" | "$id" | "$comment" | "description" | "properties" | "patternProperties"
        | "items" | "then" => true,
        "type" => is_of_type(rule.as_str().unwrap(), value),
        "const" => value == rule,
        "enum" => schemas().any(|one| one == value),
        "minimum" => value
            .as_f64()
            .is_none_or(|number| number >= rule.as_f64().unwrap()),
        "maximum" => value
            .as_f64()
            .is_none_or(|number| number <= rule.as_f64().unwrap()),
        "minProperties" => value
            .as_object()
            .is_none_or(|object| object.len() as u64 >= rule.as_u64().unwrap()),
        "minItems" => value
            .as_array()
            .is_none_or(|list| list.len() as u64 >= rule.as_u64().unwrap()),
        "format" => value
            .as_str()
            .is_none_or(|text| has_format(rule.as_str().unwrap(), text)),
        "pattern" => value
            .as_str()
            .is_none_or(|text| matches_pattern(rule.as_str().unwrap(), text)),
        "required" => value
            .as_object()
            .is_none_or(|object| schemas().all(|name| object.contains_key(name.as_str().unwrap()))),
        "dependencies" => value.as_object().is_none_or(|object| depends(rule, object)),
        "contains" => value
            .as_array()
            .is_none_or(|list| list.iter().any(|item| is_valid(rule, item))),
        "allOf" => schemas().all(|schema| is_valid(schema, value)),
        "anyOf" => schemas().any(|schema| is_valid(schema, value)),
        "oneOf" => schemas().filter(|schema| is_valid(schema, value)).count() == 1,
        "not" => !is_valid(rule, value),
        "if" => !is_valid(rule, value) || is_valid(&rules["then"], value),
        "additionalProperties" => {
            assert_eq!(rule, &Value::Bool(false));

            let patterns = rules.get("patternProperties").and_then(Value::as_object);
            let is_named = |name: &String| {
                rules
                    .get("properties")
                    .is_some_and(|names| names.get(name).is_some())
            };
            let matches = |name: &str| {
                patterns.is_some_and(|all| all.keys().all(|one| matches_pattern(one, name)))
            };

            value
                .as_object()
                .is_none_or(|object| object.keys().all(|name| is_named(name) || matches(name)))
        }
        _ => panic!("this validator does not know `{keyword}`"),
    }
}

/// Each property that is there brings those of its list.
fn depends(rule: &Value, object: &Map<String, Value>) -> bool {
    let brings = |(name, others): (&String, &Value)| {
        let mut others = others.as_array().unwrap().iter();
        !object.contains_key(name)
            || others.all(|other| object.contains_key(other.as_str().unwrap()))
    };
    rule.as_object().unwrap().iter().all(brings)
}

fn is_of_type(name: &str, value: &Value) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        _ => panic!("this validator does not know the type `{name}`"),
    }
}

fn has_format(format: &str, text: &str) -> bool {
    match format {
        "date-time" => DateTime::parse_from_rfc3339(text).is_ok(),
        "date" => text.parse::<chrono::NaiveDate>().is_ok(),
        "email" => text
            .split_once('@')
            .is_some_and(|(name, domain)| !name.is_empty() && domain.contains('.')),
        "uri" => text
            .parse::<axum::http::Uri>()
            .is_ok_and(|uri| uri.scheme().is_some()),
        _ => panic!("this validator does not know the format `{format}`"),
    }
}

/// The one pattern of the feeds that the city publishes: a language.
fn matches_pattern(pattern: &str, text: &str) -> bool {
    assert_eq!(pattern, "^[a-z]{2,3}(-[A-Z]{2})?$");
    let (language, country) = text.split_once('-').unwrap_or((text, "FR"));
    let all = |text: &str, is: fn(&u8) -> bool| text.bytes().all(|byte| is(&byte));
    (2..=3).contains(&language.len())
        && all(language, u8::is_ascii_lowercase)
        && country.len() == 2
        && all(country, u8::is_ascii_uppercase)
}

#[test]
fn each_rule_is_broken_by_something() {
    for (schema, bad) in [
        (r#"{"type":"integer"}"#, "1.5"),
        (r#"{"const":"3.0"}"#, r#""2.3""#),
        (r#"{"enum":["a"]}"#, r#""b""#),
        (r#"{"minimum":0}"#, "-1"),
        (r#"{"maximum":90}"#, "91"),
        (r#"{"minItems":1}"#, "[]"),
        (r#"{"minProperties":1}"#, "{}"),
        (
            r#"{"patternProperties":{"^[a-z]{2,3}(-[A-Z]{2})?$":{"type":"object"}}}"#,
            r#"{"fr":1}"#,
        ),
        (r#"{"format":"date-time"}"#, r#""2026-03-01 08:00""#),
        (r#"{"pattern":"^[a-z]{2,3}(-[A-Z]{2})?$"}"#, r#""FR""#),
        (r#"{"required":["data"]}"#, "{}"),
        (r#"{"contains":{"const":1}}"#, "[2]"),
        (r#"{"dependencies":{"a":["b"]}}"#, r#"{"a":1}"#),
        (r#"{"allOf":[{"const":1},{"const":2}]}"#, "1"),
        (r#"{"anyOf":[{"const":1},{"const":2}]}"#, "3"),
        (r#"{"oneOf":[{"const":1},{"minimum":0}]}"#, "1"),
        (r#"{"not":{"const":1}}"#, "1"),
        (r#"{"if":{"const":1},"then":{"const":2}}"#, "1"),
        (
            r#"{"properties":{},"additionalProperties":false}"#,
            r#"{"a":1}"#,
        ),
        (
            r#"{"items":{"properties":{"a":{"type":"string"}}}}"#,
            r#"[{"a":1}]"#,
        ),
    ] {
        let [rule, value] = [schema, bad].map(|text| serde_json::from_str(text).unwrap());
        assert!(
            !violations(&rule, &value).is_empty(),
            "{schema} allows {bad}"
        );
    }
}
