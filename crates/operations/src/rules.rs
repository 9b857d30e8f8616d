use std::fmt::Write as _;

use crate::alert::AlertRule;
use crate::burn_rate::{PERIOD, WINDOWS, burn_rate, series};
use crate::objective::Objective;

const INTRODUCTION: &str = "\
# Tiré de data/operations/alerts.toml et slo.toml par `cargo xtask regenerate` : ne pas le modifier à la main.
# Chaque alarme y a son risque, son seuil et ce qu’il faut faire : docs/alarmes.md.
groups:
";

/// The rules file of Prometheus.
pub fn alert_rules(alerts: &[AlertRule], objectives: &[Objective]) -> String {
    let mut text = INTRODUCTION.to_owned();

    text += "  - name: slo\n    rules:\n";
    for objective in objectives {
        for window in WINDOWS {
            text += &recording(
                &series(window),
                &burn_rate(objective, window),
                &objective.name,
            );
        }
    }

    // Thirty days are read again every five minutes only.
    text += "  - name: slo-budget\n    interval: 5m\n    rules:\n";
    for objective in objectives {
        let left = format!("1 - {}", burn_rate(objective, PERIOD));
        text += &recording("slo:error_budget_left:ratio", &left, &objective.name);
    }

    text += "  - name: alarmes\n    rules:\n";
    for alert in alerts {
        text += &alarm(alert);
    }
    text
}

fn recording(series: &str, expression: &str, slo: &str) -> String {
    format!(
        "      - record: {series}\n        expr: {}\n        labels: {{ slo: {slo} }}\n",
        quoted(expression)
    )
}

fn alarm(alert: &AlertRule) -> String {
    let AlertRule {
        name,
        delay,
        keep_for,
        urgency,
        summary,
        risk,
        ..
    } = alert;

    let mut text = format!(
        "      - alert: {name}\n        expr: {}\n",
        quoted(&alert.expression())
    );
    for (key, duration) in [("for", delay), ("keep_firing_for", keep_for)] {
        if let Some(duration) = duration {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "        {key}: {duration}");
        }
    }

    let runbook = format!("docs/alarmes.md#{}", name.to_lowercase());
    let _ = writeln!(
        text,
        "        labels: {{ severity: {} }}\n        annotations:\n          summary: {}\n          risk: {}\n          runbook: {}",
        urgency.label(),
        quoted(summary),
        quoted(risk),
        quoted(&runbook)
    );
    text
}

/// A string of JSON is one of YAML.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
