use super::*;

#[test]
fn a_row_in_json_has_exactly_the_columns_of_the_contract() {
    let conditions = Conditions {
        station_id: "RIV-001".parse().unwrap(),
        hour: "2026-03-01T08:00:00Z".parse().unwrap(),
        weather: Weather::default(),
        is_public_holiday: None,
        is_school_holiday: Some(false),
        event_count: Some(1),
    };

    let row = StationHour {
        conditions,
        departures: 7,
    };
    let json = serde_json::to_value(row).unwrap();

    let mut names: Vec<_> = json
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();

    let mut contract = CONTRACT_COLUMNS;

    names.sort_unstable();
    contract.sort_unstable();

    assert_eq!(names, contract);
}
