use axum::extract::State;
use filrouge_http::{Json, Problem, Require};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::deployment::NotReady;
use crate::registry::Versions;
use crate::scopes::ModelAdmin;
use crate::service::ModelApi;

/// Les versions du modèle.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VersionList {
    /// La version nommée championne ; absente quand aucune ne l’est.
    champion: Option<String>,
    /// La version qui répond : la championne, ou celle qui la remplace quand elle ne peut pas servir.
    in_service: Option<String>,
    /// Toutes les versions, par nom.
    versions: Vec<String>,
    /// Les versions qui ont répondu, dans l’ordre ; une version refusée n’y entre pas.
    history: Vec<String>,
}

/// La version à mettre en service.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Promotion {
    /// Son nom.
    #[schema(min_length = 1, max_length = 100, example = "2026-02-28-4f1c9a2e")]
    version: String,
}

/// Ce qui est en service après la demande.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InService {
    /// La version en service.
    version: String,
    /// Si elle vient d’y entrer.
    changed: bool,
}

/// Lister les versions
///
/// Toutes les versions du dossier, la championne, celle qui répond et celles qui ont répondu.
#[utoipa::path(
    get, path = "/v1/admin/versions", tag = "Administration", security(("oauth2" = ["model:admin"])),
    responses((status = 200, description = "Les versions", body = VersionList), filrouge_http::problem::Protected),
)]
pub(crate) async fn list_versions(
    _access: Require<ModelAdmin>,
    State(service): State<ModelApi>,
) -> Result<axum::Json<VersionList>, Problem> {
    let Versions {
        champion,
        versions,
        history,
    } = service.versions().await?;

    Ok(axum::Json(VersionList {
        champion,
        in_service: service.deployer().version_in_service(),
        versions,
        history,
    }))
}

/// Promouvoir une version
///
/// Elle est chargée, vérifiée (empreinte, caractéristiques) et doit prévoir avant de prendre la
/// place ; sinon l’ancienne continue et la réponse est 409.
#[utoipa::path(
    post, path = "/v1/admin/promotions", tag = "Administration", security(("oauth2" = ["model:admin"])),
    request_body = Promotion,
    responses(
        (status = 200, description = "La version en service", body = InService),
        crate::problems::ModelConflict,
        filrouge_http::problem::InvalidBody, filrouge_http::problem::NotFound, filrouge_http::problem::Protected,
    ),
)]
pub(crate) async fn promote(
    _access: Require<ModelAdmin>,
    State(service): State<ModelApi>,
    Json(Promotion { version }): Json<Promotion>,
) -> Result<axum::Json<InService>, Problem> {
    let changed = service.deployer().promote(version).await?;
    in_service(&service, changed)
}

/// Revenir à la version d’avant
///
/// La dernière version qui a répondu avant la championne reprend sa place, si elle peut encore servir ;
/// sinon, celle d’avant. La version quittée n’est plus proposée à un retour. 409 quand il n’en reste
/// pas.
#[utoipa::path(
    post, path = "/v1/admin/rollbacks", tag = "Administration", security(("oauth2" = ["model:admin"])),
    responses(
        (status = 200, description = "La version en service", body = InService),
        crate::problems::ModelConflict,
        filrouge_http::problem::Protected,
    ),
)]
pub(crate) async fn roll_back(
    _access: Require<ModelAdmin>,
    State(service): State<ModelApi>,
) -> Result<axum::Json<InService>, Problem> {
    let changed = service.deployer().roll_back().await?;
    in_service(&service, changed)
}

/// Relire le nom de la championne
///
/// Le service le fait de lui-même toutes les dix secondes ; ceci n’attend pas.
#[utoipa::path(
    post, path = "/v1/admin/reloads", tag = "Administration", security(("oauth2" = ["model:admin"])),
    responses(
        (status = 200, description = "La version en service", body = InService),
        crate::problems::ModelConflict,
        filrouge_http::problem::Protected,
    ),
)]
pub(crate) async fn reload(
    _access: Require<ModelAdmin>,
    State(service): State<ModelApi>,
) -> Result<axum::Json<InService>, Problem> {
    let changed = service.reload().await?;
    in_service(&service, changed)
}

fn in_service(service: &ModelApi, changed: bool) -> Result<axum::Json<InService>, Problem> {
    let version = service.deployer().version_in_service();
    let version = version.ok_or(NotReady::Model)?;
    Ok(axum::Json(InService { version, changed }))
}
