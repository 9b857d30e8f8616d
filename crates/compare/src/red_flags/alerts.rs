//! Alert rules that reach nobody.

use crate::configuration::reaches_someone;
use crate::corpus::Corpus;
use crate::fact::FactKind;
use crate::model::{Finding, FindingKind};
use crate::yaml::Yaml;

/// The receiver that Alertmanager routes to, when it names no way to reach a person.
pub(super) fn empty_receivers(path: &str, yaml: &Yaml) -> Vec<Finding> {
    let route = yaml
        .get("route")
        .map_or("", |route| route.text_of("receiver"));
    if route.is_empty() {
        return Vec::new();
    }

    yaml.items_of("receivers")
        .iter()
        .filter(|receiver| receiver.text_of("name") == route && !reaches_someone(receiver))
        .map(|receiver| {
            let question = format!(
                "Les alertes vont à « {route} », qui n'a ni adresse ni canal : qui les reçoit ?"
            );
            Finding::new(
                FindingKind::AlertReachesNobody,
                path,
                receiver.line,
                question,
            )
        })
        .collect()
}

/// Rules without any receiver in the whole tree.
pub(super) fn find(corpus: &Corpus) -> Option<Finding> {
    let is_told = corpus
        .red_flags
        .iter()
        .any(|found| found.kind == FindingKind::AlertReachesNobody);
    let reaches = corpus
        .all_facts()
        .any(|fact| fact.kind == FactKind::AlertReceiver);
    let rule = corpus
        .all_facts()
        .find(|fact| fact.kind == FactKind::AlertRule)
        .filter(|_| !is_told && !reaches)?;

    let question = format!(
        "La {} n'a aucun destinataire dans le dépôt : qui est prévenu, et comment ?",
        rule.what
    );
    Some(Finding::new(
        FindingKind::AlertReachesNobody,
        &rule.path,
        rule.line,
        question,
    ))
}
