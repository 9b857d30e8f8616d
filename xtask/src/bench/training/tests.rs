use super::*;

#[test]
fn folds_are_weighed_by_their_rows_and_the_search_is_that_of_the_last() {
    let json = r#"{"folds": [
            {"rows": 300, "last_week_mae": 9.0, "filrouge": {"mae": 1.0, "seconds": 10.0},
             "lightgbm": {"mae": 2.0, "seconds": 1.0}, "scikit_learn": {"mae": 1.0, "seconds": 1.0},
             "search": {"mae": 1.25, "seconds": 200.0}},
            {"rows": 100, "last_week_mae": 9.0, "filrouge": {"mae": 3.0, "seconds": 20.0},
             "lightgbm": {"mae": 4.0, "seconds": 1.0}, "scikit_learn": {"mae": 3.0, "seconds": 1.0}}]}"#;
    let mut measurements = Measurements::default();
    record_comparison("city", json, &mut measurements).unwrap();
    record_replay(
        "capital",
        r#"{"skill": 0.375, "worst_month": -0.02, "months": {}}"#,
        &mut measurements,
    )
    .unwrap();
    let expected = [
        ("train_city_mae", "1,500"),
        ("train_city_seconds", "15,0"),
        ("train_city_error_of_lightgbm", "0,600"),
        ("train_city_error_of_scikit_learn", "1,000"),
        ("train_city_error_of_search", "0,800"),
        ("train_city_time_of_search", "0,050"),
        ("replay_capital_skill_pct", "37,5"),
        ("replay_capital_worst_month_pct", "-2,0"),
    ];
    for (key, value) in expected {
        assert_eq!(measurements.rounded(key).as_deref(), Some(value), "{key}");
    }
}
