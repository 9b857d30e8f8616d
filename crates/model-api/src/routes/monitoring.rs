use std::sync::Arc;

use axum::extract::State;
use filrouge_api_client::model::{
    ControlLimits, MonitoredDay, MonitoredInput, Monitoring, RaisedAlarm,
};
use filrouge_http::{Json, Object, Problem, Require, problem};
use filrouge_model::evaluation::WindowStats;
use filrouge_model::monitoring::{self, Alarm, DriftWarning, InputDrift};
use filrouge_types::{Hour, StationId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::schema::{hour_text, station_text, whole};
use crate::demand::DemandSnapshot;
use crate::deployer::run_blocking;
use crate::deployment::Active;
use crate::metrics::name_of;
use crate::monitor::Monitor;
use crate::problems::{HourUnderWay, IMPOSSIBLE};
use crate::scopes::{ModelFeedback, ModelPredict};
use crate::service::ModelApi;

/// The most outcomes of one request.
const MOST_OUTCOMES: usize = 1_000;

/// The most departures of one station-hour, some three a second: more is a mistake of unit or of
/// column.
const MOST_DEPARTURES: u32 = 10_000;

/// Cost of a request, which writes the journal to the disk.
const UNITS: u32 = 5;

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
    #[schema(maximum = 10_000)]
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
    Ok(axum::Json(monitoring(deployment.active()?)))
}

/// Donner des résultats
///
/// Les départs réellement comptés, rapprochés des prévisions qui les attendaient. Le service les
/// lit aussi de lui-même dans l’API de données, dont le comptage remplace celui-ci quand il arrive :
/// cette route sert à qui les connaît plus tôt. Ils sont sur le disque quand la réponse arrive.
#[utoipa::path(
    post, path = "/v1/outcomes", tag = "Surveillance", security(("oauth2" = ["model:feedback"])),
    request_body = Outcomes,
    responses(
        (status = 200, description = "Ce qui en a été fait", body = OutcomesTaken),
        HourUnderWay,
        filrouge_http::problem::InvalidBody, filrouge_http::problem::Protected,
    ),
)]
pub(crate) async fn take_outcomes(
    mut access: Require<ModelFeedback>,
    State(service): State<ModelApi>,
    Json(Outcomes { items }): Json<Outcomes>,
) -> Result<axum::Json<OutcomesTaken>, Problem> {
    access.charge(UNITS)?;
    let count = items.len();
    if !(1..=MOST_OUTCOMES).contains(&count) {
        let detail = format!("{count} éléments : il en faut de 1 à {MOST_OUTCOMES}");
        return Err(Problem::new(&problem::INVALID_BODY, detail).with_field("items"));
    }

    let outcomes: Vec<Outcome> = items.into_iter().map(|Object(item)| item).collect();
    let under_way = Hour::containing(service.now());
    for (index, outcome) in outcomes.iter().enumerate() {
        outcome.check(index, under_way)?;
    }

    let champion = service.champion()?;
    let joined = join(&outcomes, champion.demand(), service.monitor());

    // An outcome that is acknowledged is on the disk.
    let deployer = Arc::clone(service.deployer());
    run_blocking(move || deployer.monitor().save())
        .await
        .map_err(|error| not_kept(&error))?;

    Ok(axum::Json(OutcomesTaken {
        joined,
        unexpected: count - joined,
    }))
}

impl Outcome {
    /// Refuses a count that cannot be one.
    fn check(&self, index: usize, under_way: Hour) -> Result<(), Problem> {
        let (kind, field, detail) = if self.departures > MOST_DEPARTURES {
            let detail = "un nombre de départs de 0 à 10 000 est attendu";
            (&problem::INVALID_BODY, "departures", detail)
        } else if self.hour >= under_way {
            (&IMPOSSIBLE, "hour", "une heure terminée est attendue")
        } else {
            return Ok(());
        };

        Err(Problem::new(kind, detail).with_field(format!("items[{index}].{field}")))
    }
}

fn not_kept(error: &std::io::Error) -> Problem {
    tracing::error!(%error, "outcomes could not be kept");
    let detail =
        "les comptages n’ont pas pu être écrits : renvoyez-les, rien ne sera compté deux fois";
    Problem::new(&problem::NOT_READY, detail).with_retry_after(5)
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

fn monitoring(active: &Active) -> Monitoring {
    let state = &active.monitoring;
    let realised = &state.realised;

    Monitoring {
        model_version: active.champion.model().version().to_owned(),
        last_counted_hour: state.last_counted,
        window: monitored_day(&realised.window),
        system_residual: state.system_residual,
        days: realised.days.iter().map(monitored_day).collect(),
        control_limits: state.limits.iter().map(control_limits).collect(),
        alarms: state.alarms.iter().map(raised_alarm).collect(),
        inputs: state.inputs.iter().map(monitored_input).collect(),
        pending_predictions: realised.pending,
        joined_predictions: realised.joined,
    }
}

fn monitored_day(day: &WindowStats) -> MonitoredDay {
    MonitoredDay {
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

fn control_limits(limits: &monitoring::ControlLimits) -> ControlLimits {
    ControlLimits {
        metric: name_of(limits.metric).to_owned(),
        center: limits.center,
        lower: limits.lower,
        upper: limits.upper,
    }
}

fn raised_alarm(alarm: &Alarm) -> RaisedAlarm {
    RaisedAlarm {
        metric: name_of(alarm.limits.metric).to_owned(),
        observed: alarm.observed,
        center: alarm.limits.center,
    }
}

fn monitored_input(drift: &InputDrift) -> MonitoredInput {
    MonitoredInput {
        input: drift.input.to_owned(),
        samples: drift.samples,
        missing_share: drift.missing_share,
        psi: drift.psi,
        // No threshold is infinite in JSON.
        psi_threshold: Some(drift.psi_threshold).filter(|threshold| threshold.is_finite()),
        ks: drift.ks,
        js: drift.js,
        warning: drift.warning.map(warning),
    }
}

fn warning(warning: DriftWarning) -> String {
    match warning {
        DriftWarning::Frozen => "frozen",
        DriftWarning::Moved => "moved",
        DriftWarning::Missing => "missing",
    }
    .to_owned()
}
