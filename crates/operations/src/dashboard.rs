use serde_json::{Value, json};

use crate::alert::AlertRule;
use crate::burn_rate;
use crate::objective::Objective;

/// The dashboard of Grafana: the budgets that are left, then one panel an alarm, two a line.
///
/// # Errors
/// Those of serialisation.
pub fn dashboard(
    alerts: &[AlertRule],
    objectives: &[Objective],
) -> Result<String, serde_json::Error> {
    let promises: Vec<String> = objectives
        .iter()
        .map(|one| format!("{} : {}", one.name, one.promise))
        .collect();
    let budgets = Panel {
        title: "Budgets d’erreur restants",
        description: &promises.join("\n"),
        expression: "slo:error_budget_left:ratio",
        unit: "percentunit",
    };
    let pace = Panel {
        title: "Vitesse de consommation des budgets, sur une heure",
        description: "1 : le budget de trente jours est consommé en trente jours",
        expression: &burn_rate::series("1h"),
        unit: "short",
    };

    let alarms = alerts.iter().map(|alert| Panel {
        title: &alert.name,
        description: &alert.risk,
        expression: &alert.watches,
        unit: "short",
    });
    let panels: Vec<Value> = [budgets, pace]
        .into_iter()
        .chain(alarms)
        .enumerate()
        .map(|(index, panel)| panel.json(index))
        .collect();

    let dashboard = json!({
        "title": "Fil rouge : exploitation",
        // Fixed: links to the dashboard outlive its next writing.
        "uid": "filrouge-exploitation",
        "timezone": "browser",
        "schemaVersion": 41,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "panels": panels,
    });
    Ok(serde_json::to_string_pretty(&dashboard)? + "\n")
}

struct Panel<'a> {
    title: &'a str,
    description: &'a str,
    expression: &'a str,
    unit: &'a str,
}

impl Panel<'_> {
    fn json(&self, index: usize) -> Value {
        // Grafana's grid has 24 columns.
        let (width, height) = (12, 8);

        json!({
            "id": index + 1,
            "type": "timeseries",
            "title": self.title,
            "description": self.description,
            "datasource": {"type": "prometheus", "uid": "prometheus"},
            "gridPos": {"h": height, "w": width, "x": index % 2 * width, "y": index / 2 * height},
            "fieldConfig": {"defaults": {"unit": self.unit}, "overrides": []},
            "targets": [{"refId": "A", "expr": self.expression}],
        })
    }
}
