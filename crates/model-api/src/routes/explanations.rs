use std::sync::Arc;

use axum::extract::State;
use filrouge_http::{Json, Problem, Require};
use filrouge_model::{Explanation, FEATURE_COUNT, FEATURE_NAMES, ShapleyPermutations};
use filrouge_types::{Hour, StationId};
use serde::Serialize;
use utoipa::ToSchema;

use super::cost::units;
use super::predictions::StationHourKey;
use crate::scopes::ModelPredict;
use crate::service::ModelApi;

/// Pourquoi cette prévision.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StationHourExplanation {
    /// Version du modèle qui a prévu.
    model_version: String,
    /// Identifiant de la station.
    #[schema(value_type = String, example = "RIV-001")]
    station_id: StationId,
    /// Début de l’heure, ISO 8601, UTC.
    #[schema(value_type = String, format = DateTime, example = "2026-03-01T08:00:00Z")]
    hour: Hour,
    /// Départs prévus : leur moyenne, ou à mi-chemin de la médiane aux heures qui comptent presque
    /// toujours zéro.
    #[schema(minimum = 0)]
    demand: f64,
    /// Ce que le modèle prévoit d’une heure ordinaire : toutes les caractéristiques à leur médiane
    /// d’apprentissage.
    #[schema(minimum = 0)]
    base: f64,
    /// Ce que chaque caractéristique ajoute, de la plus forte à la plus faible ; `base` plus leur
    /// somme égale `demand`.
    contributions: Vec<Contribution>,
}

/// Ce qu’une caractéristique ajoute.
#[derive(Debug, Serialize, ToSchema)]
struct Contribution {
    /// La caractéristique.
    #[schema(example = "lag_168")]
    feature: &'static str,
    /// Sa valeur pour cette heure ; `null` quand elle manque.
    #[schema(value_type = Option<f32>)]
    value: Option<f32>,
    /// Départs ajoutés (ou retirés).
    contribution: f64,
}

/// Expliquer une prévision
///
/// La contribution de chaque caractéristique (valeurs de Shapley, estimées par des ordres tirés
/// d’une graine fixe) : la base et les contributions s’additionnent jusqu’à la prévision. Comme
/// pour une prévision, le client peut donner sa météo.
#[utoipa::path(
    post, path = "/v1/explanations", tag = "Prévisions", security(("oauth2" = ["model:predict"])),
    request_body = StationHourKey,
    responses(
        (status = 200, description = "L’explication", body = StationHourExplanation),
        crate::problems::NotPredictable,
        filrouge_http::problem::InvalidBody, filrouge_http::problem::Protected,
    ),
)]
pub(crate) async fn explain(
    mut access: Require<ModelPredict>,
    State(service): State<ModelApi>,
    Json(key): Json<StationHourKey>,
) -> Result<axum::Json<StationHourExplanation>, Problem> {
    let snapshot = service.snapshot_for(&access.grant.client_id)?;
    let request = key.find(snapshot.demand(), "")?;
    let mut rows = Vec::with_capacity(FEATURE_COUNT);
    snapshot.push_features(&mut rows, &request);
    let row: [f32; FEATURE_COUNT] = rows.try_into().map_err(|rows| Problem::internal(&rows))?;

    let model = Arc::clone(snapshot.model());
    let permutations = ShapleyPermutations::new(&row, &model.description().median_row());
    access.charge(units(permutations.rows().len() / FEATURE_COUNT))?;
    // Through the queue, like any prediction: an explanation is hundreds of rows.
    let predictions = service
        .predict_rows(Arc::clone(&model), permutations.rows().to_vec())
        .await?;
    let explanation = permutations
        .explanation(&predictions)
        .ok_or_else(|| Problem::internal(&"the model did not answer every row"))?;

    Ok(axum::Json(StationHourExplanation {
        model_version: model.version().to_owned(),
        station_id: request.station_id,
        hour: request.hour,
        demand: f64::from(explanation.prediction.demand),
        base: explanation.base,
        contributions: strongest_first(&row, &explanation),
    }))
}

fn strongest_first(row: &[f32], explanation: &Explanation) -> Vec<Contribution> {
    let named = FEATURE_NAMES
        .into_iter()
        .zip(row)
        .zip(explanation.contributions);
    let mut contributions: Vec<Contribution> = named
        .map(|((feature, value), contribution)| Contribution {
            feature,
            value: Some(*value).filter(|value| !value.is_nan()),
            contribution,
        })
        .collect();

    contributions.sort_by(|a, b| b.contribution.abs().total_cmp(&a.contribution.abs()));
    contributions
}
