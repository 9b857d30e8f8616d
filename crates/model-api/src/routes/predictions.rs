use axum::extract::State;
use filrouge_http::{Json, Object, Problem, Require, problem};
use filrouge_model::Prediction;
use filrouge_types::{Hour, StationId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::cost::units;
use super::schema::{hour_text, present, station_text};
use super::weather::GivenWeather;
use crate::demand::DemandSnapshot;
use crate::problems::IMPOSSIBLE;
use crate::scopes::ModelPredict;
use crate::service::ModelApi;
use crate::snapshot::StationHourRequest;

/// The most station-hours of one request.
const MOST_ITEMS: usize = 1_000;

/// Les stations et les heures à prévoir.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PredictionRequest {
    /// De 1 à 1000 couples station et heure.
    #[schema(value_type = Vec<StationHourKey>, min_items = 1, max_items = 1000)]
    items: Vec<Object<StationHourKey>>,
}

/// Une station et une heure.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StationHourKey {
    /// Identifiant de la station.
    #[schema(schema_with = station_text)]
    station_id: StationId,
    /// Début de l’heure, ISO 8601, UTC.
    #[schema(schema_with = hour_text)]
    hour: Hour,
    /// La météo de cette heure, si le client la connaît mieux que le service.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<GivenWeather>, nullable = false)]
    weather: Option<Object<GivenWeather>>,
}

/// Les prévisions, dans l’ordre de la demande.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Predictions {
    /// Version du modèle qui a prévu.
    #[schema(example = "2026-02-28-4f1c9a2e")]
    model_version: String,
    /// Une prévision par couple demandé.
    items: Vec<StationHourPrediction>,
}

/// La demande prévue d’une station pendant une heure.
#[derive(Debug, Serialize, ToSchema)]
struct StationHourPrediction {
    /// Identifiant de la station.
    #[schema(value_type = String, example = "RIV-001")]
    station_id: StationId,
    /// Début de l’heure, ISO 8601, UTC.
    #[schema(value_type = String, format = DateTime, example = "2026-03-01T08:00:00Z")]
    hour: Hour,
    /// Départs prévus : leur moyenne, ou à mi-chemin de la médiane aux heures qui comptent presque
    /// toujours zéro.
    #[schema(minimum = 0, example = 7.4)]
    demand: f32,
    /// Borne basse de l’intervalle à 80 %.
    #[schema(minimum = 0, example = 3.1)]
    demand_p10: f32,
    /// Borne haute de l’intervalle à 80 %.
    #[schema(minimum = 0, example = 12.0)]
    demand_p90: f32,
}

/// Prévoir des départs
///
/// La demande attendue pour chaque couple station et heure, avec un intervalle à 80 %. La météo est
/// celle que le service connaît ; un client peut donner la sienne, en tout ou en partie : ce qu’il
/// donne remplace ce qui est connu de cette heure, et ne vaut que pour cette demande. Une station
/// inconnue ou une heure hors de la fenêtre fait refuser toute la demande ; « field » nomme la
/// première en cause, par exemple `items[3].hour`.
#[utoipa::path(
    post, path = "/v1/predictions", tag = "Prévisions", security(("oauth2" = ["model:predict"])),
    request_body = PredictionRequest,
    responses(
        (status = 200, description = "Les prévisions", body = Predictions),
        crate::problems::NotPredictable,
        filrouge_http::problem::InvalidBody, filrouge_http::problem::Protected,
    ),
)]
pub(crate) async fn predict(
    mut access: Require<ModelPredict>,
    State(service): State<ModelApi>,
    Json(request): Json<PredictionRequest>,
) -> Result<axum::Json<Predictions>, Problem> {
    access.charge(units(request.items.len()))?;
    let snapshot = service.snapshot_for(&access.grant.client_id)?;
    let requests = read_items(request, snapshot.demand())?;
    let model_version = snapshot.model().version().to_owned();

    let predictions = service.predict(snapshot, &requests).await?;
    let items = requests.into_iter().zip(predictions);
    Ok(axum::Json(Predictions {
        model_version,
        items: items.map(StationHourPrediction::from).collect(),
    }))
}

impl From<(StationHourRequest, Prediction)> for StationHourPrediction {
    fn from((request, prediction): (StationHourRequest, Prediction)) -> Self {
        Self {
            station_id: request.station_id,
            hour: request.hour,
            demand: prediction.demand,
            demand_p10: prediction.demand_p10,
            demand_p90: prediction.demand_p90,
        }
    }
}

fn read_items(
    request: PredictionRequest,
    demand: &DemandSnapshot,
) -> Result<Vec<StationHourRequest>, Problem> {
    let count = request.items.len();
    if !(1..=MOST_ITEMS).contains(&count) {
        let detail = format!("{count} éléments : il en faut de 1 à {MOST_ITEMS}");
        return Err(Problem::new(&problem::INVALID_BODY, detail).with_field("items"));
    }

    // The first key at fault refuses them all: half an answer would be taken for a whole one.
    let keys = request.items.into_iter().enumerate();
    keys.map(|(index, Object(key))| key.find(demand, &format!("items[{index}].")))
        .collect()
}

impl StationHourKey {
    /// The station-hour, when the station is known and the hour can be predicted; `place` is where
    /// the key stands in the body.
    pub(super) fn find(
        self,
        demand: &DemandSnapshot,
        place: &str,
    ) -> Result<StationHourRequest, Problem> {
        let impossible =
            |field, detail| Problem::new(&IMPOSSIBLE, detail).with_field(format!("{place}{field}"));
        let (station_id, hour, predictable) = (self.station_id, self.hour, demand.predictable());

        let Some(station) = demand.position(&station_id) else {
            let detail = format!("la station « {station_id} » est inconnue");
            return Err(impossible("station_id", detail));
        };
        if !predictable.contains(&hour) {
            let (first, last) = (predictable.start(), predictable.end());
            let detail = format!("{hour} ne peut pas être prévue : de {first} à {last}");
            return Err(impossible("hour", detail));
        }

        Ok(StationHourRequest {
            station_id,
            station,
            hour,
            weather: self.weather.map(|Object(weather)| weather.values()),
        })
    }
}
