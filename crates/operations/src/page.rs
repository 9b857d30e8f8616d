use std::fmt::Write as _;

use crate::alert::{AlertRule, Urgency};
use crate::duration::in_french;
use crate::objective::Objective;

const INTRODUCTION: &str = "\
# Les alarmes

Page tirée de `data/operations/alerts.toml` et de `data/operations/slo.toml` par `cargo xtask regenerate` : ne pas la \
modifier à la main. Elle dit, pour chaque alarme, le risque, le seuil et sa raison, qui est appelé et que faire. \
`tests/alarms/run.py` fait sonner chacune sur de vrais services, puis attend sa fin : [installer et essayer la \
surveillance](exploitation.md).

Deux gravités. **Appel** (`page`) : quelqu’un est appelé, jour et nuit. **Ticket** (`ticket`) : à traiter dans la semaine. \
Le panneau de chaque alarme porte son nom dans le tableau de bord « Fil rouge : exploitation » \
(`docker/grafana/exploitation.json`).
";

/// The page of the alarms: one table, then one section an alarm, then the objectives.
pub fn page(alerts: &[AlertRule], objectives: &[Objective]) -> String {
    let mut page = INTRODUCTION.to_owned();

    page += "\n## En un tableau\n\n| Alarme | Ce qu’elle surveille | Seuil | Attente | Gravité | Qui est appelé |\n\
             | --- | --- | --- | --- | --- | --- |\n";
    for alert in alerts {
        page += &line(alert);
    }

    page += "\n## Que faire quand une alarme sonne\n";
    for alert in alerts {
        page += &section(alert);
    }

    page += &promises(objectives);
    page
}

fn line(alert: &AlertRule) -> String {
    let AlertRule {
        name,
        risk,
        fires,
        called,
        ..
    } = alert;

    format!(
        "| [{name}](#{}) | {risk} | `{fires}` | {} | {} | {called} |\n",
        name.to_lowercase(),
        wait(alert),
        urgency(alert.urgency),
    )
}

fn section(alert: &AlertRule) -> String {
    let AlertRule {
        name,
        risk,
        why,
        called,
        steps,
        ..
    } = alert;
    let mut section = format!(
        "\n### {name}\n\n\
         - **Risque.** {risk}\n\
         - **Condition.** `{}`, attente : {}.\n\
         - **Pourquoi ce seuil.** {why}\n\
         - **Qui est appelé.** {called}, {}.\n\n",
        alert.expression(),
        wait(alert),
        urgency(alert.urgency),
    );

    for (index, step) in steps.iter().enumerate() {
        // Writing to a String cannot fail.
        let _ = writeln!(section, "{}. {step}", index + 1);
    }
    section
}

fn wait(alert: &AlertRule) -> String {
    alert
        .delay
        .as_deref()
        .map_or_else(|| "aucune".to_owned(), in_french)
}

fn urgency(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Page => "appel",
        Urgency::Ticket => "ticket",
    }
}

fn promises(objectives: &[Objective]) -> String {
    let mut text = "\n## Les objectifs de service\n\n\
        Un objectif de service (SLO) est une promesse, tenue pour une part des requêtes ou du temps, sur trente jours. Ce \
        qui peut manquer est son **budget d’erreur**. La vitesse de consommation vaut 1 quand le budget dure juste trente \
        jours ; les trois alarmes `BudgetConsomme…` regardent cette vitesse sur deux fenêtres à la fois.\n\n\
        | SLO | Promesse | Objectif | Budget d’erreur | Pourquoi |\n| --- | --- | --- | --- | --- |\n"
        .to_owned();

    for objective in objectives {
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | {} | {} |",
            objective.name,
            objective.promise,
            percent(objective.objective),
            percent(objective.error_budget()),
            objective.why,
        );
    }
    text
}

/// Such as « 99,5 % ».
fn percent(share: f64) -> String {
    let percent = crate::burn_rate::rounded(100.0 * share).to_string();
    format!("{}\u{a0}%", percent.replace('.', ","))
}
