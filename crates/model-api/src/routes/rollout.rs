use axum::extract::State;
use filrouge_http::{Json, Object, Problem, Require};
use filrouge_model::evaluation::WindowStats;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::schema::{present, whole};
use crate::deployment::Deployment;
use crate::scopes::ModelAdmin;
use crate::service::ModelApi;

/// Les versions à faire tourner à côté de la championne.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RolloutRequest {
    /// La version qui répond à une part des clients ; absente pour aucune.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<CanaryRequest>, nullable = false)]
    canary: Option<Object<CanaryRequest>>,
    /// La version qui prévoit sans répondre à personne ; absente pour aucune.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false, min_length = 1, max_length = 100)]
    shadow: Option<String>,
}

/// Une version canari, et sa part des clients.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CanaryRequest {
    /// Son nom.
    #[schema(min_length = 1, max_length = 100, example = "2026-02-28-4f1c9a2e")]
    version: String,
    /// Part des clients, en pour cent : toujours les mêmes.
    #[serde(deserialize_with = "percent")]
    #[schema(minimum = 1, maximum = 100, example = 10)]
    percent: u8,
}

/// Le déploiement progressif en cours.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RunningRollout {
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

/// Lire le déploiement progressif
///
/// La version qui répond à une part des clients, et celle qui est comparée à la championne sans
/// répondre.
#[utoipa::path(
    get, path = "/v1/admin/rollout", tag = "Administration", security(("oauth2" = ["model:admin"])),
    responses((status = 200, description = "Le déploiement progressif en cours", body = RunningRollout), filrouge_http::problem::Protected),
)]
pub(crate) async fn read_rollout(
    _access: Require<ModelAdmin>,
    State(service): State<ModelApi>,
) -> axum::Json<RunningRollout> {
    axum::Json(RunningRollout::from(&*service.deployment()))
}

/// Choisir le déploiement progressif
///
/// Remplace le canari et l’ombre (*shadow*) en cours ; un corps vide (`{}`) arrête les deux. Chaque
/// version est chargée et doit prévoir avant d’être déployée : sinon rien ne change et la réponse est
/// 409. Un client est toujours du même côté.
#[utoipa::path(
    put, path = "/v1/admin/rollout", tag = "Administration", security(("oauth2" = ["model:admin"])),
    request_body = RolloutRequest,
    responses(
        (status = 200, description = "Le déploiement progressif en cours", body = RunningRollout),
        crate::problems::ModelConflict,
        filrouge_http::problem::InvalidBody, filrouge_http::problem::NotFound, filrouge_http::problem::Protected,
    ),
)]
pub(crate) async fn set_rollout(
    _access: Require<ModelAdmin>,
    State(service): State<ModelApi>,
    Json(RolloutRequest { canary, shadow }): Json<RolloutRequest>,
) -> Result<axum::Json<RunningRollout>, Problem> {
    let canary = canary.map(|Object(CanaryRequest { version, percent })| (version, percent));
    service.deployer().roll_out(canary, shadow).await?;
    Ok(axum::Json(RunningRollout::from(&*service.deployment())))
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

impl From<&Deployment> for RunningRollout {
    fn from(deployment: &Deployment) -> Self {
        let rollout = &deployment.rollout;
        let canary = rollout.canary.as_ref().map(|canary| RunningCanary {
            version: canary.model.version().to_owned(),
            percent: canary.percent,
        });
        let shadow = rollout.shadow.as_ref().map(|shadow| {
            let active = deployment.active().ok();
            let own = active.and_then(|active| active.shadow.as_ref());
            let (own, champion) = (
                own.map(|state| &state.realised.window),
                active.map(|active| &active.monitoring.realised.window),
            );

            RunningShadow {
                version: shadow.model.version().to_owned(),
                // Nothing to compare until demand was read.
                rows: own.map_or(0, |window| window.rows),
                mae: own.and_then(WindowStats::mae),
                champion_mae: champion.and_then(WindowStats::mae),
                coverage: own.and_then(WindowStats::coverage),
                champion_coverage: champion.and_then(WindowStats::coverage),
            }
        });

        Self { canary, shadow }
    }
}
