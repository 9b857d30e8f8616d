//! The metrics that the model API declares beside those of every service.

use filrouge_http::{Catalogue, MetricSpec, Unit};
use filrouge_model::evaluation::WindowStats;
use filrouge_model::monitoring::{DriftWarning, InputDrift, Metric};
use prometheus::{Error, Gauge, GaugeVec, Histogram, IntCounter};

use crate::canary_trial::CanaryTrial;
use crate::deployment::Deployment;
use crate::monitor::MonitorState;

/// From ten microseconds, one row on an idle machine, to a second, when something is wrong.
const SECONDS: [f64; 12] = [
    0.00001, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1.0,
];
/// From one request alone to the largest batch.
const ROWS: [f64; 8] = [1.0, 2.0, 4.0, 8.0, 32.0, 128.0, 512.0, 2048.0];

/// The metrics of the model: predictions, versions, data, realised quality, inputs.
#[derive(Debug, Clone)]
pub(crate) struct ModelMetrics {
    pub(crate) predictions: IntCounter,
    pub(crate) cached_predictions: IntCounter,
    pub(crate) queue: Histogram,
    pub(crate) inference: Histogram,
    pub(crate) batch_rows: Histogram,
    pub(crate) overloads: IntCounter,
    queue_rows: Gauge,
    queue_limit: Gauge,
    pub(crate) reloads: IntCounter,
    pub(crate) reload_failures: IntCounter,
    pub(crate) champion_unusable: Gauge,
    pub(crate) signature_required: Gauge,
    pub(crate) refresh_failures: IntCounter,
    last_counted_hour: Gauge,
    trained_until: Gauge,
    joined: Gauge,
    pending: Gauge,
    rolling: GaugeVec,
    alarm: GaugeVec,
    input_missing: GaugeVec,
    input_drift: GaugeVec,
    drift_warning: GaugeVec,
    canary_share: Gauge,
    canary: GaugeVec,
    pub(crate) canary_promotions: IntCounter,
    pub(crate) canary_rollbacks: IntCounter,
    shadow: GaugeVec,
}

