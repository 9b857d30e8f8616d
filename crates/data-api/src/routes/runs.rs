use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use filrouge_database::{CollectedFile, CollectedSource, CollectionRun, Database, Resource};
use filrouge_http::{Path, Problem, Require};
use serde::Serialize;
use utoipa::ToSchema;

use crate::documented::{ListAnswers, NotModified};
use crate::failure::database_failure;
use crate::list::{Item, ListPage, ListParameters, ListRequest, NoParameters, json_headers};
use crate::revision::Revision;
use crate::scopes::QualityRead;

/// Une collecte des sources.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RunItem {
    /// Nom de la collecte : son début, UTC.
    #[schema(example = "20260301T080000Z")]
    run_id: String,
    /// Profil qui dit où collecter.
    #[schema(example = "rivemont")]
    profile: String,
    /// Version du programme.
    #[schema(example = "0.1.0")]
    program_version: String,
    /// Début, UTC.
    #[schema(example = "2026-03-01T08:00:00Z")]
    #[serde(serialize_with = "filrouge_api_client::instant::write")]
    started_at: DateTime<Utc>,
    /// Fin, UTC.
    #[schema(example = "2026-03-01T08:00:04Z")]
    #[serde(serialize_with = "filrouge_api_client::instant::write")]
    ended_at: DateTime<Utc>,
    /// Ce que chaque source a donné.
    #[schema(example = json!([]))]
    sources: Vec<RunSource>,
}

/// Ce qu’une source a donné à une collecte.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RunSource {
    /// La source.
    #[schema(example = "web_service")]
    source: String,
    /// Adresse collectée.
    #[schema(example = "http://127.0.0.1:8090/gbfs/3/gbfs.json")]
    address: String,
    /// Vrai si tout est venu.
    #[schema(example = true)]
    succeeded: bool,
    /// Cause de l’échec.
    error: Option<String>,
    /// Enregistrements reçus.
    #[schema(example = 1402)]
    rows: u64,
    /// Octets écrits.
    #[schema(example = 181_204)]
    bytes: u64,
    /// Fichiers, par chemin.
    files: Vec<RunFile>,
}

/// Un fichier d’une collecte.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RunFile {
    /// Chemin dans le dossier de la collecte.
    #[schema(example = "web_service/station_status.json")]
    path: String,
    /// Longueur, en octets.
    #[schema(example = 9120)]
    bytes: u64,
    /// Empreinte SHA-256, en hexadécimal.
    #[schema(min_length = 64, max_length = 64)]
    sha256: String,
}

impl Item for RunItem {
    type Cursor = String;
    const FIELDS: &'static [&'static str] = &[
        "run_id",
        "profile",
        "program_version",
        "started_at",
        "ended_at",
        "sources",
    ];
    const PAGE: &'static str = "RunPage";
    const DESCRIPTIONS: [&'static str; 2] = [
        "Une page de collectes.",
        "Les collectes, la plus récente d’abord.",
    ];

    fn cursor(&self) -> String {
        self.run_id.clone()
    }
}

type RunPage = ListPage<RunItem>;

/// Lister les collectes
///
/// Le lignage des données : chaque collecte, ses sources, ses fichiers et leurs empreintes, la plus
/// récente d’abord.
#[utoipa::path(
    get, path = "/v1/runs", tag = "Qualité et lignage", security(("oauth2" = ["quality:read"])), params(ListParameters),
    responses(
        (status = 200, description = "Une page de collectes", content((RunPage = "application/json"), (String = "text/csv")), headers(
            ("ETag" = String, description = "Révision de la liste"),
            ("Link" = String, description = "Adresse de la page suivante (rel=\"next\"), s’il y en a une"),
        )),
        ListAnswers,
    ),
)]
pub(crate) async fn list_runs(
    access: Require<QualityRead>,
    list: ListRequest<NoParameters, RunItem>,
) -> Result<Response, Problem> {
    let rows = async |database: &Database| {
        database
            .runs(list.after.as_deref(), list.rows_to_read())
            .await
    };

    list.answer(access, Resource::Runs, rows, RunItem::from)
        .await
}

/// Lire une collecte
///
/// Une collecte par son nom, avec ses sources, ses fichiers et leurs empreintes.
#[utoipa::path(
    get, path = "/v1/runs/{run_id}", tag = "Qualité et lignage", security(("oauth2" = ["quality:read"])),
    params(("run_id" = String, Path, description = "Nom de la collecte", example = "20260301T080000Z", min_length = 1)),
    responses(
        (status = 200, description = "La collecte", body = RunItem,
            headers(("ETag" = String, description = "Révision des collectes"))),
        NotModified,
        filrouge_http::problem::InvalidParameter, filrouge_http::problem::NotFound,
        filrouge_http::problem::Protected,
    ),
)]
pub(crate) async fn find_run(
    _access: Require<QualityRead>,
    Path(run_id): Path<String>,
    State(database): State<Database>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    // As for a station: the tag first.
    let revision = Revision::of(&database, Resource::Runs).await?;
    let absent = || Problem::not_found("cette collecte n’existe pas");

    // PostgreSQL's texts cannot hold a null character: no collection has one in its name.
    let run_id = Some(run_id)
        .filter(|run_id| !run_id.contains('\0'))
        .ok_or_else(absent)?;
    let run = database
        .find_run(&run_id)
        .await
        .map_err(database_failure)?
        .ok_or_else(absent)?;

    if let Some(answer) = revision.not_modified(&headers) {
        return Ok(answer);
    }
    Ok((json_headers(revision), axum::Json(RunItem::from(run))).into_response())
}

impl From<CollectionRun> for RunItem {
    fn from(run: CollectionRun) -> Self {
        let CollectionRun {
            run_id,
            profile,
            program_version,
            started_at,
            ended_at,
            sources,
        } = run;

        let sources = sources.into_iter().map(RunSource::from).collect();

        Self {
            run_id,
            profile,
            program_version,
            started_at,
            ended_at,
            sources,
        }
    }
}

impl From<CollectedSource> for RunSource {
    fn from(collected: CollectedSource) -> Self {
        let CollectedSource {
            source,
            address,
            succeeded,
            error,
            rows,
            bytes,
            files,
        } = collected;

        let files = files.into_iter().map(
            |CollectedFile {
                 path,
                 bytes,
                 sha256,
             }| RunFile {
                path,
                bytes,
                sha256,
            },
        );

        Self {
            source,
            address,
            succeeded,
            error,
            rows,
            bytes,
            files: files.collect(),
        }
    }
}
