//! The metrics catalogue beside those who read it: alert rules, dashboards, documents.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use filrouge_http::catalogue::Kind;
use filrouge_http::{Catalogue, MetricSpec, Metrics};
use promql_parser::parser::{self, AggregateExpr, Expr, MatrixSelector, VectorSelector};
use promql_parser::util::{ExprVisitor, walk_expr};
use serde_json::Value;

/// Labels that Prometheus adds itself.
const ADDED: [&str; 3] = ["instance", "job", "le"];

fn read(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn metrics() -> Vec<(Kind, MetricSpec)> {
    let mut common = Catalogue::default();
    Metrics::new(&mut common).unwrap();
    let own = filrouge_model_api::metrics().unwrap();
    [common.metrics(), own.metrics()].concat()
}

/// Each series of the metrics, with its labels.
fn series() -> BTreeMap<String, &'static [&'static str]> {
    let of = |(kind, metric): (Kind, MetricSpec)| {
        let suffixes: &[&str] = match kind {
            Kind::Histogram => &["_bucket", "_count", "_sum"],
            Kind::Counter | Kind::Gauge => &[""],
        };
        let name = |suffix: &&str| (format!("{}{suffix}", metric.name), metric.labels);
        suffixes.iter().map(name).collect::<Vec<_>>()
    };
    metrics().into_iter().flat_map(of).collect()
}

/// The rules of alert: name and expression.
fn rules() -> Vec<(String, String)> {
    let text = read("docker/alerts.yaml");
    let values = |key: &str| -> Vec<String> {
        text.lines()
            .filter_map(|line| line.trim_start_matches([' ', '-']).strip_prefix(key))
            .map(|value| value.trim().to_owned())
            .collect()
    };
    let (names, expressions) = (values("alert:"), values("expr:"));
    assert_eq!(names.len(), expressions.len());
    names.into_iter().zip(expressions).collect()
}

/// The expressions of a dashboard.
fn panels(path: &str) -> Vec<(String, String)> {
    let dashboard: Value = serde_json::from_str(&read(path)).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let targets = panels.iter().flat_map(|panel| panel["targets"].as_array());
    targets
        .flatten()
        .map(|target| target["expr"].as_str().unwrap().to_owned())
        .map(|expression| (path.to_owned(), expression))
        .collect()
}

/// Collects the names and labels of an expression.
#[derive(Default)]
struct Reader {
    names: Vec<String>,
    labels: Vec<String>,
}

impl ExprVisitor for Reader {
    type Error = ();

    fn pre_visit(&mut self, expression: &Expr) -> Result<bool, ()> {
        match expression {
            Expr::VectorSelector(selector)
            | Expr::MatrixSelector(MatrixSelector { vs: selector, .. }) => {
                let VectorSelector { name, matchers, .. } = selector;
                self.names.extend(name.clone());
                let named = matchers.matchers.iter().map(|matcher| matcher.name.clone());
                self.labels.extend(named);
            }
            Expr::Aggregate(AggregateExpr {
                modifier: Some(modifier),
                ..
            }) => self.labels.extend(modifier.labels().labels.clone()),
            _ => {}
        }
        Ok(true)
    }
}

// Preuve: C11.6 chaque expression d’alerte et de tableau de bord nomme une métrique et des étiquettes qui existent
#[test]
fn every_expression_names_metrics_and_labels_that_exist() {
    let series = series();
    let expressions = [
        rules(),
        panels("docker/grafana/model.json"),
        panels("docker/grafana/metriques.json"),
    ]
    .concat();
    assert!(expressions.len() > metrics().len());

    for (place, expression) in expressions {
        let parsed = parser::parse(&expression)
            .unwrap_or_else(|error| panic!("{place}: `{expression}`: {error}"));
        let mut reader = Reader::default();
        walk_expr(&mut reader, &parsed).unwrap();

        assert!(!reader.names.is_empty(), "{place}: `{expression}`");
        for name in &reader.names {
            let labels = series
                .get(name)
                .unwrap_or_else(|| panic!("{place}: no metric is named `{name}`"));
            for label in &reader.labels {
                assert!(
                    labels.contains(&label.as_str()) || ADDED.contains(&label.as_str()),
                    "{place}: `{name}` has no label `{label}`"
                );
            }
        }
    }
}

#[test]
fn every_alert_is_declared_with_its_metric_and_is_a_rule() {
    let rules = rules();
    let declared: Vec<(String, String)> = metrics()
        .iter()
        .filter_map(|(_, metric)| metric.alert)
        .map(|alert| (alert.name.to_owned(), alert.expression.to_owned()))
        .collect();

    for alert in &declared {
        assert!(rules.contains(alert), "docker/alerts.yaml lacks {alert:?}");
    }
    for rule in &rules {
        assert!(declared.contains(rule), "no metric declares {rule:?}");
    }
}

#[test]
fn every_metric_has_its_line_and_its_panel() {
    let (page, dashboard) = (
        read("docs/metriques.md"),
        read("docker/grafana/metriques.json"),
    );
    for (_, metric) in metrics() {
        assert!(
            page.contains(&format!("| `{}` |", metric.name))
                && dashboard.contains(&format!("\"title\": \"{}\"", metric.name)),
            "`{}` is nowhere to be read: run `cargo xtask regenerate`",
            metric.name
        );
        assert!(
            metric.meaning.ends_with('.'),
            "the meaning of `{}` is not a sentence",
            metric.name
        );
    }
}
