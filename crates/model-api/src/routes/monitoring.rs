use axum::extract::State;
use filrouge_http::{Json, Object, Problem, Require, problem};
use filrouge_model::evaluation::WindowStats;
use filrouge_model::monitoring::{ControlLimits, DriftWarning, InputDrift, Metric};
use filrouge_types::{Hour, StationId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::schema::{hour_text, station_text, whole};
use super::{ModelFeedback, ModelPredict};
use crate::ModelApi;
use crate::monitor::MonitorState;

/// The most outcomes of one request.
const MOST_OUTCOMES: usize = 1_000;

/// L’état de surveillance du modèle en service.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Monitoring {
    /// Version en service.
    model_version: String,
    /// Dernière heure comptée.
    #[schema(value_type = String, format = DateTime)]
    last_counted_hour: Hour,
    /// Les 24 dernières heures comptées.
    window: WatchedDay,
    /// Écart de la demande totale de la ville sur ces heures, en proportion de celle que la
    /// régression de Poisson attend ; `null` quand il manque une heure, ou la régression.
    system_residual: Option<f64>,
    /// Jour par jour (UTC), du plus ancien au plus récent.
    days: Vec<WatchedDay>,
    /// Les limites de contrôle d’un jour stable, d’après la validation à origine glissante.
    control_limits: Vec<WatchedLimits>,
    /// Les mesures hors de leurs limites : elles demandent une action.
    alarms: Vec<WatchedAlarm>,
    /// Les entrées venues d’ailleurs : elles expliquent, elles n’alarment pas.
    inputs: Vec<WatchedInput>,
    /// Prévisions dont la réalité est attendue.
    awaited_predictions: usize,
    /// Prévisions dont la réalité est connue.
    joined_predictions: u64,
}

/// La qualité réalisée d’une journée ; une mesure absente ne peut pas être calculée.
#[derive(Debug, Serialize, ToSchema)]
struct WatchedDay {
    /// Première heure.
    #[schema(value_type = String, format = DateTime)]
    from: Hour,
    /// Prévisions comparées à la réalité.
    rows: usize,
    /// Erreur absolue moyenne, départs.
    mae: Option<f64>,
    /// Celle de la même heure une semaine plus tôt.
    last_week_mae: Option<f64>,
    /// Part de cette erreur que le modèle évite.
    skill: Option<f64>,
    /// Erreur absolue rapportée à l’écart-type de Poisson, la racine carrée de la demande prévue.
    relative_error: Option<f64>,
    /// Biais relatif : comptages sur prévisions, moins un, pondérés par l’inverse de leur variance
    /// relative.
    relative_bias: Option<f64>,
    /// Part des comptages dans l’intervalle à 80 %.
    coverage: Option<f64>,
    /// Dispersion horaire : logarithme de χ²/(h − 1) du profil de la journée, 0 quand les heures se
    /// partagent les départs comme prévu.
    hourly_dispersion: Option<f64>,
}

/// Les limites de contrôle d’une mesure.
#[derive(Debug, Serialize, ToSchema)]
struct WatchedLimits {
    /// `relative_error`, `relative_bias`, `coverage`, `hourly_dispersion` ou `system_residual`.
    #[schema(value_type = String, example = "coverage")]
    metric: Metric,
    /// Ligne centrale : la valeur d’un jour ordinaire.
    center: f64,
    /// En dessous, une alarme.
    lower: f64,
    /// Au-dessus, une alarme.
    upper: f64,
}

/// Une mesure hors de ses limites de contrôle.
#[derive(Debug, Serialize, ToSchema)]
struct WatchedAlarm {
    /// La mesure.
    #[schema(value_type = String, example = "coverage")]
    metric: Metric,
    /// Ce qui a été mesuré.
    observed: f64,
    /// Ligne centrale : la valeur d’un jour ordinaire.
    center: f64,
}

/// Une entrée météo sur la dernière journée, à côté des quatre semaines d’avant.
#[derive(Debug, Serialize, ToSchema)]
struct WatchedInput {
    /// L’entrée.
    #[schema(example = "temperature")]
    input: &'static str,
    /// Valeurs de la dernière journée.
    samples: usize,
    /// Part de valeurs absentes, de 0 à 1.
    missing_share: f64,
    /// Indice de stabilité de population.
    psi: Option<f64>,
    /// Ce que l’indice dépasse par hasard une fois sur cent, avec autant de valeurs.
    psi_threshold: Option<f64>,
    /// Distance de Kolmogorov–Smirnov.
    ks: Option<f64>,
    /// Divergence de Jensen–Shannon, en bits.
    js: Option<f64>,
    /// `frozen` (figée), `moved` (déplacée) ou `missing` (absente) ; `null` quand rien n’est
    /// étrange.
    #[schema(value_type = Option<String>)]
    warning: Option<DriftWarning>,
}

/// Des départs comptés.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Outcomes {
    /// De 1 à 1000 comptages.
    #[schema(value_type = Vec<Outcome>, min_items = 1, max_items = 1000)]
    items: Vec<Object<Outcome>>,
}

