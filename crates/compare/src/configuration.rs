//! Configuration that a service reads: compose files, Prometheus, Alertmanager, Grafana, OpenAPI,
//! dependencies.

#[cfg(test)]
mod tests;

use super::fact::{Fact, FactKind};
use super::workflow;
use super::yaml::Yaml;

const MONITORS: [&str; 14] = [
    "prometheus",
    "grafana",
    "alertmanager",
    "loki",
    "promtail",
    "elasticsearch",
    "kibana",
    "uptime-kuma",
    "netdata",
    "jaeger",
    "mlflow",
    "evidently",
    "tempo",
    "cadvisor",
];
const AI_IMAGES: [&str; 6] = [
    "ollama",
    "vllm",
    "text-generation-inference",
    "localai",
    "text-embeddings-inference",
    "open-webui",
];

/// The facts of a YAML file that is not a pipeline.
pub(super) fn yaml_facts(path: &str, yaml: &Yaml) -> Vec<Fact> {
    let mut facts = Vec::new();
    if yaml
        .get("openapi")
        .or_else(|| yaml.get("swagger"))
        .is_some()
        && yaml.get("paths").is_some()
    {
        facts.push(Fact::new(
            FactKind::OpenApi,
            path,
            1,
            "",
            "document OpenAPI",
        ));
    }
    if let Some(services) = yaml.get("services") {
        facts.extend(
            services
                .entries()
                .flat_map(|(name, service)| service_facts(path, name, service)),
        );
    }
    if yaml.get("scrape_configs").is_some() {
        let line = yaml.get("scrape_configs").map_or(1, |one| one.line);
        facts.push(Fact::new(
            FactKind::MetricScrape,
            path,
            line,
            "",
            "collecte des métriques par Prometheus",
        ));
    }
    for group in yaml.get("groups").map(Yaml::items).unwrap_or_default() {
        for rule in group.get("rules").map(Yaml::items).unwrap_or_default() {
            let name = [rule.text_of("alert"), rule.text_of("title")]
                .into_iter()
                .find(|name| !name.is_empty());
            if let Some(name) = name {
                facts.push(Fact::new(
                    FactKind::AlertRule,
                    path,
                    rule.line,
                    name,
                    format!("règle d'alerte `{name}`"),
                ));
            }
        }
    }
    facts.extend(receivers(path, yaml));
    if path.ends_with("dvc.yaml") {
        facts.extend(
            yaml.get("stages")
                .into_iter()
                .flat_map(Yaml::entries)
                .flat_map(|(name, stage)| dvc(path, name, stage)),
        );
    }
    facts
}

/// A stage of DVC does what a step of a pipeline does; nothing says that it was run.
fn dvc(path: &str, name: &str, stage: &Yaml) -> Vec<Fact> {
    let command = stage.text_of("cmd");
    let facts = workflow::script_kinds(command)
        .into_iter()
        .flat_map(|kind| kind.facts(name, command));

    facts
        .map(|(kind, what)| {
            Fact::new(
                kind,
                path,
                stage.line,
                name,
                format!("{what} (étape `{name}` de DVC)"),
            )
        })
        .collect()
}

fn service_facts(path: &str, name: &str, service: &Yaml) -> Vec<Fact> {
    let words = format!("{name} {}", service.text_of("image")).to_ascii_lowercase();
    let mut facts = vec![Fact::new(
        FactKind::Service,
        path,
        service.line,
        "",
        format!("service `{name}` de la composition"),
    )];

    if MONITORS.iter().any(|monitor| words.contains(monitor)) {
        facts.push(Fact::new(
            FactKind::MonitoringService,
            path,
            service.line,
            "",
            format!("service de surveillance `{name}`"),
        ));
    }

    if AI_IMAGES.iter().any(|image| words.contains(image)) {
        facts.push(Fact::new(
            FactKind::AiServiceDeployment,
            path,
            service.line,
            "",
            format!("service d'IA installé `{name}`"),
        ));
    }

    facts
}

/// Receivers of Alertmanager and contact points of Grafana that name a way to reach a person.
fn receivers(path: &str, yaml: &Yaml) -> Vec<Fact> {
    let mut found = Vec::new();
    for receiver in yaml.get("receivers").map(Yaml::items).unwrap_or_default() {
        let reaches = receiver
            .entries()
            .any(|(key, value)| key.ends_with("_configs") && !value.items().is_empty());
        if reaches {
            let name = receiver.text_of("name");
            found.push(Fact::new(
                FactKind::AlertReceiver,
                path,
                receiver.line,
                name,
                format!("destinataire d'alerte `{name}`"),
            ));
        }
    }
    for point in yaml
        .get("contactPoints")
        .map(Yaml::items)
        .unwrap_or_default()
    {
        if point
            .get("receivers")
            .is_some_and(|list| !list.items().is_empty())
        {
            found.push(Fact::new(
                FactKind::AlertReceiver,
                path,
                point.line,
                "",
                "point de contact Grafana",
            ));
        }
    }
    found
}

/// The facts of a JSON file.
pub(super) fn json_facts(path: &str, text: &str) -> Vec<Fact> {
    let head: String = text.chars().take(4000).collect();
    let mut facts = Vec::new();
    if (head.contains("\"openapi\"") || head.contains("\"swagger\"")) && text.contains("\"paths\"")
    {
        facts.push(Fact::new(
            FactKind::OpenApi,
            path,
            1,
            "",
            "document OpenAPI",
        ));
    }
    if text.contains("\"panels\"")
        && (text.contains("\"schemaVersion\"") || text.contains("\"gridPos\""))
    {
        facts.push(Fact::new(
            FactKind::Dashboard,
            path,
            1,
            "",
            "tableau de bord Grafana",
        ));

        let about_model = [
            "drift",
            "model_",
            "prediction",
            "accuracy",
            "confidence",
            "\"mae",
            "f1_",
        ];

        if about_model.iter().any(|word| text.contains(word)) {
            facts.push(Fact::new(
                FactKind::ModelMetric,
                path,
                1,
                "",
                "tableau de bord du modèle",
            ));
        }
    }
    if path.ends_with("package.json") {
        facts.extend(dependency_facts(path, text));
    }
    facts
}

/// Tools that a list of dependencies names.
pub(super) fn dependency_facts(path: &str, text: &str) -> Vec<Fact> {
    let tools = [
        (
            "pytest-cov",
            FactKind::CoverageTool,
            "mesure de la couverture",
        ),
        (
            "coverage",
            FactKind::CoverageTool,
            "mesure de la couverture",
        ),
        ("\"nyc\"", FactKind::CoverageTool, "mesure de la couverture"),
    ];

    let mut facts: Vec<Fact> = vec![Fact::new(
        FactKind::Environment,
        path,
        1,
        "",
        "dépendances déclarées",
    )];

    for (name, kind, what) in tools {
        if let Some(index) = text.lines().position(|line| {
            line.trim()
                .trim_start_matches('"')
                .starts_with(name.trim_matches('"'))
        }) {
            facts.push(Fact::new(kind, path, index + 1, "", what));
        }
    }

    facts
}

/// The facts of a Dockerfile.
pub(super) fn dockerfile_facts(path: &str, text: &str) -> Vec<Fact> {
    let from = text
        .lines()
        .position(|line| line.trim_start().to_ascii_uppercase().starts_with("FROM "));
    from.map(|line| {
        Fact::new(
            FactKind::Container,
            path,
            line + 1,
            "",
            "image de conteneur",
        )
    })
    .into_iter()
    .collect()
}
