use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, VARY};
use axum::response::{IntoResponse, Response};
use filrouge_database::{Database, Resource};
use filrouge_http::{Problem, Query, Require, problem};

use super::hours::PeriodParameters;
use crate::accept::{Media, negotiate};
use crate::documented::{BinaryFile, NotModified};
use crate::exports::{ExportRequest, Exports};
use crate::hour_items::StationHourItem;
use crate::revision::Revision;
use crate::scopes::DataExport;

/// Cost of reading a whole period, beside the unit of any request.
pub(super) const EXPORT_UNITS: u32 = 10;

/// Exporter les départs par station et par heure
///
/// Toutes les heures de la période en un fichier, au format choisi par l’en-tête `Accept` : CSV
/// (par défaut), Parquet, JSON (un tableau) ou Arrow IPC (en flux ou en fichier). Le fichier est
/// envoyé au fil de la lecture.
#[utoipa::path(
    get, path = "/v1/station-hours/export", tag = "Heures", security(("oauth2" = ["data:export"])),
    params(PeriodParameters),
    responses(
        (status = 200, description = "Le fichier", content(
            (String = "text/csv"),
            (BinaryFile = "application/vnd.apache.parquet"),
            (Vec<StationHourItem> = "application/json"),
            (BinaryFile = "application/vnd.apache.arrow.stream"),
            (BinaryFile = "application/vnd.apache.arrow.file"),
        ), headers(("ETag" = String, description = "Révision des heures"))),
        NotModified,
        filrouge_http::problem::InvalidParameter, filrouge_http::problem::NotAcceptable,
        filrouge_http::problem::Protected,
    ),
)]
pub(crate) async fn export_station_hours(
    mut access: Require<DataExport>,
    Query(period): Query<PeriodParameters>,
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

    access.charge(EXPORT_UNITS)?;
    let request = ExportRequest {
        filter: period.filter(),
        revision,
    };
    send_export(&exports, database, request)
}

/// Sends the file of a period while it is read.
pub(super) fn send_export(
    exports: &Exports,
    database: Database,
    request: ExportRequest,
) -> Result<Response, Problem> {
    let media = request.revision.media();
    let etag = [(ETAG, request.revision.etag())];
    let export = exports
        .begin(database, request)
        .ok_or_else(too_many_exports)?;

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