impl ModelMetrics {
    /// Declares them. A new metric begins here: its field, its declaration, and where it is set.
    pub(crate) fn new(catalogue: &mut Catalogue) -> Result<Self, Error> {
        Ok(Self {
            predictions: catalogue.counter(MetricSpec {
                name: "model_predictions_total",
                unit: Unit::Count("heures-stations"),
                labels: &[],
                meaning: "Prévisions calculées par le modèle.",
            })?,

            cached_predictions: catalogue.counter(MetricSpec {
                name: "model_cached_predictions_total",
                unit: Unit::Count("heures-stations"),
                labels: &[],
                meaning: "Prévisions rendues depuis le cache : la même version, sur les mêmes \
                          données, avait déjà prévu cette heure.",
            })?,

            queue: catalogue.histogram(
                MetricSpec {
                    name: "model_queue_duration_seconds",
                    unit: Unit::Seconds,
                    labels: &[],
                    meaning: "Attente d’une demande avant qu’un thread de calcul la prenne ; \
                              monte quand il manque des cœurs.",
                },
                &SECONDS,
            )?,

            inference: catalogue.histogram(
                MetricSpec {
                    name: "model_inference_duration_seconds",
                    unit: Unit::Seconds,
                    labels: &[],
                    meaning: "Calcul des caractéristiques d’un lot et passage dans le modèle ; \
                              monte quand le modèle grossit.",
                },
                &SECONDS,
            )?,

            batch_rows: catalogue.histogram(
                MetricSpec {
                    name: "model_batch_rows",
                    unit: Unit::Count("lignes"),
                    labels: &[],
                    meaning: "Lignes calculées ensemble : plusieurs demandes présentes au même \
                              moment n’en font qu’un lot.",
                },
                &ROWS,
            )?,

            queue_rows: catalogue.gauge(MetricSpec {
                name: "model_queue_rows",
                unit: Unit::Count("lignes"),
                labels: &[],
                meaning: "Lignes qui attendent ou passent dans le modèle à cet instant.",
            })?,

            queue_limit: catalogue.gauge(MetricSpec {
                name: "model_queue_rows_limit",
                unit: Unit::Count("lignes"),
                labels: &[],
                meaning: "Lignes que la file tient au plus ; une demande de plus est refusée (429).",
            })?,

            overloads: catalogue.counter(MetricSpec {
                name: "model_overloads_total",
                unit: Unit::Count("demandes"),
                labels: &[],
                meaning: "Demandes refusées tout de suite (429), faute de place dans la file.",
            })?,

            reloads: catalogue.counter(MetricSpec {
                name: "model_reloads_total",
                unit: Unit::Count("versions"),
                labels: &[],
                meaning: "Versions mises en service.",
            })?,

            reload_failures: catalogue.counter(MetricSpec {
                name: "model_reload_failures_total",
                unit: Unit::Count("versions"),
                labels: &[],
                meaning: "Versions qui n’ont pas pu être mises en service ; celle d’avant sert \
                          toujours.",
            })?,

            champion_unusable: catalogue.gauge(MetricSpec {
                name: "model_champion_unusable",
                unit: Unit::Flag,
                labels: &[],
                meaning: "1 quand la version nommée championne ne peut pas servir (fichier abîmé, \
                          tronqué ou absent) : la dernière version qui a servi répond à sa place, \
                          sinon celle qui est livrée.",
            })?,

            signature_required: catalogue.gauge(MetricSpec {
                name: "model_signature_required",
                unit: Unit::Flag,
                labels: &[],
                meaning: "1 quand seules les versions signées par la clé de confiance peuvent \
                          servir.",
            })?,

            refresh_failures: catalogue.counter(MetricSpec {
                name: "model_history_refresh_failures_total",
                unit: Unit::Count("lectures"),
                labels: &[],
                meaning: "Lectures de l’API de données qui ont échoué ; la demande lue avant sert \
                          toujours.",
            })?,

            last_counted_hour: catalogue.gauge(MetricSpec {
                name: "model_last_counted_hour_timestamp_seconds",
                unit: Unit::Instant,
                labels: &[],
                meaning: "Début de la dernière heure dont les départs sont comptés : l’âge des \
                          données.",
            })?,

            trained_until: catalogue.gauge(MetricSpec {
                name: "model_trained_until_timestamp_seconds",
                unit: Unit::Instant,
                labels: &[],
                meaning: "Début de la dernière heure du jeu d’entraînement de la version en \
                          service : l’âge du modèle.",
            })?,

            joined: catalogue.gauge(MetricSpec {
                name: "model_joined_predictions",
                unit: Unit::Count("prévisions"),
                labels: &[],
                meaning: "Prévisions rapprochées du comptage qui les juge.",
            })?,

            pending: catalogue.gauge(MetricSpec {
                name: "model_pending_predictions",
                unit: Unit::Count("prévisions"),
                labels: &[],
                meaning: "Prévisions dont le comptage n’est pas encore arrivé.",
            })?,

            rolling: catalogue.gauges(MetricSpec {
                name: "model_rolling_quality",
                unit: Unit::Number,
                labels: &["metric"],
                meaning: "Qualité réalisée sur les 24 dernières heures comptées : `mae` et `bias` \
                          en départs, les autres sont des rapports.",
            })?,

            alarm: catalogue.gauges(MetricSpec {
                name: "model_alarm",
                unit: Unit::Flag,
                labels: &["metric"],
                meaning: "1 quand une qualité réalisée n’est pas celle d’un jour stable.",
            })?,

            input_missing: catalogue.gauges(MetricSpec {
                name: "model_input_missing_ratio",
                unit: Unit::Ratio,
                labels: &["input"],
                meaning: "Part des heures de la dernière journée où l’entrée n’a pas de valeur.",
            })?,

            input_drift: catalogue.gauges(MetricSpec {
                name: "model_input_drift",
                unit: Unit::Number,
                labels: &["input", "statistic"],
                meaning: "Distance entre la dernière journée d’une entrée et les quatre semaines \
                          d’avant, par statistique (`psi`, `ks`, `js`).",
            })?,

            drift_warning: catalogue.gauges(MetricSpec {
                name: "model_input_drift_warning",
                unit: Unit::Flag,
                labels: &["input", "reason"],
                meaning: "1 quand l’entrée est figée (`frozen`), déplacée (`moved`) ou absente \
                          (`missing`) sur la dernière journée : explique une alarme.",
            })?,

            canary_share: catalogue.gauge(MetricSpec {
                name: "model_canary_share_ratio",
                unit: Unit::Ratio,
                labels: &[],
                meaning: "Part des clients à qui la version canari répond.",
            })?,

            canary: catalogue.gauges(MetricSpec {
                name: "model_canary_evidence",
                unit: Unit::Number,
                labels: &["metric"],
                meaning: "Ce qui juge le canari en cours : `paired_hours`, heures comparées à la \
                          championne ; `error_ratio`, son erreur sur celle de la championne ; \
                          `worse_by_chance`, probabilité d’une telle erreur par hasard.",
            })?,

            canary_promotions: catalogue.counter(MetricSpec {
                name: "model_canary_promotions_total",
                unit: Unit::Count("versions"),
                labels: &[],
                meaning: "Versions canari promues par leur verdict.",
            })?,

            canary_rollbacks: catalogue.counter(MetricSpec {
                name: "model_canary_rollbacks_total",
                unit: Unit::Count("versions"),
                labels: &[],
                meaning: "Versions canari retirées par leur verdict : moins bonnes, plus lentes, ou \
                          toujours douteuses.",
            })?,

            shadow: catalogue.gauges(MetricSpec {
                name: "model_shadow_quality",
                unit: Unit::Number,
                labels: &["metric"],
                meaning: "Qualité réalisée de la version dans l’ombre (*shadow*), sur les mêmes \
                          heures que la championne.",
            })?,
        })
    }

