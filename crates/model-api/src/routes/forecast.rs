use axum::extract::State;
use filrouge_api_client::model::{Forecast, HourForecast};
use filrouge_http::{FromParameters, Parameters, Path, Problem, Query, Require, problem};
use filrouge_model::Prediction;
use filrouge_types::{Hour, StationId};
use utoipa::IntoParams;

use crate::demand::DemandSnapshot;
use crate::scopes::ModelPredict;
use crate::service::ModelApi;
use crate::snapshot::StationHourRequest;

/// Hours of a forecast when the client names no number.
const DEFAULT_HOURS: u32 = 24;
/// The most hours of a forecast.
const MOST_HOURS: u32 = 48;

/// Paramètres d’une prévision.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ForecastParameters {
    /// Nombre d’heures, de 1 à 48 ; 24 par défaut.
    #[param(
        required = false,
        minimum = 1,
        maximum = 48,
        default = 24,
        example = 24
    )]
    hours: u32,
}

impl FromParameters for ForecastParameters {
    fn from_parameters(parameters: &mut Parameters) -> Result<Self, Problem> {
        let read = |text: &str| {
            text.parse()
                .ok()
                .filter(|hours| (1..=MOST_HOURS).contains(hours))
        };
        let hours = parameters.take_with("hours", "un entier de 1 à 48", read)?;
        Ok(Self {
            hours: hours.unwrap_or(DEFAULT_HOURS),
        })
    }
}

/// Prévoir les prochaines heures d’une station
///
/// La demande attendue à partir de l’heure en cours, avec un intervalle à 80 %. La liste s’arrête à
/// la dernière heure que le modèle peut prévoir : elle est plus courte quand la demande récente
/// tarde à être comptée.
#[utoipa::path(
    get, path = "/v1/stations/{station_id}/forecast", tag = "Prévisions", security(("oauth2" = ["model:predict"])),
    params(
        ("station_id" = String, Path, description = "Identifiant de la station", min_length = 1, max_length = 64,
         example = "RIV-001", pattern = r"^[^\s\x00-\x1f\x7f-\x9f]([^\x00-\x1f\x7f-\x9f]{0,62}[^\s\x00-\x1f\x7f-\x9f])?$"),
        ForecastParameters,
    ),
    responses(
        (status = 200, description = "Les prévisions, heure par heure", body = Forecast),
        filrouge_http::problem::InvalidParameter, filrouge_http::problem::NotFound,
        filrouge_http::problem::Protected,
    ),
)]
pub(crate) async fn forecast_station(
    access: Require<ModelPredict>,
    State(service): State<ModelApi>,
    Path(station_id): Path<StationId>,
    Query(parameters): Query<ForecastParameters>,
) -> Result<axum::Json<Forecast>, Problem> {
    let snapshot = service.snapshot_for(&access.grant.client_id)?;
    let generated_at = service.now();
    // The hour under way is predicted too: it is not counted yet.
    let start = Hour::containing(generated_at);
    let hours = (0..i64::from(parameters.hours)).map(|ahead| start + ahead);
    let requests = predictable(snapshot.demand(), &station_id, hours)?;

    let model_version = snapshot.model().version().to_owned();
    let last_counted_hour = snapshot.demand().last_counted();
    let predictions = service.predict(snapshot, &requests).await?;
    let hours = requests.iter().map(|request| request.hour);
    Ok(axum::Json(Forecast {
        station_id,
        model_version,
        generated_at,
        last_counted_hour,
        items: hours.zip(predictions).map(hour_forecast).collect(),
    }))
}

/// Those of `hours` that can be predicted; a problem when there is none.
fn predictable(
    demand: &DemandSnapshot,
    station_id: &StationId,
    hours: impl Iterator<Item = Hour>,
) -> Result<Vec<StationHourRequest>, Problem> {
    let station = demand
        .position(station_id)
        .ok_or_else(|| Problem::not_found(format!("la station « {station_id} » est inconnue")))?;

    let requests: Vec<StationHourRequest> = hours
        .filter(|hour| demand.predictable().contains(hour))
        .map(|hour| StationHourRequest {
            station_id: station_id.clone(),
            station,
            hour,
            weather: None,
        })
        .collect();
    match requests.is_empty() {
        true => Err(too_old(demand.last_counted())),
        false => Ok(requests),
    }
}

fn hour_forecast((hour, prediction): (Hour, Prediction)) -> HourForecast {
    HourForecast {
        hour,
        demand: prediction.demand,
        demand_p10: prediction.demand_p10,
        demand_p90: prediction.demand_p90,
    }
}

fn too_old(last_counted: Hour) -> Problem {
    let detail = format!(
        "la dernière heure comptée, {last_counted}, est trop ancienne pour prévoir les prochaines"
    );
    // The next hour is counted within the hour, not within seconds.
    Problem::new(&problem::NOT_READY, detail).with_retry_after(60)
}
