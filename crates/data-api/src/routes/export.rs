use std::io::{self, Write};
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, VARY};
use axum::response::{IntoResponse, Response};
use filrouge_database::{Database, HourFilter, Position, Resource};
use filrouge_dataset::{Format, StationHourWriter};
use filrouge_http::{FromParameters, Parameters, Problem, Query, Require, problem};
use filrouge_types::StationHour;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use utoipa::{IntoParams, ToSchema};

use super::hours::{position_of, take_period};
use crate::accept::negotiate;
use crate::revision::Revision;
use crate::scopes::DataExport;

/// Rows read and written at a time: some 4 MB.
const BATCH: u32 = 32_768;
/// Batches and pieces that wait for a slower side: what bounds the memory of an export.
const WAITING: usize = 2;
/// Bytes gathered before they are sent.
const PIECE: usize = 64 * 1024;

/// Paramètres de l’export.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what `Period` reads")]
pub(crate) struct ExportParameters {
    /// Première heure, comprise : début d’heure en ISO 8601, UTC.
    #[param(value_type = Option<String>, format = DateTime, example = "2026-03-01T00:00:00Z")]
    from: Option<()>,
    /// Dernière heure, non comprise : début d’heure en ISO 8601, UTC.
    #[param(value_type = Option<String>, format = DateTime, example = "2026-03-02T00:00:00Z")]
    to: Option<()>,
}

/// Un fichier Parquet.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "describes the answer that `stream` sends")]
pub(crate) struct ParquetFile(Vec<u8>);

/// Which hours to export.
#[derive(Debug)]
pub(crate) struct Period(HourFilter);

impl FromParameters for Period {
    fn from_parameters(parameters: &mut Parameters) -> Result<Self, Problem> {
        let (from, to) = take_period(parameters)?;
        Ok(Self(HourFilter { station_id: None, from, to }))
    }
}

/// Exporter les départs par station et par heure
///
/// Toutes les heures de la période en un fichier, au format choisi par l’en-tête `Accept` :
/// CSV (par défaut) ou Parquet. Le fichier est envoyé au fil de la lecture.
#[utoipa::path(
    get, path = "/v1/station-hours/export", tag = "Heures", security(("oauth2" = ["data:export"])),
    params(ExportParameters),
    responses(
        (status = 200, description = "Le fichier", content(
            (String = "text/csv"),
            (ParquetFile = "application/vnd.apache.parquet"),
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
    State(exports): State<Arc<Semaphore>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (format, media_type) = negotiate(&headers)?;
    let revision = Revision::of(&database, Resource::StationHours).await?;
    if let Some(answer) = revision.not_modified(&headers) {
        return Ok(answer);
    }
    let permit = exports.try_acquire_owned().map_err(|_| too_many_exports())?;
    let body = stream(database, filter, format, permit);
    let headers = [
        (CONTENT_TYPE, media_type),
        (CONTENT_DISPOSITION, disposition(format)),
        (CACHE_CONTROL, "private, no-cache"),
        (VARY, "Accept"),
    ];
    Ok(([(ETAG, revision.etag())], headers, body).into_response())
}

/// Reading, encoding and sending go on side by side, each waiting for the next: a slow client slows
/// its own export, and one that goes away ends it.
fn stream(database: Database, filter: HourFilter, format: Format, permit: OwnedSemaphorePermit) -> Body {
    let (batches, batches_read) = mpsc::channel(WAITING);
    let (pieces, pieces_read) = mpsc::channel(WAITING);
    tokio::spawn(read(database, filter, batches));
    tokio::task::spawn_blocking(move || {
        let _permit = permit;
        if let Err(error) = encode(batches_read, format, pieces.clone()) {
            tracing::warn!(%error, "export stopped");
            // Breaks the answer off, so that the client does not take it for a whole file.
            let _ = pieces.blocking_send(Err(error));
        }
    });
    Body::from_stream(futures::stream::unfold(pieces_read, |mut pieces| async { Some((pieces.recv().await?, pieces)) }))
}

type Batch = io::Result<Vec<StationHour>>;

async fn read(database: Database, filter: HourFilter, batches: mpsc::Sender<Batch>) {
    let mut after: Option<Position> = None;
    loop {
        let batch = database.station_hours(&filter, after.as_ref(), BATCH).await.map_err(io::Error::other);
        let last = batch.as_ref().ok().and_then(|rows| rows.last()).map(|row| position_of(&row.conditions));
        let is_last = batch.as_ref().map_or(true, |rows| rows.len() < BATCH as usize);
        if batches.send(batch).await.is_err() || is_last {
            return;
        }
        after = last;
    }
}

fn encode(
    mut batches: mpsc::Receiver<Batch>,
    format: Format,
    pieces: mpsc::Sender<io::Result<Bytes>>,
) -> io::Result<()> {
    let sink = io::BufWriter::with_capacity(PIECE, Pieces(pieces));
    let mut writer = StationHourWriter::new(sink, format)?;
    while let Some(batch) = batches.blocking_recv() {
        writer.write(&batch?)?;
    }
    writer.finish()
}

/// A sink that sends what it is given.
struct Pieces(mpsc::Sender<io::Result<Bytes>>);

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let piece = Ok(Bytes::copy_from_slice(bytes));
        self.0.blocking_send(piece).map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn disposition(format: Format) -> &'static str {
    match format {
        Format::Csv => "attachment; filename=\"station-hours.csv\"",
        Format::Parquet => "attachment; filename=\"station-hours.parquet\"",
    }
}

fn too_many_exports() -> Problem {
    Problem::new(&problem::OVERLOADED, "le service prépare déjà autant d’exports qu’il en accepte").with_retry_after(10)
}
