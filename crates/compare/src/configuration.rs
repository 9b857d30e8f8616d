//! Configuration that a service reads: compose files, Prometheus, Alertmanager, Grafana, OpenAPI,
//! dependencies.

#[cfg(test)]
mod tests;

use crate::fact::{Fact, FactKind};
use crate::lexicon::CODE;
use crate::workflow;
use crate::yaml::Yaml;

/// The facts of a YAML file that is not a pipeline.
pub(crate) fn yaml_facts(path: &str, yaml: &Yaml) -> Vec<Fact> {
    let openapi = is_openapi(yaml).then(|| openapi(path));
    let mut facts: Vec<Fact> = openapi.into_iter().chain(scrape(path, yaml)).collect();

    let services = entries(yaml, "services");
    facts.extend(services.flat_map(|(name, service)| service_facts(path, name, service)));
    facts.extend(alert_rules(path, yaml));
    facts.extend(receivers(path, yaml));
    facts.extend(contact_points(path, yaml));

    if path.ends_with("dvc.yaml") {
        let stages = entries(yaml, "stages");
        facts.extend(stages.flat_map(|(name, stage)| dvc_facts(path, name, stage)));
    }
    facts
}

fn is_openapi(yaml: &Yaml) -> bool {
    let has = |key: &str| yaml.get(key).is_some();
    has("paths") && (has("openapi") || has("swagger"))
}

fn scrape(path: &str, yaml: &Yaml) -> Option<Fact> {
    let line = yaml.get("scrape_configs")?.line;
    let what = "collecte des métriques par Prometheus";
    Some(Fact::new(FactKind::MetricScrape, path, line, "", what))
}

fn entries<'yaml>(
    yaml: &'yaml Yaml,
    key: &str,
) -> impl Iterator<Item = (&'yaml str, &'yaml Yaml)> + use<'yaml> {
    yaml.get(key).into_iter().flat_map(Yaml::entries)
}

fn openapi(path: &str) -> Fact {
    Fact::of_file(FactKind::OpenApi, path, "document OpenAPI")
}

fn service_facts(path: &str, name: &str, service: &Yaml) -> Vec<Fact> {
    let words = format!("{name} {}", service.text_of("image")).to_ascii_lowercase();
    let fact = |kind, what: &str| {
        let what = what.replace("{}", &format!("`{name}`"));
        Fact::new(kind, path, service.line, "", what)
    };

    let mut facts = vec![fact(FactKind::Service, "service {} de la composition")];
    if CODE.services.monitors.any_in(&words) {
        facts.push(fact(
            FactKind::MonitoringService,
            "service de surveillance {}",
        ));
    }
    if CODE.services.ai.any_in(&words) {
        facts.push(fact(
            FactKind::AiServiceDeployment,
            "service d'IA installé {}",
        ));
    }
    facts
}

/// Rules of Prometheus, which bear a name under `alert`, and of Grafana, under `title`.
fn alert_rules(path: &str, yaml: &Yaml) -> Vec<Fact> {
    let rules = yaml
        .items_of("groups")
        .iter()
        .flat_map(|group| group.items_of("rules"));

    rules
        .filter_map(|rule| {
            let name = [rule.text_of("alert"), rule.text_of("title")]
                .into_iter()
                .find(|name| !name.is_empty())?;
            let what = format!("règle d'alerte `{name}`");
            Some(Fact::new(FactKind::AlertRule, path, rule.line, name, what))
        })
        .collect()
}

/// Receivers of Alertmanager that name a way to reach a person.
fn receivers(path: &str, yaml: &Yaml) -> Vec<Fact> {
    yaml.items_of("receivers")
        .iter()
        .filter(|receiver| reaches_someone(receiver))
        .map(|receiver| {
            let name = receiver.text_of("name");
            let what = format!("destinataire d'alerte `{name}`");
            Fact::new(FactKind::AlertReceiver, path, receiver.line, name, what)
        })
        .collect()
}

/// True when a receiver of Alertmanager has an address, a channel, a hook.
pub(crate) fn reaches_someone(receiver: &Yaml) -> bool {
    receiver
        .entries()
        .any(|(key, value)| key.ends_with("_configs") && !value.items().is_empty())
}

/// Contact points of Grafana that name a way to reach a person.
fn contact_points(path: &str, yaml: &Yaml) -> Vec<Fact> {
    yaml.items_of("contactPoints")
        .iter()
        .filter(|point| !point.items_of("receivers").is_empty())
        .map(|point| {
            let what = "point de contact Grafana";
            Fact::new(FactKind::AlertReceiver, path, point.line, "", what)
        })
        .collect()
}

/// A stage of DVC does the work of a step of a pipeline; nothing says that it was run.
fn dvc_facts(path: &str, name: &str, stage: &Yaml) -> Vec<Fact> {
    let command = stage.text_of("cmd");
    let facts = workflow::script_kinds(command)
        .into_iter()
        .flat_map(|kind| kind.facts(name, command));

    facts
        .map(|(kind, what)| {
            let what = format!("{what} (étape `{name}` de DVC)");
            Fact::new(kind, path, stage.line, name, what)
        })
        .collect()
}

/// The facts of a JSON file.
pub(crate) fn json_facts(path: &str, text: &str) -> Vec<Fact> {
    // A data set may hold these words anywhere: a specification has them first.
    let head: String = text.chars().take(4000).collect();
    let mut facts = Vec::new();

    if (head.contains("\"openapi\"") || head.contains("\"swagger\"")) && text.contains("\"paths\"")
    {
        facts.push(openapi(path));
    }
    if text.contains("\"panels\"")
        && (text.contains("\"schemaVersion\"") || text.contains("\"gridPos\""))
    {
        facts.extend(dashboard(path, text));
    }
    if path.ends_with("package.json") {
        facts.extend(dependency_facts(path, text));
    }

    facts
}

fn dashboard(path: &str, text: &str) -> Vec<Fact> {
    let mut facts = vec![Fact::of_file(
        FactKind::Dashboard,
        path,
        "tableau de bord Grafana",
    )];

    if CODE.services.model_panels.any_in(text) {
        facts.push(Fact::of_file(
            FactKind::ModelMetric,
            path,
            "tableau de bord du modèle",
        ));
    }
    facts
}

/// A list of dependencies, and the tools of coverage that it names.
pub(crate) fn dependency_facts(path: &str, text: &str) -> Vec<Fact> {
    let declared = Fact::of_file(FactKind::Environment, path, "dépendances déclarées");
    let coverage = ["pytest-cov", "coverage", "nyc"]
        .into_iter()
        .filter_map(|tool| {
            let index = text
                .lines()
                .position(|line| line.trim().trim_start_matches('"').starts_with(tool))?;
            let what = "mesure de la couverture";
            Some(Fact::new(FactKind::CoverageTool, path, index + 1, "", what))
        });

    std::iter::once(declared).chain(coverage).collect()
}

/// The image that a Dockerfile builds, at its first base.
pub(crate) fn dockerfile_fact(path: &str, text: &str) -> Option<Fact> {
    let index = text
        .lines()
        .position(|line| line.trim_start().to_ascii_uppercase().starts_with("FROM "))?;
    let what = "image de conteneur";
    Some(Fact::new(FactKind::Container, path, index + 1, "", what))
}
