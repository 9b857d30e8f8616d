use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, VARY};
use axum::response::{IntoResponse, Response};
use filrouge_database::{Database, Resource};
use filrouge_http::{Problem, Query, Require, problem};
use utoipa::{IntoParams, ToSchema};

use super::hours::Period;
use super::station_hours::StationHourItem;
use crate::accept::{Media, negotiate};
use crate::exports::{Exports, Subject};
use crate::revision::Revision;
use crate::scopes::DataExport;

/// Paramètres de l’export.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what `Period` reads")]
pub(crate) struct ExportParameters {
    /// Première heure, comprise  : celle qui commence à cet instant ou après lui. ISO 8601.
    #[param(value_type = Option<String>, format = DateTime, example = "2026-03-01T00:00:00Z")]
    from: Option<()>,
    /// Dernière heure, non comprise. ISO 8601.
    #[param(value_type = Option<String>, format = DateTime, example = "2026-03-02T00:00:00Z")]
    to: Option<()>,
}

/// Un fichier Parquet.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "describes the answer that `stream` sends")]
pub(crate) struct ParquetFile(Vec<u8>);

/// Des lots Arrow IPC.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "describes the answer that `stream` sends")]
pub(crate) struct ArrowFile(Vec<u8>);

/// Exporter les départs par station et par heure
///
/// Toutes les heures de la période en un fichier, au format choisi par l’en-tête `Accept` : CSV
/// (par défaut), Parquet, JSON (un tableau) ou Arrow IPC (en flux ou en fichier). Le fichier est
/// envoyé au fil de la lecture.
#[utoipa::path(
    get, path = "/v1/station-hours/export", tag = "Heures", security(("oauth2" = ["data:export"])),
    params(ExportParameters),
    responses(
        (status = 200, description = "Le fichier", content(
            (String = "text/csv"),
            (ParquetFile = "application/vnd.apache.parquet"),
            (Vec<StationHourItem> = "application/json"),
            (ArrowFile = "application/vnd.apache.arrow.stream"),
            (ArrowFile = "application/vnd.apache.arrow.file"),
        ), headers(("ETag" = String, description = "Révision des heures"))),
        (status = 304, description = "Rien n’a changé depuis la révision de If-None-Match"),
        filrouge_http::problem::InvalidParameter, filrouge_http::problem::NotAcceptable,
        filrouge_http::problem::Protected,
    ),
)]
pub(crate) async fn export_station_hours(
    _access: Require<DataExport>,
    Query(Period(filter)): Query<Period>,
    State(database): State<Database>,
    State(exports): State<Exports>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let media = negotiate(&headers, &Media::OF_EXPORTS)?;
    let revision = Revision::of(&database, Resource::StationHours)
        .await?
        .written_as(media);
    if let Some(answer) = revision.not_modified(&headers) {
        return Ok(answer);
    }
    answer(&exports, database, Subject { filter, revision })
}

/// The file of a period, sent as it is read.
pub(super) fn answer(
    exports: &Exports,
    database: Database,
    subject: Subject,
) -> Result<Response, Problem> {
    let (media, etag) = (subject.revision.media(), [(ETAG, subject.revision.etag())]);
    let export = exports.of(database, subject).ok_or_else(too_many_exports)?;

    let headers = [
        (CONTENT_TYPE, media.name().to_owned()),
        (
            CONTENT_DISPOSITION,
            format!(
                "attachment; filename=\"station-hours.{}\"",
                media.extension()
            ),
        ),
        (CACHE_CONTROL, "private, no-cache".to_owned()),
        (VARY, "Accept".to_owned()),
    ];

    Ok((etag, headers, export.stream()).into_response())
}

fn too_many_exports() -> Problem {
    Problem::new(
        &problem::OVERLOADED,
        "le service prépare déjà autant d’exports qu’il en accepte",
    )
    .with_retry_after(10)
}
