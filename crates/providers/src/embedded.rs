//! The classifier of the program as a triage service: the default, and the fallback.

use std::time::Instant;

use filrouge_triage::{Classifier, Urgency, details};
use futures::FutureExt as _;
use futures::future::BoxFuture;

use crate::{ServiceError, ServiceMetrics, TokenUsage, TriageService, Triaged};

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
    metrics: ServiceMetrics,
}

impl EmbeddedService {
    /// The service of this classifier, which counts its answers in `metrics`.
    pub fn new(classifier: Classifier, metrics: ServiceMetrics) -> Self {
        Self {
            classifier,
            metrics,
        }
    }

    fn read(&self, report: &str) -> Triaged {
        let is_urgent = details(report).urgency != Urgency::Routine;
        let reply = if is_urgent { URGENT_REPLY } else { REPLY };
        let opinion = self.classifier.classify(report);

        Triaged {
            category: opinion.category().map(str::to_owned),
            confidence: Some(opinion.probability),
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
        let began = Instant::now();
        let triaged = self.read(report);

        self.metrics.answered(EMBEDDED, began.elapsed());
        std::future::ready(Ok(triaged)).boxed()
    }
}

#[cfg(test)]
mod tests {
    use filrouge_http::Catalogue;
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

        let metrics = ServiceMetrics::new(&mut Catalogue::default()).unwrap();

        EmbeddedService::new(train(&reports).unwrap(), metrics)
    }

    #[tokio::test]
    async fn its_answers_are_counted_as_those_of_any_service() {
        let service = service();
        service.triage("pneu crevé, vélo 1001").await.unwrap();

        let answered = service
            .metrics
            .requests
            .with_label_values(&[EMBEDDED, "answered"]);
        let durations = service.metrics.durations.with_label_values(&[EMBEDDED]);
        assert_eq!((answered.get(), durations.get_sample_count()), (1, 1));
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
