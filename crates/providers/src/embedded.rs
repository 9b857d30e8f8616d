//! The classifier of the program as a triage service: the default, and the fallback.

use std::sync::Arc;

use futures::FutureExt as _;
use futures::future::BoxFuture;

use crate::{ServiceError, TokenUsage, TriageService, Triaged};

/// Name of the embedded service in commands, metrics and measures.
pub const EMBEDDED: &str = "embarque";

/// The category of a report; `None` when the classifier does not know.
pub type Classify = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// Beginnings of words by which a report says that somebody was, or could be, hurt or stuck.
const URGENT: [&str; 14] = [
    "danger",
    "bless",
    "accident",
    "chute",
    "tombé",
    "tomber",
    "failli",
    "lâche",
    "tuer",
    "évité de justesse",
    "il fait nuit",
    "ne peux pas partir",
    "secours",
    "fumée",
];

/// The replies, for a person to check: the embedded service writes none of its own.
const REPLY: &str =
    "Bonjour, merci pour votre signalement. Nous le transmettons à l’équipe qui s’en occupe.";
const URGENT_REPLY: &str = "Bonjour, merci pour votre signalement, que nous traitons en priorité. \
    Si une personne est blessée, appelez le 112.";

/// The classifier, and rules of a line each for the rest.
pub struct EmbeddedService {
    classify: Classify,
}

impl EmbeddedService {
    /// The service of this classifier.
    pub fn new(classify: Classify) -> Self {
        Self { classify }
    }

    fn read(&self, report: &str) -> Triaged {
        let is_urgent = is_urgent(report);
        let reply = if is_urgent { URGENT_REPLY } else { REPLY };

        Triaged {
            category: (self.classify)(report),
            is_urgent: Some(is_urgent),
            reply: Some(reply.to_owned()),
            usage: TokenUsage::default(),
        }
    }
}

impl TriageService for EmbeddedService {
    fn name(&self) -> &'static str {
        EMBEDDED
    }

    fn triage<'a>(&'a self, report: &'a str) -> BoxFuture<'a, Result<Triaged, ServiceError>> {
        std::future::ready(Ok(self.read(report))).boxed()
    }
}

impl std::fmt::Debug for EmbeddedService {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("EmbeddedService")
    }
}

fn is_urgent(report: &str) -> bool {
    let lower = report.to_lowercase();

    URGENT.iter().any(|word| lower.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::is_french;

    #[test]
    fn a_report_of_danger_is_urgent_and_its_reply_says_whom_to_call() {
        let service = EmbeddedService::new(Arc::new(|_| Some("freins".to_owned())));

        let urgent = service.read("Je suis tombé, le frein ne répond plus");
        assert_eq!(urgent.is_urgent, Some(true));
        assert!(urgent.reply.is_some_and(|reply| reply.contains("112")));

        let calm = service.read("Pneu un peu dégonflé");
        assert_eq!(calm.is_urgent, Some(false));
        assert_eq!(calm.usage.total(), 0);
    }

    #[test]
    fn the_replies_are_french() {
        assert!([REPLY, URGENT_REPLY].into_iter().all(is_french));
    }
}