/// Les départs d’une station pendant une heure.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Outcome {
    /// Identifiant de la station.
    #[schema(schema_with = station_text)]
    station_id: StationId,
    /// Début de l’heure, ISO 8601, UTC.
    #[schema(schema_with = hour_text)]
    hour: Hour,
    /// Départs comptés.
    #[serde(deserialize_with = "whole")]
    #[schema(maximum = 100_000)]
    departures: u32,
}

/// Ce qui a été fait des comptages.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OutcomesTaken {
    /// Comptages rapprochés d’une prévision qui les attendait.
    joined: usize,
    /// Comptages qu’aucune prévision n’attendait : sans effet.
    unexpected: usize,
}

/// Surveiller le modèle
///
/// Qualité réalisée des prévisions, seuils, alarmes et état des entrées.
#[utoipa::path(
    get, path = "/v1/monitoring", tag = "Surveillance", security(("oauth2" = ["model:predict"])),
    responses((status = 200, description = "La surveillance", body = Monitoring), filrouge_http::problem::Protected),
)]
pub(crate) async fn read_monitoring(
    _access: Require<ModelPredict>,
    State(service): State<ModelApi>,
) -> Result<axum::Json<Monitoring>, Problem> {
    service.serving()?;
    let state = service.monitor().state().ok_or_else(|| {
        Problem::new(
            &problem::NOT_READY,
            "aucune prévision n’a encore été observée",
        )
        .with_retry_after(5)
    })?;
    Ok(axum::Json(Monitoring::from(state)))
}

/// Donner des résultats
///
/// Les départs réellement comptés, rapprochés des prévisions qui les attendaient. Le service les
/// lit aussi de lui-même dans l’API de données : cette route sert à qui les connaît plus tôt.
#[utoipa::path(
    post, path = "/v1/outcomes", tag = "Surveillance", security(("oauth2" = ["model:feedback"])),
    request_body = Outcomes,
    responses(
        (status = 200, description = "Ce qui en a été fait", body = OutcomesTaken),
        filrouge_http::problem::InvalidBody, filrouge_http::problem::Protected,
    ),
)]
pub(crate) async fn take_outcomes(
    _access: Require<ModelFeedback>,
    State(service): State<ModelApi>,
    Json(Outcomes { items }): Json<Outcomes>,
) -> Result<axum::Json<OutcomesTaken>, Problem> {
    let count = items.len();
    if !(1..=MOST_OUTCOMES).contains(&count) {
        let detail = format!("{count} éléments : il en faut de 1 à {MOST_OUTCOMES}");
        return Err(Problem::new(&problem::INVALID_BODY, detail).with_field("items"));
    }

    let items: Vec<Outcome> = items.into_iter().map(|Object(item)| item).collect();
    if let Some(index) = items.iter().position(|item| item.departures > 100_000) {
        let detail = "un nombre de départs de 0 à 100 000 est attendu";
        return Err(Problem::new(&problem::INVALID_BODY, detail)
            .with_field(format!("items[{index}].departures")));
    }

    let serving = service.serving()?;
    let history = serving.knowledge().history();

    let is_joined = |item: &&Outcome| {
        let last_week = history.departures(&item.station_id, item.hour - 168);
        service.monitor().give(
            &item.station_id,
            item.hour,
            item.departures as f32,
            last_week,
        )
    };

    let joined = items.iter().filter(is_joined).count();

    Ok(axum::Json(OutcomesTaken {
        joined,
        unexpected: count - joined,
    }))
}

impl From<MonitorState> for Monitoring {
    fn from(state: MonitorState) -> Self {
        let limits = |limits: ControlLimits| WatchedLimits {
            metric: limits.metric,
            center: limits.center,
            lower: limits.lower,
            upper: limits.upper,
        };

        let alarm = |alarm: filrouge_model::monitoring::Alarm| WatchedAlarm {
            metric: alarm.limits.metric,
            observed: alarm.observed,
            center: alarm.limits.center,
        };

        Self {
            model_version: state.model_version,
            last_counted_hour: state.last_counted,
            window: WatchedDay::from(&state.window),
            system_residual: state.system_residual,
            days: state.days.iter().map(WatchedDay::from).collect(),
            control_limits: state.limits.into_iter().map(limits).collect(),
            alarms: state.alarms.into_iter().map(alarm).collect(),
            inputs: state.inputs.into_iter().map(WatchedInput::from).collect(),
            awaited_predictions: state.awaited,
            joined_predictions: state.joined,
        }
    }
}

impl From<&WindowStats> for WatchedDay {
    fn from(day: &WindowStats) -> Self {
        Self {
            from: day.from,
            rows: day.rows,
            mae: day.mae(),
            last_week_mae: (day.rows > 0).then(|| day.last_week_error / day.rows as f64),
            skill: day.skill(),
            relative_error: day.relative_error(),
            relative_bias: day.relative_bias(),
            coverage: day.coverage(),
            hourly_dispersion: day.hourly_dispersion(),
        }
    }
}

impl From<InputDrift> for WatchedInput {
    fn from(watch: InputDrift) -> Self {
        let InputDrift {
            input,
            samples,
            missing_share,
            psi,
            psi_threshold,
            ks,
            js,
            warning,
        } = watch;

        let psi_threshold = Some(psi_threshold).filter(|threshold| threshold.is_finite());

        Self {
            input,
            samples,
            missing_share,
            psi,
            psi_threshold,
            ks,
            js,
            warning,
        }
    }
}
