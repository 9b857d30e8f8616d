use axum::extract::State;
use chrono::{DateTime, Utc};
use filrouge_http::{Problem, Require};
use filrouge_model::{FEATURE_COUNT, TrainingWindow};
use filrouge_types::Hour;
use serde::Serialize;
use utoipa::ToSchema;

use crate::loaded_model::LoadedModel;
use crate::scopes::ModelPredict;
use crate::service::ModelApi;

/// Le modèle en service.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ModelCard {
    /// Version en service.
    #[schema(example = "2026-02-28-4f1c9a2e")]
    version: String,
    /// Instant de l’entraînement, UTC.
    created_at: DateTime<Utc>,
    /// Version du programme qui l’a entraîné.
    program_version: String,
    /// Empreinte SHA-256 du fichier ONNX.
    model_sha256: String,
    /// Empreinte SHA-256 des lignes apprises.
    dataset_sha256: String,
    /// Fuseau horaire des habitudes.
    time_zone: String,
    /// Ce qu’il a appris.
    training: Training,
    /// Qualité mesurée sur des heures jamais vues (origine glissante).
    quality: ModelQuality,
    /// Entrée et sorties du graphe.
    signature: Signature,
    /// La fiche du modèle, en CommonMark ; absente d’une version qui n’en a pas.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    card: Option<String>,
}

/// Les lignes apprises.
#[derive(Debug, Serialize, ToSchema)]
struct Training {
    /// Première heure.
    #[schema(value_type = String, format = DateTime)]
    from: Hour,
    /// Dernière heure.
    #[schema(value_type = String, format = DateTime)]
    to: Hour,
    /// Lignes du jeu de données.
    rows: usize,
    /// Stations.
    stations: usize,
}

/// Erreurs et couverture.
#[derive(Debug, Serialize, ToSchema)]
struct ModelQuality {
    /// Lignes mesurées.
    rows: usize,
    /// Erreur absolue moyenne, départs.
    mae: f64,
    /// Erreur quadratique, départs.
    rmse: f64,
    /// Biais, départs : positif quand la prévision est trop haute.
    bias: f64,
    /// Part des comptages dans l’intervalle à 80 %, de 0 à 1.
    coverage_80: f64,
    /// Part de l’erreur de la meilleure référence naïve que le modèle évite ; absente sans
    /// référence.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    skill: Option<f64>,
}

/// Entrée et sorties du graphe ONNX.
#[derive(Debug, Serialize, ToSchema)]
struct Signature {
    /// Nom de l’entrée, float32 `[N, F]`.
    input: &'static str,
    /// Les F caractéristiques, dans l’ordre.
    features: Vec<String>,
    /// Les sorties, float32 `[N, 1]`.
    #[schema(value_type = Vec<String>)]
    outputs: [&'static str; 3],
}

/// Décrire le modèle en service
///
/// Sa fiche, ses mesures et sa signature.
#[utoipa::path(
    get, path = "/v1/model", tag = "Modèle", security(("oauth2" = ["model:predict"])),
    responses((status = 200, description = "Le modèle", body = ModelCard), filrouge_http::problem::Protected),
)]
pub(crate) async fn describe_model(
    _access: Require<ModelPredict>,
    State(service): State<ModelApi>,
) -> Result<axum::Json<ModelCard>, Problem> {
    let champion = service.champion()?;
    let card = champion.model().card().await;
    Ok(axum::Json(describe(champion.model(), card)))
}

fn describe(model: &LoadedModel, card: Option<String>) -> ModelCard {
    let description = model.description().clone();
    let TrainingWindow {
        from,
        to,
        rows,
        stations,
        ..
    } = description.training;

    let skill = description.evaluation.lowest_skill();
    let measures = description.evaluation.measures;

    debug_assert_eq!(
        description.feature_names.len(),
        FEATURE_COUNT,
        "checked when the version was loaded"
    );

    ModelCard {
        version: model.version().to_owned(),
        created_at: description.created_at,
        program_version: description.program_version,
        model_sha256: description.model_sha256,
        dataset_sha256: description.dataset_sha256,
        time_zone: description.time_zone,
        training: Training {
            from,
            to,
            rows,
            stations,
        },
        quality: ModelQuality {
            rows: description.evaluation.rows,
            mae: measures.mae,
            rmse: measures.rmse,
            bias: measures.bias,
            coverage_80: description.evaluation.coverage_80,
            skill,
        },
        signature: Signature {
            input: "features",
            features: description.feature_names,
            outputs: ["demand", "demand_p10", "demand_p90"],
        },
        card,
    }
}
