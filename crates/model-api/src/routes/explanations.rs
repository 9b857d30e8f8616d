use axum::extract::State;
use filrouge_http::{Json, Problem, Require};
use filrouge_model::{Explanation, FEATURE_COUNT, FEATURE_NAMES, ShapleyPermutations};
use filrouge_types::{Hour, StationId};
use serde::Serialize;
use utoipa::ToSchema;

use super::ModelPredict;
use super::predictions::{StationHourKey, check_key};
use crate::ModelApi;
use crate::engine::Wanted;

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
        (status = 409, description = "Demande bien formée mais impossible : station inconnue ou heure hors de la fenêtre",
         body = filrouge_http::problem::ProblemBody<'static>, content_type = "application/problem+json"),
        filrouge_http::problem::InvalidBody, filrouge_http::problem::Protected,
    ),
)]
pub(crate) async fn explain(
    access: Require<ModelPredict>,
    State(service): State<ModelApi>,
    Json(key): Json<StationHourKey>,
) -> Result<axum::Json<StationHourExplanation>, Problem> {
    let serving = service.serving_for(&access.grant.client_id)?;
    let wanted = check_key(key, serving.knowledge(), "")?;
    let mut rows = Vec::with_capacity(FEATURE_COUNT);
    serving.fill(&mut rows, &wanted);
    let row: [f32; FEATURE_COUNT] = rows.try_into().map_err(|rows| Problem::internal(&rows))?;
    let champion = serving.champion().clone();
    let permutations = ShapleyPermutations::new(&row, &champion.description().usual_row());

    let predictions = service
        .predict_rows(champion.clone(), permutations.rows().to_vec())
        .await?;
    let explanation = permutations.explanation(&predictions);
    let explanation =
        explanation.ok_or_else(|| Problem::internal(&"the model did not answer every row"))?;

    Ok(axum::Json(answer(
        champion.version(),
        wanted,
        &row,
        &explanation,
    )))
}

fn answer(
    version: &str,
    Wanted {
        station_id, hour, ..
    }: Wanted,
    row: &[f32],
    explanation: &Explanation,
) -> StationHourExplanation {
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
    StationHourExplanation {
        model_version: version.to_owned(),
        station_id,
        hour,
        demand: f64::from(explanation.prediction.demand),
        base: explanation.base,
        contributions,
    }
}
