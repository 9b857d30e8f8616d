//! Alert rules that reach nobody.

use super::finding;
use crate::corpus::Corpus;
use crate::fact::FactKind;
use crate::model::{Finding, FindingKind};
use crate::yaml::Yaml;

/// The receiver that Alertmanager routes to, when it names no way to reach a person.
pub(super) fn empty_receivers(path: &str, yaml: &Yaml) -> Vec<Finding> {
    let route = yaml
        .get("route")
        .map_or("", |route| route.text_of("receiver"));
    let receivers = yaml.get("receivers").map(Yaml::items).unwrap_or_default();
    receivers
        .iter()
        .filter(|receiver| receiver.text_of("name") == route && !route.is_empty())
        .filter(|receiver| {
            !receiver
                .entries()
                .any(|(key, value)| key.ends_with("_configs") && !value.items().is_empty())
        })
        .map(|receiver| {
            let question = format!(
                "Les alertes vont à « {route} », qui n'a ni adresse ni canal : qui les reçoit ?"
            );
            finding(
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
    let known = corpus
        .red_flags
        .iter()
        .any(|found| found.kind == FindingKind::AlertReachesNobody);
    let reaches = corpus
        .all_facts()
        .any(|fact| fact.kind == FactKind::AlertReceiver);

    let rule = corpus
        .all_facts()
        .find(|fact| fact.kind == FactKind::AlertRule)?;
    let question = format!(
        "La {} n'a aucun destinataire dans le dépôt : qui est prévenu, et comment ?",
        rule.what
    );
    (!known && !reaches).then(|| {
        finding(
            FindingKind::AlertReachesNobody,
            &rule.path,
            rule.line,
            question,
        )
    })
}
