use serde_json::json;

use super::*;

#[test]
fn numbers_are_read_however_they_are_written() {
    for (value, expected) in [
        (json!(3), Some(3)),
        (json!(3.0), Some(3)),
        (json!(" 3 "), Some(3)),
        (json!(3.5), None),
        (json!(-1), None),
    ] {
        assert_eq!(count(&value), expected, "{value}");
    }
}

#[test]
fn booleans_are_read_however_they_are_written() {
    for (value, expected) in [
        (json!(true), Some(true)),
        (json!(0), Some(false)),
        (json!("true"), Some(true)),
        (json!("yes"), None),
    ] {
        assert_eq!(truth(&value), expected, "{value}");
    }
}

#[test]
fn an_instant_is_a_text_seconds_or_milliseconds() {
    for value in [
        json!("2024-11-19T10:00:00+01:00"),
        json!(1_732_006_800),
        json!("1732006800000"),
    ] {
        assert_eq!(
            instant(&value).unwrap().to_rfc3339(),
            "2024-11-19T09:00:00+00:00",
            "{value}"
        );
    }
    assert_eq!(instant(&json!(null)), None);
}
