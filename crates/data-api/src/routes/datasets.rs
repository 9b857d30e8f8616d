use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use filrouge_database::{Database, HourFilter, Resource};
use filrouge_http::{Path, Problem, Query, Require};
use serde::Serialize;
use utoipa::ToSchema;

use super::export::{EXPORT_UNITS, send_export};
use crate::accept::{Media, negotiate};
use crate::documented::{BinaryFile, NotModified};
use crate::exports::{ExportRequest, Exports};
use crate::failure::database_failure;
use crate::hour_items::StationHourItem;
use crate::list::{NoParameters, json_headers};
use crate::revision::Revision;
use crate::scopes::DataExport;

/// Les versions du jeu d’apprentissage.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DatasetVersions {
    /// La version en base ; aucune avant le premier import ou pendant un import.
    items: Vec<DatasetItem>,
}

/// Une version du jeu d’apprentissage.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DatasetItem {
    /// Nom de la version : empreinte SHA-256 de son contenu.
    #[schema(min_length = 64, max_length = 64)]
    version: String,
    /// Fin de son import, UTC.
    #[schema(example = "2026-03-01T08:20:00Z")]
    #[serde(serialize_with = "filrouge_api_client::instant::write")]
    imported_at: DateTime<Utc>,
    /// Lignes station × heure.
    #[schema(example = 723_320)]
    rows: u64,
    /// Lignes écartées par l’import.
    #[schema(example = 0)]
    rows_rejected: u64,
}

/// Lister les versions du jeu d’apprentissage
///
/// La version que l’export rend, nommée par l’empreinte de son contenu : un entraînement qui la
/// cite peut être refait.
#[utoipa::path(
    get, path = "/v1/datasets/station-hours", tag = "Jeux de données", security(("oauth2" = ["data:export"])),
    responses(
        (status = 200, description = "Les versions", body = DatasetVersions,
            headers(("ETag" = String, description = "Révision des heures"))),
        NotModified,
        filrouge_http::problem::InvalidParameter, filrouge_http::problem::Protected,
    ),
)]
pub(crate) async fn list_datasets(
    _access: Require<DataExport>,
    _parameters: Query<NoParameters>,
    State(database): State<Database>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let revision = Revision::of(&database, Resource::StationHours).await?;
    if let Some(answer) = revision.not_modified(&headers) {
        return Ok(answer);
    }

    let version = database.dataset_version().await.map_err(database_failure)?;
    let items = version.into_iter().map(|version| DatasetItem {
        version: version.dataset_sha256,
        imported_at: version.imported_at,
        rows: version.rows,
        rows_rejected: version.rows_rejected,
    });

    Ok((
        json_headers(revision),
        axum::Json(DatasetVersions {
            items: items.collect(),
        }),
    )
        .into_response())
}

/// Exporter une version du jeu d’apprentissage
///
/// Le jeu entier, dans le contrat public station × heure, au format choisi par `Accept` : CSV (par
/// défaut), Parquet, JSON ou Arrow IPC. Une version remplacée par un import plus récent n’existe
/// plus ici : 404.
#[utoipa::path(
    get, path = "/v1/datasets/station-hours/{version}", tag = "Jeux de données",
    security(("oauth2" = ["data:export"])),
    params(("version" = String, Path, description = "Nom de la version", min_length = 1)),
    responses(
        (status = 200, description = "Le fichier", content(
            (String = "text/csv"),
            (BinaryFile = "application/vnd.apache.parquet"),
            (Vec<StationHourItem> = "application/json"),
            (BinaryFile = "application/vnd.apache.arrow.stream"),
            (BinaryFile = "application/vnd.apache.arrow.file"),
        ), headers(("ETag" = String, description = "Révision des heures"))),
        NotModified,
        filrouge_http::problem::InvalidParameter, filrouge_http::problem::NotFound,
        filrouge_http::problem::NotAcceptable, filrouge_http::problem::Protected,
    ),
)]
pub(crate) async fn export_dataset(
    mut access: Require<DataExport>,
    Path(version): Path<String>,
    State(database): State<Database>,
    State(exports): State<Exports>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let media = negotiate(&headers, &Media::OF_EXPORTS)?;
    let revision = Revision::of(&database, Resource::StationHours)
        .await?
        .written_as(media);

    // After the revision: a version replaced in between is refused, never sent under an older tag.
    let current = database.dataset_version().await.map_err(database_failure)?;
    if current.is_none_or(|current| current.dataset_sha256 != version) {
        return Err(Problem::not_found(
            "cette version n’est pas celle qui est en base",
        ));
    }

    if let Some(answer) = revision.not_modified(&headers) {
        return Ok(answer);
    }

    access.charge(EXPORT_UNITS)?;
    let request = ExportRequest {
        filter: HourFilter::default(),
        revision,
    };
    send_export(&exports, database, request)
}
