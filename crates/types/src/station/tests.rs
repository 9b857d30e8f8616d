use super::*;

#[test]
fn identifiers_are_one_to_sixty_four_visible_characters() {
    for good in ["1042", "RIV-001", "Gare", &"x".repeat(64)] {
        assert_eq!(good.parse::<StationId>().unwrap().as_str(), good);
    }
    for bad in ["", " 12", "12\n", "a\tb", &"x".repeat(65)] {
        assert!(bad.parse::<StationId>().is_err(), "{bad:?}");
    }
}

#[test]
fn a_bad_identifier_in_json_is_refused_with_its_text() {
    let error = serde_json::from_str::<StationId>("\"\"").unwrap_err();
    assert!(
        error.to_string().contains("is not a station identifier"),
        "{error}"
    );
}
