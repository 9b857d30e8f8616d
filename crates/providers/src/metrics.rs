//! The metrics of the calls to AI services, as we count them.

use std::time::Duration;

use filrouge_http::{Catalogue, MetricSpec, Unit};
use prometheus::{Error, GaugeVec, HistogramVec, IntCounterVec};

/// From a classifier in memory to the longest wait.
const SECONDS: [f64; 11] = [
    0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0,
];

/// Ends of a call of which an alarm watches the increase.
const WATCHED_ENDS: [&str; 4] = ["answered", "cut", "key_refused", "budget_spent"];

/// Counters of calls, tokens and money. No label holds a text or an address.
#[derive(Debug, Clone)]
pub struct ServiceMetrics {
    /// Calls, by service and by end: `answered`, `cached`, or the code of an error.
    pub requests: IntCounterVec,
    /// Tokens paid for, by service and by kind: `prompt`, `completion`.
    pub tokens: IntCounterVec,
    /// Millionths of the currency, by service.
    pub spend: IntCounterVec,
    /// Share of the month's budget that is spent, by service.
    pub budget_spent: GaugeVec,
    /// Reports that wait for their turn, by service.
    pub waiting: GaugeVec,
    /// Time of an answer, retries included, by service.
    pub durations: HistogramVec,
    /// Reports that the embedded service read in place of another, by reason.
    pub fallbacks: IntCounterVec,
}

impl ServiceMetrics {
    /// Declares them in the catalogue of the service that makes the calls.
    ///
    /// # Errors
    /// When the catalogue holds them already.
    pub fn new(catalogue: &mut Catalogue) -> Result<Self, Error> {
        Ok(Self {
            requests: catalogue.counters(MetricSpec {
                name: "ai_requests_total",
                unit: Unit::Count("appels"),
                labels: &["service", "end"],
                meaning: "Appels aux services d’IA, par service et par issue : `answered`, `cached`, ou la raison de l’échec.",
            })?,

            tokens: catalogue.counters(MetricSpec {
                name: "ai_tokens_total",
                unit: Unit::Count("jetons de modèle"),
                labels: &["service", "kind"],
                meaning: "Jetons de modèle facturés, lus (`prompt`) et écrits (`completion`).",
            })?,

            spend: catalogue.counters(MetricSpec {
                name: "ai_spend_micros_total",
                unit: Unit::Count("millionièmes d’euro"),
                labels: &["service"],
                meaning: "Dépense auprès des services d’IA, au tarif déclaré.",
            })?,

            budget_spent: catalogue.gauges(MetricSpec {
                name: "ai_budget_spent_ratio",
                unit: Unit::Ratio,
                labels: &["service"],
                meaning: "Part du budget du mois déjà dépensée, en argent ou en jetons : la plus grande des deux.",
            })?,

            waiting: catalogue.gauges(MetricSpec {
                name: "ai_requests_waiting",
                unit: Unit::Count("signalements"),
                labels: &["service"],
                meaning: "Signalements qui attendent leur tour.",
            })?,

            durations: catalogue.histograms(
                MetricSpec {
                    name: "ai_request_duration_seconds",
                    unit: Unit::Seconds,
                    labels: &["service"],
                    meaning: "Temps d’une réponse, nouveaux essais compris.",
                },
                &SECONDS,
            )?,

            fallbacks: catalogue.counters(MetricSpec {
                name: "ai_fallbacks_total",
                unit: Unit::Count("signalements"),
                labels: &["service", "reason"],
                meaning: "Signalements lus par le service embarqué à la place d’un autre, et pourquoi.",
            })?,
        })
    }

    /// Opens at zero the series that alarms watch: an increase is not seen in one that begins at one.
    pub(crate) fn open(&self, service: &str) {
        for end in WATCHED_ENDS {
            self.requests.with_label_values(&[service, end]).inc_by(0);
        }
        for kind in ["prompt", "completion"] {
            self.tokens.with_label_values(&[service, kind]).inc_by(0);
        }

        self.spend.with_label_values(&[service]).inc_by(0);
    }

    /// Counts an answer of `service`, given after `time`.
    pub(crate) fn answered(&self, service: &str, time: Duration) {
        self.requests
            .with_label_values(&[service, "answered"])
            .inc();
        self.durations
            .with_label_values(&[service])
            .observe(time.as_secs_f64());
    }
}

#[cfg(test)]
mod tests {
    use prometheus::core::Collector as _;

    use super::*;

    #[test]
    fn what_alarms_watch_begins_at_zero() {
        let metrics = ServiceMetrics::new(&mut Catalogue::default()).unwrap();

        metrics.open("tested");

        let families = metrics.requests.collect();
        let values = families[0].get_metric().iter();
        let values: Vec<f64> = values
            .map(|series| series.get_counter().get_value())
            .collect();
        assert_eq!(values, [0.0; WATCHED_ENDS.len()]);
    }
}
