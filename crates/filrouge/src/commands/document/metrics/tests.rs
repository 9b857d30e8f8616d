//! The metrics beside those who read them: alarms, dashboards, documents. A metric that is renamed
//! or a label that is dropped names the alarm that went blind.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use promql_parser::parser::{
    self, AggregateExpr, BinaryExpr, Expr, MatrixSelector, VectorSelector,
};
use promql_parser::util::{ExprVisitor, walk_expr};

use super::*;
use crate::project;

/// Labels that Prometheus adds itself.
const ADDED: [&str; 3] = ["instance", "job", "le"];

/// Series that no service of ours declares: Prometheus's own, and that of the AI server, which the test
/// of the real one reads.
const OF_OTHERS: [&str; 2] = ["up", "llamacpp:requests_deferred"];

/// The rules and panels that read metrics: where each is declared, and its file.
const DASHBOARDS: [&str; 3] = [
    "docker/grafana/model.json",
    "docker/grafana/metriques.json",
    "docker/grafana/exploitation.json",
];

/// The labels of each series.
type Series = BTreeMap<String, BTreeSet<String>>;

fn read(path: &str) -> String {
    let path = project::home().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn metrics() -> Vec<(Kind, MetricSpec)> {
    let groups = groups().unwrap();
    let metrics = groups.iter().flat_map(|(_, catalogue)| catalogue.metrics());
    metrics.copied().collect()
}

/// Every series that there is: those of the services, those of others, those that the rules record.
fn series() -> Series {
    let labels = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();

    let of = |(kind, metric): (Kind, MetricSpec)| {
        let parts: &[&str] = match kind {
            Kind::Histogram => &["_bucket", "_count", "_sum"],
            Kind::Counter | Kind::Gauge => &[""],
        };
        let name = |part: &&str| (format!("{}{part}", metric.name), labels(metric.labels));
        parts.iter().map(name).collect::<Vec<_>>()
    };
    let recorded = rules().into_iter().filter(|rule| rule.is_recorded);
    let recorded = recorded.map(|rule| (rule.name, labels(&["slo"])));

    metrics()
        .into_iter()
        .flat_map(of)
        .chain(OF_OTHERS.map(|name| (name.to_owned(), labels(&[]))))
        .chain(recorded)
        .collect()
}

/// A rule of Prometheus or a panel of Grafana.
#[derive(Debug, Clone)]
struct Reader {
    name: String,
    expression: String,
    is_recorded: bool,
}

/// The rules of `docker/alerts.yaml`, whose strings are those of JSON.
fn rules() -> Vec<Reader> {
    let text = read("docker/alerts.yaml");
    let mut rules = Vec::new();

    for line in text.lines().map(|line| line.trim_start_matches([' ', '-'])) {
        if let Some(name) = line
            .strip_prefix("alert: ")
            .or(line.strip_prefix("record: "))
        {
            rules.push(Reader {
                name: name.to_owned(),
                expression: String::new(),
                is_recorded: line.starts_with("record"),
            });
        } else if let Some(expression) = line.strip_prefix("expr: ") {
            rules.last_mut().unwrap().expression = serde_json::from_str(expression).unwrap();
        }
    }
    rules
}

fn panels(path: &str) -> Vec<Reader> {
    let dashboard: Value = serde_json::from_str(&read(path)).unwrap();
    let targets = |panel: &Value| panel["targets"].as_array().cloned().unwrap_or_default();
    let expression = |target: Value| Reader {
        name: path.to_owned(),
        expression: target["expr"].as_str().unwrap().to_owned(),
        is_recorded: false,
    };

    let panels = dashboard["panels"].as_array().unwrap();
    panels.iter().flat_map(targets).map(expression).collect()
}

/// The names and labels that an expression reads.
#[derive(Default)]
struct Names {
    series: BTreeSet<String>,
    labels: BTreeSet<String>,
}

impl Names {
    fn of(expression: &str) -> Self {
        let parsed =
            parser::parse(expression).unwrap_or_else(|error| panic!("`{expression}`: {error}"));
        let mut names = Self::default();
        walk_expr(&mut names, &parsed).unwrap();
        names
    }
}

impl ExprVisitor for Names {
    type Error = std::convert::Infallible;

    fn pre_visit(&mut self, expression: &Expr) -> Result<bool, Self::Error> {
        match expression {
            Expr::VectorSelector(selector)
            | Expr::MatrixSelector(MatrixSelector { vs: selector, .. }) => {
                let VectorSelector { name, matchers, .. } = selector;
                self.series.extend(name.clone());
                let named = matchers.matchers.iter().map(|matcher| matcher.name.clone());
                self.labels.extend(named);
            }
            Expr::Aggregate(AggregateExpr {
                modifier: Some(modifier),
                ..
            }) => self.labels.extend(modifier.labels().labels.clone()),
            Expr::Binary(BinaryExpr {
                modifier: Some(modifier),
                ..
            }) => {
                let matching = modifier.matching.iter();
                self.labels
                    .extend(matching.flat_map(|labels| labels.labels().labels.clone()));
            }
            _ => {}
        }
        Ok(true)
    }
}

/// What a reader lacks among the series: nothing when it sees.
fn blind(reader: &Reader, series: &Series) -> Vec<String> {
    let names = Names::of(&reader.expression);
    let lacks = |what: String| format!("{} reads {what}, which nothing gives", reader.name);
    let mut missing = Vec::new();

    for name in &names.series {
        let Some(known) = series.get(name) else {
            missing.push(lacks(format!("`{name}`")));
            continue;
        };
        let is_unknown =
            |label: &&String| !known.contains(*label) && !ADDED.contains(&label.as_str());
        let unknown = names.labels.iter().filter(is_unknown);
        missing.extend(unknown.map(|label| lacks(format!("`{name}{{{label}}}`"))));
    }
    missing
}

// Preuve: C11.6 chaque expression d’alarme et de tableau de bord nomme une métrique et des étiquettes qui existent
// Preuve: C20.5 aucune alarme n’est aveugle : ce qu’elle lit est mesuré
#[test]
fn no_alarm_and_no_panel_is_blind() {
    let series = series();
    let readers = rules()
        .into_iter()
        .chain(DASHBOARDS.into_iter().flat_map(panels));

    let missing: Vec<String> = readers.flat_map(|reader| blind(&reader, &series)).collect();

    assert!(missing.is_empty(), "{missing:#?}");
}

// Preuve: C20.5 une métrique renommée ou une étiquette perdue nomme l’alarme devenue aveugle
#[test]
fn what_is_taken_away_names_the_alarm_that_went_blind() {
    let whole = series();

    for rule in rules() {
        let names = Names::of(&rule.expression);
        assert!(!names.series.is_empty(), "{} reads nothing", rule.name);

        for taken in &names.series {
            let mut renamed = whole.clone();
            let labels = renamed.remove(taken).unwrap();
            renamed.insert(format!("{taken}_renamed"), labels);
            let told = blind(&rule, &renamed).join("\n");
            assert!(told.contains(&rule.name) && told.contains(taken), "{told}");
        }

        for taken in names
            .labels
            .iter()
            .filter(|label| !ADDED.contains(&label.as_str()))
        {
            let mut dropped = whole.clone();
            dropped.values_mut().for_each(|labels| {
                labels.remove(taken);
            });
            let told = blind(&rule, &dropped).join("\n");
            assert!(told.contains(&rule.name) && told.contains(taken), "{told}");
        }
    }
}

// Preuve: C20.5 un service que Prometheus ne lit plus fait sonner une alarme, et la configuration les lit tous
#[test]
fn every_service_is_scraped_and_missed_when_it_is_not() {
    let alerts = filrouge_operations::alerts().unwrap();
    let missed = alerts
        .iter()
        .find(|one| one.name == "ServiceInconnuDePrometheus");
    let missed = &missed.unwrap().watches;

    for service in ["city", "data-api", "model-api", "refresh", "web"] {
        assert!(
            missed.contains(&format!("absent(up{{job=\"{service}\"}})")),
            "{service}"
        );
        for path in ["docker/prometheus.yaml", "docker/compose/prometheus.yaml"] {
            let is_scraped = read(path).contains(&format!("job_name: {service}\n"));
            assert!(is_scraped, "{path} does not read {service}");
        }
    }
}

#[test]
fn the_purge_is_late_after_two_of_the_registers() {
    use filrouge_database::gdpr::register;

    let alerts = filrouge_operations::alerts().unwrap();
    let late = alerts
        .iter()
        .find(|one| one.name == "PurgeEnRetard")
        .unwrap();

    assert_eq!(register::embedded().purge.every_hours, 24);
    assert_eq!(late.fires, "> 2 * 86400");
}

#[test]
fn every_metric_has_its_line_and_its_panel() {
    let (page, dashboard) = (page().unwrap(), dashboard().unwrap());

    for (_, metric) in metrics() {
        assert!(
            page.contains(&format!("| `{}` |", metric.name))
                && dashboard.contains(&format!("\"title\": \"{}\"", metric.name)),
            "`{}` is nowhere to be read",
            metric.name
        );
        assert!(
            metric.meaning.ends_with('.'),
            "the meaning of `{}` is not a sentence",
            metric.name
        );
    }
}
