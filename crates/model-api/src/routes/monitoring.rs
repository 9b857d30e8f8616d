use axum::extract::State;
use filrouge_http::{Json, Object, Problem, Require, problem};
use filrouge_model::evaluation::WindowStats;
use filrouge_model::monitoring::{Alarm, ControlLimits, DriftWarning, InputDrift};
use filrouge_types::{Hour, StationId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::schema::{hour_text, station_text, whole};
use crate::demand::DemandSnapshot;
use crate::deployment::Active;
use crate::metrics::name_of;
use crate::monitor::Monitor;
use crate::scopes::{ModelFeedback, ModelPredict};
use crate::service::ModelApi;

/// The most outcomes of one request.
const MOST_OUTCOMES: usize = 1_000;

/// The most departures of one station-hour: more is a mistake of unit or of column.
const MOST_DEPARTURES: u32 = 100_000;

/// L’état de surveillance du modèle en service.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Monitoring {
    /// Version en service.
    model_version: String,
    /// Dernière heure comptée.
    #[schema(value_type = String, format = DateTime)]
    last_counted_hour: Hour,
    /// Les 24 dernières heures comptées.
    window: MonitoredDay,
    /// Écart de la demande totale de la ville sur ces heures, en proportion de celle que la
    /// régression de Poisson attend ; `null` quand il manque une heure, ou la régression.
    system_residual: Option<f64>,
    /// Jour par jour (UTC), du plus ancien au plus récent.
    days: Vec<MonitoredDay>,
    /// Les limites de contrôle d’un jour stable, d’après la validation à origine glissante.
    control_limits: Vec<MonitoredLimits>,
    /// Les mesures hors de leurs limites : elles demandent une action.
    alarms: Vec<MonitoredAlarm>,
    /// Les entrées venues d’ailleurs : elles expliquent, elles n’alarment pas.
    inputs: Vec<MonitoredInput>,
    /// Prévisions dont le comptage n’est pas encore arrivé.
    pending_predictions: usize,
    /// Prévisions rapprochées de leur comptage.
    joined_predictions: u64,
}

/// La qualité réalisée d’une journée ; une mesure absente ne peut pas être calculée.
#[derive(Debug, Serialize, ToSchema)]
struct MonitoredDay {
    /// Première heure.
    #[schema(value_type = String, format = DateTime)]
    from: Hour,
    /// Prévisions rapprochées de leur comptage.
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
struct MonitoredLimits {
    /// `relative_error`, `relative_bias`, `coverage`, `hourly_dispersion` ou `system_residual`.
    #[schema(example = "coverage")]
    metric: &'static str,
    /// Ligne centrale : la valeur d’un jour ordinaire.
    center: f64,
    /// En dessous, une alarme.
    lower: f64,
    /// Au-dessus, une alarme.
    upper: f64,
}

/// Une mesure hors de ses limites de contrôle.
#[derive(Debug, Serialize, ToSchema)]
struct MonitoredAlarm {
    /// La mesure.
    #[schema(example = "coverage")]
    metric: &'static str,
    /// La valeur mesurée.
    observed: f64,
    /// Ligne centrale : la valeur d’un jour ordinaire.
    center: f64,
}

/// Une entrée météo sur la dernière journée, à côté des quatre semaines d’avant.
#[derive(Debug, Serialize, ToSchema)]
struct MonitoredInput {
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
    let deployment = service.deployment();
    Ok(axum::Json(Monitoring::from(deployment.active()?)))
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

    let outcomes: Vec<Outcome> = items.into_iter().map(|Object(item)| item).collect();
    let is_too_many = |outcome: &Outcome| outcome.departures > MOST_DEPARTURES;
    if let Some(index) = outcomes.iter().position(is_too_many) {
        let detail = "un nombre de départs de 0 à 100 000 est attendu";
        return Err(Problem::new(&problem::INVALID_BODY, detail)
            .with_field(format!("items[{index}].departures")));
    }

    let champion = service.champion()?;
    let joined = join(&outcomes, champion.demand(), service.monitor());
    Ok(axum::Json(OutcomesTaken {
        joined,
        unexpected: count - joined,
    }))
}

/// Gives the outcomes to the monitor; counts those for which a prediction was pending.
fn join(outcomes: &[Outcome], demand: &DemandSnapshot, monitor: &Monitor) -> usize {
    let is_joined = |outcome: &&Outcome| {
        let Outcome {
            station_id, hour, ..
        } = outcome;
        let last_week = demand.history().departures(station_id, *hour - 168);
        monitor.record(station_id, *hour, outcome.departures as f32, last_week)
    };
    outcomes.iter().filter(is_joined).count()
}

impl From<&Active> for Monitoring {
    fn from(active: &Active) -> Self {
        let state = &active.monitoring;
        let realised = &state.realised;

        Self {
            model_version: active.champion.model().version().to_owned(),
            last_counted_hour: state.last_counted,
            window: MonitoredDay::from(&realised.window),
            system_residual: state.system_residual,
            days: realised.days.iter().map(MonitoredDay::from).collect(),
            control_limits: state.limits.iter().map(MonitoredLimits::from).collect(),
            alarms: state.alarms.iter().map(MonitoredAlarm::from).collect(),
            inputs: state.inputs.iter().map(MonitoredInput::from).collect(),
            pending_predictions: realised.pending,
            joined_predictions: realised.joined,
        }
    }
}

impl From<&ControlLimits> for MonitoredLimits {
    fn from(limits: &ControlLimits) -> Self {
        Self {
            metric: name_of(limits.metric),
            center: limits.center,
            lower: limits.lower,
            upper: limits.upper,
        }
    }
}

impl From<&Alarm> for MonitoredAlarm {
    fn from(alarm: &Alarm) -> Self {
        Self {
            metric: name_of(alarm.limits.metric),
            observed: alarm.observed,
            center: alarm.limits.center,
        }
    }
}

impl From<&WindowStats> for MonitoredDay {
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

impl From<&InputDrift> for MonitoredInput {
    fn from(drift: &InputDrift) -> Self {
        Self {
            input: drift.input,
            samples: drift.samples,
            missing_share: drift.missing_share,
            psi: drift.psi,
            // No threshold is infinite in JSON.
            psi_threshold: Some(drift.psi_threshold).filter(|threshold| threshold.is_finite()),
            ks: drift.ks,
            js: drift.js,
            warning: drift.warning,
        }
    }
}
