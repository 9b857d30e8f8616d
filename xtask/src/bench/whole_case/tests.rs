use super::*;

#[test]
fn the_printed_table_shows_default_ports_and_no_secret() {
    let printed =
        "  web   http://127.0.0.1:28080/  la page\n  client : demo, secret aB3 (état : /tmp/x)";
    assert_eq!(
        presentable(printed, Path::new("/projet"), Path::new("/tmp/x")),
        "  web   http://127.0.0.1:8080/   la page\n  client : demo, secret … (état : var)"
    );
}

#[test]
fn the_gain_is_against_the_better_baseline() {
    let json = r#"{"rows": 10, "mae": 3.0, "coverage_80": 0.81,
        "baselines": {"a": {"mae": 4.0}, "b": {"mae": 5.0}}}"#;
    let mut measurements = Measurements::default();
    record_evaluation(json, &mut measurements).unwrap();
    assert_eq!(
        measurements.rounded("test_gain_pct").as_deref(),
        Some("25,0")
    );
    assert_eq!(
        measurements.rounded("test_coverage_pct").as_deref(),
        Some("81,0")
    );
}
