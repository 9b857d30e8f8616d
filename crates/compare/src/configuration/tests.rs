use super::{dependency_facts, json_facts, yaml_facts};
use crate::fact::FactKind;
use crate::yaml;

fn kinds(text: &str) -> Vec<(FactKind, usize)> {
    yaml_facts("x.yml", &yaml::read(text))
        .into_iter()
        .map(|fact| (fact.kind, fact.line))
        .collect()
}

#[test]
fn a_compose_file_shows_its_services() {
    let text = "services:\n  api:\n    build: .\n  grafana:\n    image: grafana/grafana\n  ia:\n    image: ollama/ollama\n";
    let expected = [
        (FactKind::Service, 2),
        (FactKind::Service, 4),
        (FactKind::MonitoringService, 4),
        (FactKind::Service, 6),
        (FactKind::AiServiceDeployment, 6),
    ];
    assert_eq!(kinds(text), expected);
}

#[test]
fn rules_scrapes_and_receivers_are_told_apart() {
    assert_eq!(
        kinds("groups:\n  - name: g\n    rules:\n      - alert: Down\n        expr: up == 0\n"),
        [(FactKind::AlertRule, 4)]
    );
    assert_eq!(
        kinds("scrape_configs:\n  - job_name: api\n"),
        [(FactKind::MetricScrape, 1)]
    );
    let receivers =
        "receivers:\n  - name: none\n  - name: team\n    email_configs:\n      - to: x\n";
    assert_eq!(kinds(receivers), [(FactKind::AlertReceiver, 3)]);
}

#[test]
fn a_dashboard_of_the_model_is_more_than_a_dashboard() {
    let found = |text: &str| {
        json_facts("d.json", text)
            .into_iter()
            .map(|fact| fact.kind)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        found("{\"panels\": [{\"gridPos\": {}}]}"),
        [FactKind::Dashboard]
    );
    assert_eq!(
        found("{\"panels\": [{\"gridPos\": {}, \"expr\": \"prediction_total\"}]}"),
        [FactKind::Dashboard, FactKind::ModelMetric]
    );
    assert!(found("{\"a\": 1}").is_empty());
}

#[test]
fn a_coverage_tool_is_found_where_it_is_declared() {
    let facts = dependency_facts("requirements.txt", "fastapi\npytest-cov==5\n");
    assert!(
        facts
            .iter()
            .any(|fact| fact.kind == FactKind::CoverageTool && fact.line == 2)
    );
}

#[test]
fn stages_of_dvc_work_as_steps_do() {
    let text = "stages:\n  entrainer:\n    cmd: python ml/train.py\n  juger:\n    cmd: python ml/evaluate.py\n";
    let facts = yaml_facts("dvc.yaml", &yaml::read(text));
    let found: Vec<_> = facts
        .iter()
        .map(|fact| (fact.kind, fact.line, fact.exercised))
        .collect();
    assert_eq!(
        found,
        [
            (FactKind::JobTraining, 2, false),
            (FactKind::JobValidation, 4, false)
        ]
    );
}
