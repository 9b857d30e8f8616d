use clap::Parser;

use super::*;
use crate::cli::Cli;
use crate::state;

#[test]
fn a_service_is_asked_where_it_was_said_to_run() {
    let table = [
        ("", Service::DataApi, "http://127.0.0.1:8081"),
        ("--listen 0.0.0.0", Service::Web, "http://127.0.0.1:8080"),
        ("--listen 10.0.0.5", Service::Web, "http://10.0.0.5:8080"),
        ("--listen ::1", Service::ModelApi, "http://[::1]:8082"),
        (
            "--data-api-url http://data-api:8081/",
            Service::DataApi,
            "http://data-api:8081",
        ),
        (
            "--data-api-url http://data-api:8081",
            Service::ModelApi,
            "http://127.0.0.1:8082",
        ),
        ("--city-url http://ville/", Service::City, "http://ville"),
    ];

    for (options, service, expected) in table {
        let line = format!("filrouge health web {options}");
        let global = Cli::parse_from(line.split_whitespace()).global;
        assert_eq!(address(&global, service), expected, "{options}");
    }
}

#[test]
fn the_city_plays_the_incidents_of_the_state() {
    let folder = tempfile::tempdir().unwrap();
    let state = state::open(folder.path()).unwrap();
    let global = GlobalArgs::of(folder.path().to_owned());
    let hour = "2026-03-03T08:00:00Z".parse().unwrap();
    let expected = |city: &City| {
        city.expected_departures(&"RIV-001".parse().unwrap(), hour)
            .unwrap()
    };

    let usual = expected(&simulated_city(&global, &state).unwrap());

    std::fs::create_dir_all(state.city()).unwrap();
    let file = state.city().join("incidents.json");
    std::fs::write(
        &file,
        r#"[{"kind":"demand_shift","factor":1.3,"from":"2026-03-01T00:00:00Z"}]"#,
    )
    .unwrap();
    assert!((expected(&simulated_city(&global, &state).unwrap()) - 1.3 * usual).abs() < 1e-9);

    std::fs::write(
        &file,
        r#"[{"kind":"earthquake","from":"2026-03-01T00:00:00Z"}]"#,
    )
    .unwrap();
    let error = format!("{:#}", simulated_city(&global, &state).unwrap_err());
    assert!(
        error.contains("incidents.json") && error.contains("liste d'incidents"),
        "{error}"
    );
}
