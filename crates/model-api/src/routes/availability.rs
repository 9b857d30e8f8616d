use axum::extract::State;
use filrouge_api_client::model::{AvailabilityAnswer, HourAvailability, StationAvailability};
use filrouge_http::{Json, Object, Problem, Require, problem};
use filrouge_model::Prediction;
use filrouge_model::availability::{HourChances, HourDemand, Stock};
use filrouge_types::{Hour, StationId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::cost::units;
use super::schema::{station_text, whole};
use crate::scopes::ModelPredict;
use crate::service::ModelApi;
use crate::snapshot::{ServingSnapshot, StationHourRequest};

/// The most stations of one request: a page of the application, and more.
const MOST_STATIONS: usize = 100;
/// The most hours: a day, after which trucks and habits tell more than the present.
const MOST_HOURS: u32 = 24;
/// The most bikes or docks of a station: the largest in service has fewer than 200.
const MOST_BIKES: u32 = 500;

/// Les stations dont on veut connaître les chances, et leur état présent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AvailabilityRequest {
    /// Heures à venir, de 1 à 24.
    #[serde(deserialize_with = "whole")]
    #[schema(minimum = 1, maximum = 24, example = 24)]
    hours: u32,
    /// De 1 à 100 stations.
    #[schema(value_type = Vec<PresentStock>, min_items = 1, max_items = 100)]
    items: Vec<Object<PresentStock>>,
}

/// Les vélos et les places d’une station, tels que l’API de données les donne.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PresentStock {
    /// Identifiant de la station.
    #[schema(schema_with = station_text)]
    station_id: StationId,
    /// Vélos à prendre.
    #[serde(deserialize_with = "whole")]
    #[schema(minimum = 0, maximum = 500, example = 7)]
    bikes: u32,
    /// Places libres.
    #[serde(deserialize_with = "whole")]
    #[schema(minimum = 0, maximum = 500, example = 13)]
    docks: u32,
}

/// Dire les chances de trouver un vélo ou une place
///
/// Pour chaque station, la probabilité qu’un vélo (une place) soit là au début de chacune des heures
/// à venir, d’après son état présent, les départs prévus et les arrivées habituelles. Une station que
/// le modèle ne connaît pas, ou dont les habitudes n’ont pas été apprises, a une liste vide : les
/// autres ont leurs chances. La liste s’arrête à la dernière heure que le modèle peut prévoir.
#[utoipa::path(
    post, path = "/v1/availability", tag = "Prévisions", security(("oauth2" = ["model:predict"])),
    request_body = AvailabilityRequest,
    responses(
        (status = 200, description = "Les chances de chaque station", body = AvailabilityAnswer),
        filrouge_http::problem::InvalidBody, filrouge_http::problem::Protected,
    ),
)]
pub(crate) async fn tell_availability(
    mut access: Require<ModelPredict>,
    State(service): State<ModelApi>,
    Json(request): Json<AvailabilityRequest>,
) -> Result<axum::Json<AvailabilityAnswer>, Problem> {
    check(&request)?;
    access.charge(units(request.items.len() * request.hours as usize))?;

    let snapshot = service.snapshot_for(&access.grant.client_id)?;
    let generated_at = service.now();
    let first = Hour::containing(generated_at);
    let hours: Vec<Hour> = (0..i64::from(request.hours))
        .map(|ahead| first + ahead)
        .collect();

    let asked = departures_of(&snapshot, &request, &hours);
    let flat: Vec<StationHourRequest> = asked.iter().flatten().cloned().collect();
    let mut departures = service.predict(snapshot.clone(), &flat).await?.into_iter();

    let stations = request.items.into_iter().zip(asked);
    let items = stations.map(|(Object(stock), asked)| {
        let demand = hour_demand(&snapshot, asked, &mut departures);
        station_availability(&service, stock, &demand)
    });
    Ok(axum::Json(AvailabilityAnswer {
        model_version: snapshot.model().version().to_owned(),
        generated_at,
        last_counted_hour: snapshot.demand().last_counted(),
        items: items.collect(),
    }))
}

fn check(request: &AvailabilityRequest) -> Result<(), Problem> {
    let invalid = |field: String, detail: String| {
        Problem::new(&problem::INVALID_BODY, detail).with_field(field)
    };
    if !(1..=MOST_HOURS).contains(&request.hours) {
        let detail = format!("{} heures : il en faut de 1 à {MOST_HOURS}", request.hours);
        return Err(invalid("hours".to_owned(), detail));
    }
    let count = request.items.len();
    if !(1..=MOST_STATIONS).contains(&count) {
        let detail = format!("{count} stations : il en faut de 1 à {MOST_STATIONS}");
        return Err(invalid("items".to_owned(), detail));
    }

    for (index, Object(stock)) in request.items.iter().enumerate() {
        for (field, number) in [("bikes", stock.bikes), ("docks", stock.docks)] {
            if number > MOST_BIKES {
                let detail = format!("{number} dépasse {MOST_BIKES}");
                return Err(invalid(format!("items[{index}].{field}"), detail));
            }
        }
    }
    Ok(())
}

/// The station-hours to predict, station by station: none of one that is not known.
fn departures_of(
    snapshot: &ServingSnapshot,
    request: &AvailabilityRequest,
    hours: &[Hour],
) -> Vec<Vec<StationHourRequest>> {
    let demand = snapshot.demand();

    let of_station = |Object(stock): &Object<PresentStock>| {
        let station = demand.position(&stock.station_id);
        let predictable = hours
            .iter()
            .take_while(|hour| demand.predictable().contains(hour));

        let request = |hour: &Hour| {
            Some(StationHourRequest {
                station_id: stock.station_id.clone(),
                station: station?,
                hour: *hour,
                weather: None,
            })
        };
        predictable.filter_map(request).collect()
    };

    request.items.iter().map(of_station).collect()
}

/// The demand of the hours asked for, of which `departures` gives the next ones.
fn hour_demand(
    snapshot: &ServingSnapshot,
    asked: Vec<StationHourRequest>,
    departures: &mut impl Iterator<Item = Prediction>,
) -> Vec<HourDemand> {
    let history = snapshot.demand().history();
    let demand = |(request, departures): (StationHourRequest, Prediction)| HourDemand {
        hour: request.hour,
        is_public_holiday: history.shared_conditions(request.hour).is_public_holiday == 1.0,
        departures,
    };
    asked.into_iter().zip(departures).map(demand).collect()
}

fn station_availability(
    service: &ModelApi,
    stock: PresentStock,
    demand: &[HourDemand],
) -> StationAvailability {
    let PresentStock {
        station_id,
        bikes,
        docks,
    } = stock;
    let profile = service.availability();
    let chances = profile.and_then(|habits| {
        habits.chances(&station_id, Stock { bikes, docks }, service.now(), demand)
    });

    StationAvailability {
        station_id,
        hours: chances
            .unwrap_or_default()
            .into_iter()
            .map(hour_availability)
            .collect(),
    }
}

fn hour_availability(chances: HourChances) -> HourAvailability {
    let HourChances {
        hour,
        bike,
        dock,
        bikes,
        bikes_p10,
        bikes_p90,
        arrivals,
    } = chances;
    HourAvailability {
        hour,
        bike,
        dock,
        bikes,
        bikes_p10,
        bikes_p90,
        arrivals,
    }
}
