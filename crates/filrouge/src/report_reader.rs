//! The reports of riders, read by the project's own classifier, in the process of the application.

use std::sync::Arc;

use filrouge_triage::{Classifier, Urgency, details, redact};
use filrouge_web::{ReadSorting, ReportReader};

use crate::project::home;

/// Takes personal data out of a text, and sorts it when there is a classifier.
struct TrainedReader(Option<Classifier>);

/// The reader of reports. Without the classifier that the project ships it still redacts, and
/// reports wait for a person.
pub(crate) fn open() -> Arc<dyn ReportReader> {
    let classifier = Classifier::load(&home().join("models/triage"));
    let classifier =
        classifier.inspect_err(|error| tracing::warn!(%error, "reports will not be sorted"));
    Arc::new(TrainedReader(classifier.ok()))
}

impl ReportReader for TrainedReader {
    fn redact(&self, text: &str) -> String {
        redact(text).text
    }

    fn sort(&self, text: &str) -> Option<ReadSorting> {
        let opinion = self.0.as_ref()?.classify(text);
        let urgency = details(text).urgency;

        // Somebody in danger comes first, even where the category is not sure.
        if !opinion.is_sure && urgency == Urgency::Routine {
            return None;
        }
        Some(ReadSorting {
            category: opinion.best.to_owned(),
            urgency: urgency.word().to_owned(),
            confidence: f64::from(opinion.probability),
        })
    }
}

#[cfg(test)]
mod tests {
    use filrouge_web::{REPORT_CATEGORIES, REPORT_URGENCIES};

    use super::*;

    // Preuve: C8.2 le tri appris ici lit les signalements de l’application, sans données personnelles
    #[test]
    fn the_classifier_of_the_project_redacts_and_sorts_in_the_words_of_the_application() {
        let reader = open();
        let text = reader.redact("le frein ne tient plus, appelez-moi au 06 12 34 56 78");
        assert!(!text.contains("06 12"), "{text}");

        let sorting = reader
            .sort("freins morts, je suis tombé et je saigne")
            .unwrap();
        assert!(
            REPORT_CATEGORIES.contains(&sorting.category.as_str()),
            "{sorting:?}"
        );
        for urgency in [Urgency::Now, Urgency::Today, Urgency::Routine] {
            assert!(REPORT_URGENCIES.contains(&urgency.word()));
        }
    }
}
