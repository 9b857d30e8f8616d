//! The classifier of the program as a triage service: the default, and the fallback.

use filrouge_triage::{Classifier, Urgency, details};
use futures::FutureExt as _;
use futures::future::BoxFuture;

use crate::{ServiceError, TokenUsage, TriageService, Triaged};

/// Name of the embedded service in commands, metrics and measures.
pub const EMBEDDED: &str = "embarque";

/// The replies, for a person to check: the embedded service writes none of its own.
const REPLY: &str =
    "Bonjour, merci pour votre signalement. Nous le transmettons à l’équipe qui s’en occupe.";
const URGENT_REPLY: &str = "Bonjour, merci pour votre signalement, que nous traitons en priorité. \
    Si une personne est blessée, appelez le 112.";

/// The classifier of the program, with its rules of urgency.
#[derive(Debug)]
pub struct EmbeddedService {
    classifier: Classifier,
}

impl EmbeddedService {
    /// The service of this classifier.
    pub fn new(classifier: Classifier) -> Self {
        Self { classifier }
    }

    fn read(&self, report: &str) -> Triaged {
        let is_urgent = details(report).urgency != Urgency::Routine;
        let reply = if is_urgent { URGENT_REPLY } else { REPLY };

        Triaged {
            category: self
                .classifier
                .classify(report)
                .category()
                .map(str::to_owned),
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

#[cfg(test)]
mod tests {
    use filrouge_triage::{parse_reports, train};

    use super::*;
    use crate::is_french;

    /// A classifier of brakes and tyres, from reports that say nothing else.
    fn service() -> EmbeddedService {
        let rows = (0..60).map(|bike| {
            let (text, category) = match bike % 2 {
                0 => ("frein usé, il grince", "freins"),
                _ => ("pneu crevé, roue à plat", "pneu"),
            };
            format!(
                "\"{text}, vélo {}\",{category},2026-0{}-01,rivemont\n",
                1000 + bike,
                1 + bike / 10
            )
        });
        let csv = "text,category,date,city\n".to_owned() + &rows.collect::<String>();
        let reports = parse_reports(csv.as_bytes()).unwrap();

        EmbeddedService::new(train(&reports).unwrap())
    }

    #[test]
    fn a_report_of_danger_is_urgent_and_its_reply_says_whom_to_call() {
        let service = service();

        let urgent = service.read("Je suis tombé, le frein est usé");
        assert_eq!(urgent.is_urgent, Some(true));
        assert!(urgent.reply.is_some_and(|reply| reply.contains("112")));

        let calm = service.read("pneu crevé, vélo 1001");
        // Sixty reports are few: it may abstain, not confuse.
        assert_ne!(calm.category.as_deref(), Some("freins"));
        assert_eq!(calm.is_urgent, Some(false));
        assert_eq!(calm.usage.total(), 0);
    }

    #[test]
    fn the_replies_are_french() {
        assert!([REPLY, URGENT_REPLY].into_iter().all(is_french));
    }
}
