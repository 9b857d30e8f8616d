use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use filrouge_database::{
    CleanedSource, Database, RejectPosition, RejectedRow, Resource, RuleCount,
};
use filrouge_http::{Problem, Query, Require};
use filrouge_types::Hour;
use serde::Serialize;
use utoipa::ToSchema;

use crate::documented::{ListAnswers, NotModified};
use crate::failure::database_failure;
use crate::list::{Item, ListPage, ListParameters, ListRequest, NoParameters, json_headers};
use crate::revision::Revision;
use crate::scopes::QualityRead;

/// Ce que le dernier nettoyage a fait.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QualityReport {
    /// Les sources, dans l’ordre de leur nom.
    sources: Vec<QualitySource>,
}

/// Ce que sont devenues les lignes d’une source : lues = gardées + écartées.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QualitySource {
    /// La source.
    #[schema(example = "lake")]
    source: String,
    /// Lignes lues.
    #[schema(example = 1000)]
    rows_read: u64,
    /// Lignes gardées.
    #[schema(example = 998)]
    rows_kept: u64,
    /// Lignes écartées.
    #[schema(example = 2)]
    rows_rejected: u64,
    /// Ce que chaque règle a trouvé.
    rules: Vec<QualityRule>,
}

/// Ce qu’une règle de nettoyage a trouvé dans une source.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QualityRule {
    /// La règle.
    #[schema(example = "duplicate_trip")]
    rule: String,
    /// Ce qu’elle fait : `rejected` (écarter), `repaired` (réparer), `reported` (signaler).
    #[schema(example = "rejected")]
    action: String,
    /// Nombre de lignes.
    #[schema(example = 2)]
    rows: u64,
}

/// Lire la qualité des données
///
/// Pour chaque source du dernier nettoyage, les lignes lues, gardées et écartées, et ce que chaque
/// règle a trouvé.
#[utoipa::path(
    get, path = "/v1/quality", tag = "Qualité et lignage", security(("oauth2" = ["quality:read"])),
    responses(
        (status = 200, description = "La qualité des données", body = QualityReport,
            headers(("ETag" = String, description = "Révision de la qualité"))),
        NotModified,
        filrouge_http::problem::InvalidParameter, filrouge_http::problem::Protected,
    ),
)]
pub(crate) async fn read_quality(
    _access: Require<QualityRead>,
    _parameters: Query<NoParameters>,
    State(database): State<Database>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let revision = Revision::of(&database, Resource::Quality).await?;
    if let Some(answer) = revision.not_modified(&headers) {
        return Ok(answer);
    }

    let sources = database.cleaned_sources().await.map_err(database_failure)?;
    let sources = sources.into_iter().map(QualitySource::from).collect();

    Ok((
        json_headers(revision),
        axum::Json(QualityReport { sources }),
    )
        .into_response())
}

impl From<CleanedSource> for QualitySource {
    fn from(cleaned: CleanedSource) -> Self {
        let CleanedSource {
            source,
            rows_read,
            rows_kept,
            rows_rejected,
            rules,
        } = cleaned;

        let rules = rules
            .into_iter()
            .map(|RuleCount { rule, action, rows }| QualityRule { rule, action, rows });

        Self {
            source,
            rows_read,
            rows_kept,
            rows_rejected,
            rules: rules.collect(),
        }
    }
}

/// Une ligne écartée par l’import.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RejectItem {
    /// Sa station, telle que le jeu de données la nomme.
    #[schema(example = "RIV-999")]
    station_id: String,
    /// Son heure, UTC.
    #[schema(value_type = String, format = DateTime, example = "2026-03-01T08:00:00Z")]
    hour: Hour,
    /// Pourquoi elle n’est pas en base.
    #[schema(example = "unknown station")]
    reason: String,
    /// Of the cursor alone: it changes with each import.
    #[serde(skip)]
    reject_id: i64,
}

impl Item for RejectItem {
    type Cursor = RejectPosition;
    const FIELDS: &'static [&'static str] = &["station_id", "hour", "reason"];
    const PAGE: &'static str = "RejectPage";
    const DESCRIPTIONS: [&'static str; 2] = [
        "Une page de lignes écartées.",
        "Les lignes, dans l’ordre (heure, station).",
    ];

    fn cursor(&self) -> RejectPosition {
        RejectPosition {
            hour: self.hour,
            station_id: self.station_id.clone(),
            reject_id: self.reject_id,
        }
    }
}

type RejectPage = ListPage<RejectItem>;

/// Lister les lignes écartées par l’import
///
/// Les lignes du jeu de données qu’une contrainte de la base a refusées, chacune avec sa raison.
#[utoipa::path(
    get, path = "/v1/quality/rejects", tag = "Qualité et lignage", security(("oauth2" = ["quality:read"])), params(ListParameters),
    responses(
        (status = 200, description = "Une page de lignes écartées", content((RejectPage = "application/json"), (String = "text/csv")), headers(
            ("ETag" = String, description = "Révision de la liste"),
            ("Link" = String, description = "Adresse de la page suivante (rel=\"next\"), s’il y en a une"),
        )),
        ListAnswers,
    ),
)]
pub(crate) async fn list_rejects(
    access: Require<QualityRead>,
    list: ListRequest<NoParameters, RejectItem>,
) -> Result<Response, Problem> {
    let rows = async |database: &Database| {
        database
            .rejected_rows(list.after.as_ref(), list.rows_to_read())
            .await
    };

    list.answer(access, Resource::StationHours, rows, RejectItem::from)
        .await
}

impl From<RejectedRow> for RejectItem {
    fn from(row: RejectedRow) -> Self {
        let RejectedRow {
            station_id,
            hour,
            reason,
            reject_id,
        } = row;

        Self {
            station_id,
            hour,
            reason,
            reject_id,
        }
    }
}