    /// Shows the load of the queue.
    pub(crate) fn show_queue(&self, rows: usize, limit: usize) {
        self.queue_rows.set(rows as f64);
        self.queue_limit.set(limit as f64);
    }

    /// Shows a deployment that was just put in service.
    pub(crate) fn show(&self, deployment: &Deployment) {
        let canary = deployment.rollout.canary.as_ref();
        self.canary_share
            // Prometheus asks for ratios, the API speaks in percent.
            .set(canary.map_or(0.0, |canary| f64::from(canary.percent) / 100.0));

        let Ok(active) = deployment.active() else {
            return;
        };
        let training = &active.champion.model().description().training;
        self.trained_until
            .set(training.to.start().timestamp() as f64);
        self.show_champion(&active.monitoring);
        self.show_shadow(active.shadow.as_ref());
    }

    /// Shows the evidence on the canary that is judged.
    pub(crate) fn show_canary(&self, trial: &CanaryTrial) {
        // A canary that is no more disappears.
        self.canary.reset();
        let Some(verdict) = trial.verdict.filter(|_| trial.is_running()) else {
            return;
        };

        let hours = verdict.paired_hours as f64;
        set(&self.canary, &["paired_hours"], Some(hours));
        set(&self.canary, &["error_ratio"], verdict.error_ratio);
        let worse = Some(verdict.worse_by_chance);
        set(&self.canary, &["worse_by_chance"], worse);
    }

    fn show_champion(&self, state: &MonitorState) {
        self.last_counted_hour
            .set(state.last_counted.start().timestamp() as f64);
        self.joined.set(state.realised.joined as f64);
        self.pending.set(state.realised.pending as f64);

        for (name, value) in measures(&state.realised.window, state.system_residual) {
            set(&self.rolling, &[name], value);
        }

        for metric in METRICS {
            let is_raised = state
                .alarms
                .iter()
                .any(|alarm| alarm.limits.metric == metric);
            set(
                &self.alarm,
                &[name_of(metric)],
                Some(f64::from(u8::from(is_raised))),
            );
        }

        for input in &state.inputs {
            self.show_input(input);
        }
    }

    fn show_shadow(&self, state: Option<&MonitorState>) {
        // A shadow that is no more disappears.
        self.shadow.reset();
        let Some(state) = state else { return };
        let window = &state.realised.window;

        set(&self.shadow, &["mae"], window.mae());
        set(&self.shadow, &["skill"], window.skill());
        set(&self.shadow, &["coverage"], window.coverage());
    }

    fn show_input(&self, input: &InputDrift) {
        set(
            &self.input_missing,
            &[input.input],
            Some(input.missing_share),
        );
        for (reason, warning) in REASONS {
            let is_given = f64::from(u8::from(input.warning == Some(warning)));
            set(&self.drift_warning, &[input.input, reason], Some(is_given));
        }

        set(&self.input_drift, &[input.input, "psi"], input.psi);
        set(&self.input_drift, &[input.input, "ks"], input.ks);
        set(&self.input_drift, &[input.input, "js"], input.js);
    }
}

/// The reasons to find an input strange.
const REASONS: [(&str, DriftWarning); 3] = [
    ("frozen", DriftWarning::Frozen),
    ("moved", DriftWarning::Moved),
    ("missing", DriftWarning::Missing),
];

/// The metrics that alarms watch.
const METRICS: [Metric; 5] = [
    Metric::RelativeError,
    Metric::RelativeBias,
    Metric::Coverage,
    Metric::HourlyDispersion,
    Metric::SystemResidual,
];

/// Name of a metric in Prometheus and in the API.
pub(crate) fn name_of(metric: Metric) -> &'static str {
    match metric {
        Metric::RelativeError => "relative_error",
        Metric::RelativeBias => "relative_bias",
        Metric::Coverage => "coverage",
        Metric::HourlyDispersion => "hourly_dispersion",
        Metric::SystemResidual => "system_residual",
    }
}

fn measures(
    window: &WindowStats,
    system_residual: Option<f64>,
) -> [(&'static str, Option<f64>); 8] {
    // Positive when the forecast is too high, as in the model's card.
    let bias = (window.rows > 0).then(|| (window.forecast - window.counted) / window.rows as f64);

    [
        ("mae", window.mae()),
        ("bias", bias),
        ("skill", window.skill()),
        ("relative_error", window.relative_error()),
        ("relative_bias", window.relative_bias()),
        ("coverage", window.coverage()),
        ("hourly_dispersion", window.hourly_dispersion()),
        ("system_residual", system_residual),
    ]
}

/// Sets a gauge. A measure that cannot be made is not a number, and not an old number either.
fn set(gauges: &GaugeVec, labels: &[&str], value: Option<f64>) {
    gauges
        .with_label_values(labels)
        .set(value.unwrap_or(f64::NAN));
}
