use filrouge_prerequisites as prerequisites;

#[test]
fn what_breaks_the_conventions_of_prometheus_is_objected_to() {
    let Some(promtool) = prerequisites::promtool() else {
        return;
    };
    let described =
        "# HELP requests_total Requests.\n# TYPE requests_total counter\nrequests_total 1\n";

    for (metrics, expected) in [
        (described, ""),
        ("# TYPE requests counter\nrequests 1\n", "_total"),
        ("requests one\n", "exit status"),
    ] {
        let objections = promtool.objections(metrics).unwrap();
        assert!(objections.contains(expected), "{objections}");
        assert_eq!(objections.is_empty(), expected.is_empty(), "{objections}");
    }
}
