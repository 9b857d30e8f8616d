use super::*;

#[test]
fn an_instant_within_an_hour_bounds_at_the_next_one() {
    for (text, expected) in [
        ("2026-03-01T08:00:00Z", Some("2026-03-01T08:00:00Z")),
        ("2026-03-01T08:30:00Z", Some("2026-03-01T09:00:00Z")),
        (
            "2026-03-01T07:59:59.999%2B01:00",
            Some("2026-03-01T07:00:00Z"),
        ),
        ("0000-01-01T00:00:00Z", Some("0000-01-01T00:00:00Z")),
        ("9999-12-31T23:59:60Z", Some("+10000-01-01T00:00:00Z")),
        ("yesterday", None),
    ] {
        let mut parameters = Parameters::parse(&format!("from={text}")).unwrap();
        let hour = take_hour(&mut parameters, "from");

        match expected {
            Some(expected) => {
                assert_eq!(
                    hour.unwrap().unwrap().start().to_rfc3339(),
                    expected.replace('Z', "+00:00")
                )
            }
            None => assert!(hour.is_err(), "{text}"),
        }
    }
}
