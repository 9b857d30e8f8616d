use axum::extract::State;
use filrouge_http::{Json, Object, Problem, Require};
use filrouge_model::evaluation::WindowStats;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::ModelAdmin;
use super::administration::refused;
use super::schema::{present, whole};
use crate::ModelApi;

/// Ce qui est essayé à côté de la championne.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AskedTrials {
    /// La version qui répond à une part des clients ; absente pour aucune.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<AskedCanary>, nullable = false)]
    canary: Option<Object<AskedCanary>>,
    /// La version qui prévoit sans répondre à personne ; absente pour aucune.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false, min_length = 1, max_length = 100)]
    shadow: Option<String>,
}

/// Une version à l’essai, et pour qui.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AskedCanary {
    /// Son nom.
    #[schema(min_length = 1, max_length = 100, example = "2026-02-28-4f1c9a2e")]
    version: String,
    /// Part des clients, en pour cent : toujours les mêmes.
    #[serde(deserialize_with = "percent")]
    #[schema(minimum = 1, maximum = 100, example = 10)]
    percent: u8,
}

/// Les essais en cours.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RunningTrials {
    /// La version qui répond à une part des clients.
    canary: Option<RunningCanary>,
    /// La version qui prévoit sans répondre, à côté de la championne.
    shadow: Option<RunningShadow>,
}

/// Une version qui répond à une part des clients.
#[derive(Debug, Serialize, ToSchema)]
struct RunningCanary {
    /// Son nom.
    version: String,
    /// Part des clients, en pour cent.
    percent: u8,
}

/// Deux versions jugées sur les mêmes heures.
#[derive(Debug, Serialize, ToSchema)]
struct RunningShadow {
    /// La version dans l’ombre.
    version: String,
    /// Prévisions comparées à la réalité sur les 24 dernières heures comptées.
    rows: usize,
    /// Erreur absolue moyenne de cette version, départs.
    mae: Option<f64>,
    /// Celle de la championne.
    champion_mae: Option<f64>,
    /// Part des comptages dans l’intervalle de cette version.
    coverage: Option<f64>,
    /// La même part pour la championne.
    champion_coverage: Option<f64>,
}

/// Lire les essais
///
/// La version qui répond à une part des clients, et celle qui est comparée à la championne sans
/// répondre.
#[utoipa::path(
    get, path = "/v1/admin/trials", tag = "Administration", security(("oauth2" = ["model:admin"])),
    responses((status = 200, description = "Les essais en cours", body = RunningTrials), filrouge_http::problem::Protected),
)]
pub(crate) async fn read_trials(
    _access: Require<ModelAdmin>,
    State(service): State<ModelApi>,
) -> axum::Json<RunningTrials> {
    axum::Json(running(&service))
}

/// Choisir les essais
///
/// Remplace les essais en cours ; un corps vide (`{}`) les arrête tous. Chaque version est chargée
/// et doit prévoir avant d’être essayée : sinon rien ne change et la réponse est 409. Un client est
/// toujours du même côté.
#[utoipa::path(
    put, path = "/v1/admin/trials", tag = "Administration", security(("oauth2" = ["model:admin"])),
    request_body = AskedTrials,
    responses(
        (status = 200, description = "Les essais en cours", body = RunningTrials),
        (status = 409, description = "Une version ne peut pas servir", body = filrouge_http::problem::ProblemBody<'static>,
         content_type = "application/problem+json"),
        filrouge_http::problem::InvalidBody, filrouge_http::problem::NotFound, filrouge_http::problem::Protected,
    ),
)]
pub(crate) async fn set_trials(
    _access: Require<ModelAdmin>,
    State(service): State<ModelApi>,
    Json(AskedTrials { canary, shadow }): Json<AskedTrials>,
) -> Result<axum::Json<RunningTrials>, Problem> {
    let canary = canary.map(|Object(AskedCanary { version, percent })| (version, percent));
    service
        .try_beside(canary, shadow)
        .await
        .map_err(|error| refused(&error))?;
    Ok(axum::Json(running(&service)))
}

fn percent<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u8, D::Error> {
    let percent = whole(deserializer)?;
    let in_range = u8::try_from(percent)
        .ok()
        .filter(|percent| (1..=100).contains(percent));
    in_range.ok_or_else(|| {
        serde::de::Error::custom(format!("`{percent}` is not a share of 1 to 100 %"))
    })
}

fn running(service: &ModelApi) -> RunningTrials {
    let trials = service.trials();
    let champion = service.monitor().state().map(|state| state.window);
    let canary = trials.canary.map(|canary| RunningCanary {
        version: canary.champion.version().to_owned(),
        percent: canary.percent,
    });

    let shadow = trials.shadow.map(|shadow| {
        let window = shadow.state().map(|state| state.window);

        RunningShadow {
            version: shadow.champion.version().to_owned(),
            rows: window.map_or(0, |window| window.rows),
            mae: window.as_ref().and_then(WindowStats::mae),
            champion_mae: champion.as_ref().and_then(WindowStats::mae),
            coverage: window.as_ref().and_then(WindowStats::coverage),
            champion_coverage: champion.as_ref().and_then(WindowStats::coverage),
        }
    });

    RunningTrials { canary, shadow }
}
