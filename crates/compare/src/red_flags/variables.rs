//! Variables where nothing expands them.

use super::finding;
use crate::model::{Finding, FindingKind};
use crate::tree::Language;
use crate::workflow::is_workflow;

pub(super) fn find(path: &str, text: &str) -> Vec<Finding> {
    let reader = match Language::of(path) {
        Language::Dockerfile => "la forme entre crochets de Docker",
        Language::Yaml if is_workflow(path) => "une chaîne entre apostrophes",
        Language::Yaml if is_monitoring(path, text) => "Prometheus et Alertmanager",
        Language::Yaml if text.contains("services:") => "Docker Compose",
        _ => return Vec::new(),
    };
    let blind = |line: &&(usize, &str)| match reader {
        "Prometheus et Alertmanager" => {
            has_variable(line.1) && !line.1.trim_start().starts_with('#') && !line.1.contains("{{")
        }
        "Docker Compose" => line.1.contains("${{ "),
        "une chaîne entre apostrophes" => single_quoted(line.1),
        _ => is_exec_form(line.1) && has_variable(line.1),
    };
    let lines: Vec<(usize, &str)> = text.lines().enumerate().collect();
    lines
        .iter()
        .filter(blind)
        .map(|(index, line)| {
            let name = variable(line).unwrap_or("la variable");
            let question = format!(
                "{reader} ne remplace pas « {name} » : quelle valeur est lue à l'exécution ?"
            );
            finding(
                FindingKind::VariableCannotExpand,
                path,
                index + 1,
                capital(&question),
            )
        })
        .collect()
}

fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or(String::new(), |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

fn is_monitoring(path: &str, text: &str) -> bool {
    let starts = |key: &str| text.lines().any(|line| line.starts_with(key));
    !path.contains("grafana")
        && (starts("scrape_configs:") || (starts("receivers:") && starts("route:")))
}

/// The name in `${NAME}` or `$NAME`, in capitals.
fn variable(line: &str) -> Option<&str> {
    line.match_indices('$').find_map(|(at, _)| {
        let rest = line[at + 1..].trim_start_matches('{').trim_start();
        let rest = rest.strip_prefix("secrets.").unwrap_or(rest);
        let end = rest
            .find(|letter: char| {
                !letter.is_ascii_uppercase() && letter != '_' && !letter.is_ascii_digit()
            })
            .unwrap_or(rest.len());
        (end >= 3 && rest.starts_with(|letter: char| letter.is_ascii_uppercase()))
            .then(|| &rest[..end])
    })
}

fn has_variable(line: &str) -> bool {
    variable(line).is_some()
}

/// `CMD ["uvicorn", "--port", "$PORT"]`, unless a shell is called.
fn is_exec_form(line: &str) -> bool {
    let line = line.trim();
    (line.starts_with("CMD [") || line.starts_with("ENTRYPOINT ["))
        && !line.contains("\"sh\"")
        && !line.contains("\"/bin/sh\"")
        && !line.contains("bash\"")
}

/// A shell variable between apostrophes, in a command that does not expand it itself.
fn single_quoted(line: &str) -> bool {
    const EXPANDERS: [&str; 10] = [
        "awk",
        "sed ",
        "jq ",
        "sh -c",
        "bash -c",
        "ssh",
        "envsubst",
        "grep",
        "python -c",
        "eval ",
    ];
    let trimmed = line.trim().trim_start_matches("- ");
    let is_command = trimmed.starts_with("run:")
        || [
            "curl", "docker", "echo", "python", "kubectl", "gcloud", "az ",
        ]
        .iter()
        .any(|word| trimmed.starts_with(word));
    if !is_command
        || EXPANDERS.iter().any(|word| line.contains(word))
        || !line.matches('\'').count().is_multiple_of(2)
        || line.contains('"') && line.find('"') < line.find('\'')
    {
        return false;
    }
    line.split('\'')
        .skip(1)
        .step_by(2)
        .any(|inside| has_variable(inside) && !inside.contains("${{") && !inside.contains('"'))
}
