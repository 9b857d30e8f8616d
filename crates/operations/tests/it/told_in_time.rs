use std::path::Path;

use filrouge_operations::{AlertRule, alerts, seconds};

/// A person hears of a stop within this long.
const TOLD_WITHIN_SECONDS: u64 = 60;

/// The first value of `key` in a file of the project, such as `scrape_interval: 10s`.
fn setting(path: &str, key: &str) -> u64 {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let text = std::fs::read_to_string(root.join(path)).unwrap();
    let value = text.split_once(&format!("{key}: ")).unwrap().1;
    let value = value.split([',', '\n', ' ']).next().unwrap();
    seconds(value).unwrap_or_else(|| panic!("{path}: {key}: {value}"))
}

/// The longest time from the stop to the message: one scrape and its time limit, one evaluation, the delay of the rule
/// rounded up to an evaluation, the wait of Alertmanager for others to group with.
fn longest(rule: &AlertRule, prometheus: &str, alertmanager: &str) -> u64 {
    let evaluation = setting(prometheus, "evaluation_interval");
    let delay = rule
        .delay
        .as_deref()
        .map_or(0, |delay| seconds(delay).unwrap());
    let delay = delay.div_ceil(evaluation) * evaluation;

    setting(prometheus, "scrape_interval")
        + setting(prometheus, "scrape_timeout")
        + evaluation
        + delay
        + setting(alertmanager, "group_wait")
}

// Preuve: C20.5 un service ou la base qui s’arrête : une personne est prévenue en moins d’une minute
#[test]
fn a_person_hears_of_any_stop_within_a_minute() {
    let settings = [
        ("docker/prometheus.yaml", "docker/alertmanager.yaml"),
        (
            "docker/compose/prometheus.yaml",
            "docker/compose/alertmanager.yaml",
        ),
    ];
    let alerts = alerts().unwrap();
    let of_a_stop: Vec<&AlertRule> = alerts.iter().filter(|one| !one.stops.is_empty()).collect();
    assert!(of_a_stop.len() >= 2);

    for (prometheus, alertmanager) in settings {
        for rule in &of_a_stop {
            let longest = longest(rule, prometheus, alertmanager);
            assert!(
                longest <= TOLD_WITHIN_SECONDS,
                "{prometheus}: {} is told after {longest} s",
                rule.name
            );
        }
    }
}

#[test]
fn every_alarm_has_a_name_of_its_own_and_something_to_do() {
    let alerts = alerts().unwrap();
    let mut names: Vec<&str> = alerts.iter().map(|one| &*one.name).collect();
    names.sort_unstable();
    names.dedup();

    assert_eq!(names.len(), alerts.len());
    for one in &alerts {
        assert!(!one.steps.is_empty(), "{}", one.name);
        let delays = [&one.delay, &one.keep_for];
        for delay in delays.into_iter().flatten() {
            assert!(seconds(delay).is_some(), "{}: {delay}", one.name);
        }
    }
}
