use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use filrouge_api_client::data::StationItem;
use filrouge_database::{Database, Resource, StationFilter, StationRecord};
use filrouge_http::{FromParameters, Parameters, Path, Problem, Require};
use filrouge_types::StationId;
use utoipa::{IntoParams, ToSchema};

use super::hours::take_district;
use crate::documented::{ListAnswers, NotModified};
use crate::failure::database_failure;
use crate::list::{Item, ListPage, ListParameters, ListRequest, json_headers};
use crate::revision::Revision;
use crate::scopes::DataRead;

impl Item for StationItem {
    type Cursor = StationId;
    const FIELDS: &'static [&'static str] = &[
        "station_id",
        "name",
        "district",
        "latitude",
        "longitude",
        "capacity",
        "bikes_available",
        "docks_available",
        "reported_at",
    ];
    const PAGE: &'static str = "StationPage";
    const DESCRIPTIONS: [&'static str; 2] = [
        "Une page de stations.",
        "Les stations, dans l’ordre de leur identifiant.",
    ];

    fn cursor(&self) -> StationId {
        self.station_id.clone()
    }
}

/// Paramètres de la liste des stations.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct StationParameters {
    /// Les stations d’un seul quartier.
    #[param(example = "Centre")]
    district: Option<String>,
    /// Ordre : `station_id` (défaut) ou `-station_id`.
    #[param(inline)]
    sort: Option<StationSort>,
}

/// Ordre de la liste des stations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
pub(crate) enum StationSort {
    #[schema(rename = "station_id")]
    FirstFirst,
    #[schema(rename = "-station_id")]
    LastFirst,
}

impl StationSort {
    fn read(text: &str) -> Option<Self> {
        match text {
            "station_id" => Some(Self::FirstFirst),
            "-station_id" => Some(Self::LastFirst),
            _ => None,
        }
    }
}

impl FromParameters for StationParameters {
    fn from_parameters(parameters: &mut Parameters) -> Result<Self, Problem> {
        Ok(Self {
            district: take_district(parameters),
            sort: parameters.take_with("sort", "station_id ou -station_id", StationSort::read)?,
        })
    }
}

impl StationParameters {
    fn filter(&self) -> StationFilter {
        StationFilter {
            district: self.district.clone(),
            last_first: self.sort == Some(StationSort::LastFirst),
        }
    }
}

type StationPage = ListPage<StationItem>;

/// Lister les stations
///
/// Toutes les stations, dans l’ordre de leur identifiant, avec leur dernière disponibilité
/// déclarée.
#[utoipa::path(
    get, path = "/v1/stations", tag = "Stations", security(("oauth2" = ["data:read"])), params(StationParameters, ListParameters),
    responses(
        (status = 200, description = "Une page de stations", content((StationPage = "application/json"), (String = "text/csv")), headers(
            ("ETag" = String, description = "Révision de la liste"),
            ("Link" = String, description = "Adresse de la page suivante (rel=\"next\"), s’il y en a une"),
        )),
        ListAnswers,
    ),
)]
pub(crate) async fn list_stations(
    access: Require<DataRead>,
    list: ListRequest<StationParameters, StationItem>,
) -> Result<Response, Problem> {
    let rows = async |database: &Database| {
        let filter = list.parameters.filter();
        database
            .find_stations(&filter, list.after.as_ref(), list.rows_to_read())
            .await
    };

    list.answer(access, Resource::Stations, rows, station_item)
        .await
}

/// Lire une station
///
/// Une station par son identifiant, avec sa dernière disponibilité déclarée.
#[utoipa::path(
    get, path = "/v1/stations/{station_id}", tag = "Stations", security(("oauth2" = ["data:read"])),
    params(("station_id" = String, Path, description = "Identifiant de la station", example = "RIV-001",
        pattern = r"^[^\s\x00-\x1f\x7f-\x9f]([^\x00-\x1f\x7f-\x9f]{0,62}[^\s\x00-\x1f\x7f-\x9f])?$")),
    responses(
        (status = 200, description = "La station", body = StationItem,
            headers(("ETag" = String, description = "Révision des stations"))),
        NotModified,
        filrouge_http::problem::InvalidParameter, filrouge_http::problem::NotFound,
        filrouge_http::problem::Protected,
    ),
)]
pub(crate) async fn find_station(
    _access: Require<DataRead>,
    Path(station_id): Path<StationId>,
    State(database): State<Database>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    // Read before the row: an answer is never older than its tag says.
    let revision = Revision::of(&database, Resource::Stations).await?;
    let record = database
        .find_station(&station_id)
        .await
        .map_err(database_failure)?
        .ok_or_else(|| Problem::not_found(format!("la station « {station_id} » n’existe pas")))?;

    if let Some(answer) = revision.not_modified(&headers) {
        return Ok(answer);
    }

    Ok((json_headers(revision), axum::Json(station_item(record))).into_response())
}

fn station_item(StationRecord { station, status }: StationRecord) -> StationItem {
    StationItem {
        station_id: station.station_id,
        name: station.name,
        district: station.district,
        latitude: station.latitude,
        longitude: station.longitude,
        capacity: station.capacity,
        bikes_available: status.as_ref().map(|status| status.bikes_available),
        docks_available: status.as_ref().map(|status| status.docks_available),
        reported_at: status.map(|status| status.reported_at),
    }
}
