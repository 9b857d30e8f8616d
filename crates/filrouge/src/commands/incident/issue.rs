//! The text of an issue, as `.github/ISSUE_TEMPLATE/incident.yml` asks for it.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::evidence::ServiceEvidence;

/// The first of the values that are missing from an address.
const UNKNOWN: &str = "inconnu";

/// The text: the evidence of the machine, with what an alarm said when one rang, then the questions
/// to a person.
pub(super) fn text(
    title: &str,
    alarm: Option<&str>,
    now: DateTime<Utc>,
    services: &[ServiceEvidence],
    data: &Value,
    model: &Value,
) -> String {
    let rows: String = services
        .iter()
        .map(|one| format!("| {} | {} | {} |\n", one.service, one.state(), failing(one)))
        .collect();
    let last = data["last_hour"].as_str().unwrap_or(UNKNOWN);
    let collected = data["last_collection"].as_str().unwrap_or(UNKNOWN);
    let alarm = alarm.map_or_else(String::new, |text| format!("\n{text}"));
    let champion = model["champion"].as_str().unwrap_or(UNKNOWN);

    format!(
        "# {title}

- État : ouvert
- Relevé le {} UTC par `filrouge incident gather`
- Dernière heure comptée : {last} ; dernière collecte : {collected}
- Version du modèle : {champion}
{alarm}
## Ce que disent les services

| Service | État | Ce qui ne va pas |
| --- | --- | --- |
{rows}
## À compléter

- Détection : qui ou quoi l’a vu, et quand ?
- Portée : qui n’a pas eu quoi, depuis quand ?
- Reproduction : la commande qui le montre en développement
- Hypothèses : chacune avec ce qui l’a écartée ou confirmée
",
        now.format("%Y-%m-%d %H:%M:%S")
    )
}

/// The names of the checks of readiness that are not good.
fn failing(one: &ServiceEvidence) -> String {
    let checks = match &one.readiness {
        Err(reason) => return reason.clone(),
        Ok((_, body)) => body["checks"].as_array().cloned().unwrap_or_default(),
    };
    let bad: Vec<String> = checks
        .iter()
        .filter(|check| check["status"] != "ok")
        .map(|check| {
            let word = |name: &str| check[name].as_str().unwrap_or(UNKNOWN);
            format!("{} : {}", word("name"), word("status"))
        })
        .collect();

    match bad.is_empty() {
        true => "rien de signalé".to_owned(),
        false => bad.join(", "),
    }
}
