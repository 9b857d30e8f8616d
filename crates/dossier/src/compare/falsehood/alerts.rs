//! Alert rules that reach nobody.

use super::finding;
use crate::compare::corpus::Corpus;
use crate::compare::fact::Tag;
use crate::compare::model::{Code, FalseEvidence};
use crate::compare::yaml::Yaml;

/// The receiver that Alertmanager routes to, when it names no way to reach a person.
pub(super) fn empty_receivers(path: &str, yaml: &Yaml) -> Vec<FalseEvidence> {
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
            finding(Code::AlertReachesNobody, path, receiver.line, question)
        })
        .collect()
}

/// Rules without any receiver in the whole tree.
pub(super) fn find(corpus: &Corpus) -> Option<FalseEvidence> {
    let known = corpus
        .false_evidence
        .iter()
        .any(|found| found.code == Code::AlertReachesNobody);
    let reaches = corpus
        .all_facts()
        .any(|fact| fact.tag == Tag::AlertReceiver);

    let rule = corpus.all_facts().find(|fact| fact.tag == Tag::AlertRule)?;
    let question = format!(
        "La {} n'a aucun destinataire dans le dépôt : qui est prévenu, et comment ?",
        rule.what
    );
    (!known && !reaches).then(|| finding(Code::AlertReachesNobody, &rule.path, rule.line, question))
}
