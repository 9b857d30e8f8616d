//! The catalogues of metrics, as a page and as a dashboard.

use std::fmt::Write as _;
use std::sync::Arc;

use anyhow::Result;
use filrouge_http::catalogue::Kind;
use filrouge_http::{Catalogue, MetricSpec, Metrics, Unit, process};
use filrouge_operations::AlertRule;
use filrouge_providers::ServiceMetrics;
use filrouge_types::SystemClock;
use serde_json::{Value, json};

use crate::loop_metrics;

/// The page of the metrics, before its tables.
const INTRODUCTION: &str = "\
# Les métriques

Page tirée du code par `cargo xtask regenerate` : ne pas la modifier à la main. Chaque métrique est déclarée une seule fois, \
dans le service qui la mesure ; sa déclaration donne sa ligne ici et son panneau dans Grafana \
(`docker/grafana/metriques.json`). [Surveiller le modèle](surveillance.md) explique comment lire celles de la qualité, \
et [la recette](recettes/metrique.md) comment en ajouter une.
";

/// Content of a cell that has nothing to say.
const NONE: &str = "aucune";

/// A group of metrics: its title, and who declares them.
type Group = (&'static str, Catalogue);

fn groups() -> Result<[Group; 6]> {
    let mut common = Catalogue::default();
    Metrics::new("web", Arc::new(SystemClock), &mut common)?;
    let mut ai = Catalogue::default();
    ServiceMetrics::new(&mut ai)?;

    Ok([
        ("Communes à tous les services", common),
        ("Communes à tous les processus", process::metrics()?),
        ("API de données", filrouge_data_api::metrics()?),
        ("API du modèle", filrouge_model_api::metrics()?),
        ("Tenue à jour", loop_metrics::metrics()?),
        ("Services d’IA", ai),
    ])
}

/// The page: one table a group.
pub(super) fn page() -> Result<String> {
    let alerts = filrouge_operations::alerts()?;
    let mut page = INTRODUCTION.to_owned();

    for (title, catalogue) in groups()? {
        write!(
            page,
            "\n## {title}\n\n| Métrique | Type | Unité | Étiquettes | Ce qu’elle dit | Alarmes |\n\
             | --- | --- | --- | --- | --- | --- |\n"
        )?;
        for (kind, metric) in catalogue.metrics() {
            page += &line(*kind, metric, &alerts);
        }
    }
    Ok(page)
}

fn line(kind: Kind, metric: &MetricSpec, alerts: &[AlertRule]) -> String {
    let kind = match kind {
        Kind::Counter => "compteur",
        Kind::Gauge => "jauge",
        Kind::Histogram => "histogramme",
    };
    let labels: Vec<String> = metric
        .labels
        .iter()
        .map(|label| format!("`{label}`"))
        .collect();
    // A screen reader says nothing of an empty cell.
    let labels = match labels.is_empty() {
        true => NONE.to_owned(),
        false => labels.join(", "),
    };
    let watching: Vec<String> = filrouge_operations::watching(alerts, metric.name)
        .into_iter()
        .map(|alert| {
            format!(
                "[{0}](alarmes.md#{1})",
                alert.name,
                alert.name.to_lowercase()
            )
        })
        .collect();
    let alarms = match watching.is_empty() {
        true => NONE.to_owned(),
        false => watching.join(", "),
    };

    format!(
        "| `{}` | {kind} | {} | {labels} | {} | {alarms} |\n",
        metric.name,
        unit(metric.unit),
        metric.meaning,
    )
}

fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Count(things) => things,
        Unit::Seconds => "secondes",
        Unit::Bytes => "octets",
        Unit::Instant => "secondes depuis 1970",
        Unit::Ratio => "de 0 à 1",
        Unit::Flag => "0 ou 1",
        Unit::Number => "selon l’étiquette",
    }
}

/// The dashboard: one panel a metric, two a line.
pub(super) fn dashboard() -> Result<String> {
    let groups = groups()?;
    let metrics = groups.iter().flat_map(|(_, catalogue)| catalogue.metrics());
    let panels: Vec<Value> = metrics
        .enumerate()
        .map(|(index, (kind, metric))| panel(index, *kind, metric))
        .collect();

    let dashboard = json!({
        "title": "Fil rouge : toutes les métriques",
        // Fixed: links to the dashboard outlive its next writing.
        "uid": "filrouge-metriques",
        "timezone": "browser",
        "schemaVersion": 41,
        "refresh": "30s",
        "time": {"from": "now-24h", "to": "now"},
        "panels": panels,
    });
    Ok(serde_json::to_string_pretty(&dashboard)? + "\n")
}

fn panel(index: usize, kind: Kind, metric: &MetricSpec) -> Value {
    // Grafana's grid has 24 columns.
    let (width, height) = (12, 8);
    let place = json!({
        "h": height,
        "w": width,
        "x": index % 2 * width,
        "y": index / 2 * height,
    });

    json!({
        "id": index + 1,
        "type": "timeseries",
        "title": metric.name,
        "description": metric.meaning,
        "datasource": {"type": "prometheus", "uid": "prometheus"},
        "gridPos": place,
        "fieldConfig": {"defaults": {"unit": grafana_unit(kind, metric.unit)}, "overrides": []},
        "targets": [{"expr": expression(kind, metric), "legendFormat": legend(metric)}],
    })
}

/// The series of a panel: the rate of a counter, the 99th centile of a histogram, the age of an
/// instant, a gauge as it is.
fn expression(
    kind: Kind,
    MetricSpec {
        name, unit, labels, ..
    }: &MetricSpec,
) -> String {
    // Both services declare the same HTTP metrics: `job` tells them apart.
    let by = |first: &[&str]| [first, labels].concat().join(", ");
    match (kind, unit) {
        (Kind::Counter, _) => format!("sum by ({}) (rate({name}[5m]))", by(&["job"])),
        (Kind::Histogram, _) => format!(
            "histogram_quantile(0.99, sum by ({}) (rate({name}_bucket[5m])))",
            by(&["job", "le"])
        ),
        (Kind::Gauge, Unit::Instant) => format!("time() - {name}"),
        (Kind::Gauge, _) => (*name).to_owned(),
    }
}

fn legend(metric: &MetricSpec) -> String {
    let labels = [&["job"], metric.labels].concat();
    let names: Vec<String> = labels
        .iter()
        // Grafana reads `{{label}}`; Rust wants each brace twice.
        .map(|label| format!("{{{{{label}}}}}"))
        .collect();
    names.join(" ")
}

fn grafana_unit(kind: Kind, unit: Unit) -> &'static str {
    match (kind, unit) {
        (_, Unit::Seconds | Unit::Instant) => "s",
        (_, Unit::Ratio) => "percentunit",
        (_, Unit::Bytes) => "bytes",
        // Counts per second: the panel draws the rate, not the sum.
        (Kind::Counter, _) => "cps",
        (_, Unit::Count(_) | Unit::Flag | Unit::Number) => "short",
    }
}

#[cfg(test)]
mod tests;
