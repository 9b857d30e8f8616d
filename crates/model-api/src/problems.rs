//! Errors of the service as clients read them.

use axum::http::StatusCode;
use filrouge_http::problem::{Responses, documented_response};
use filrouge_http::{Problem, ProblemType, problem};
use filrouge_model::champion::ChampionError;
use utoipa::IntoResponses;

use crate::deployment::NotReady;
use crate::engine::EngineError;
use crate::registry::ReloadError;

/// A request is well formed, and cannot be answered in the state of the service: another time, or
/// with another model, it could be.
pub(crate) static IMPOSSIBLE: ProblemType = ProblemType {
    path: "/problems/not-predictable",
    title: "Demande impossible pour le moment",
    status: StatusCode::CONFLICT,
    explanation: "La demande est bien formée, mais nomme une station inconnue du modèle, une heure qu’il ne peut pas prévoir, ou des données contraires à sa signature. « detail » dit jusqu’où il peut prévoir.",
};

/// The models are in a state that does not let the request through.
static MODEL_CONFLICT: ProblemType = ProblemType {
    path: "/problems/model-conflict",
    title: "Version du modèle refusée",
    status: StatusCode::CONFLICT,
    explanation: "La version demandée ne peut pas servir, ou aucune version ne la précède : celle qui servait continue. Le journal du service dit ce qui ne va pas dans son dossier.",
};

/// The kinds of error that this service alone answers.
pub(crate) static OWN: &[&ProblemType] = &[&IMPOSSIBLE, &MODEL_CONFLICT];

/// [`IMPOSSIBLE`], as OpenAPI tells it.
pub(crate) struct NotPredictable;

impl IntoResponses for NotPredictable {
    fn responses() -> Responses {
        [documented_response(
            "409",
            "Demande bien formée mais impossible : station inconnue, heure hors de la fenêtre ou \
             message contraire à la signature du modèle",
        )]
        .into()
    }
}

/// [`IMPOSSIBLE`] where counts are given, as OpenAPI tells it.
pub(crate) struct HourUnderWay;

impl IntoResponses for HourUnderWay {
    fn responses() -> Responses {
        [documented_response(
            "409",
            "Une heure n’est pas encore terminée",
        )]
        .into()
    }
}

/// [`MODEL_CONFLICT`], as OpenAPI tells it.
pub(crate) struct ModelConflict;

impl IntoResponses for ModelConflict {
    fn responses() -> Responses {
        [documented_response(
            "409",
            "La version ne peut pas servir, ou aucune version ne la précède",
        )]
        .into()
    }
}

impl From<NotReady> for Problem {
    fn from(not_ready: NotReady) -> Self {
        let reason = match not_ready {
            NotReady::Model => "le modèle n’est pas encore chargé",
            NotReady::Demand => "la demande récente n’est pas encore lue",
        };
        // A start takes seconds: the model is loaded, then the demand read.
        Self::new(&problem::NOT_READY, reason).with_retry_after(5)
    }
}

impl From<EngineError> for Problem {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Overloaded => Self::new(
                &problem::TOO_MANY_REQUESTS,
                "trop de prévisions attendent déjà le modèle",
            )
            // The queue holds less than a tenth of a second of work.
            .with_retry_after(1),
            error => Self::internal(&error),
        }
    }
}

impl From<ReloadError> for Problem {
    fn from(error: ReloadError) -> Self {
        match &error {
            ReloadError::Champion(error) => not_promotable(error),
            ReloadError::Unusable { version, .. } | ReloadError::Untrusted { version, .. } => {
                // The client reads that it was refused, the log alone reads the cause.
                tracing::warn!(%error, "a version was refused");
                let detail = format!(
                    "la version « {version} » ne peut pas servir : la version d’avant continue"
                );
                Self::new(&MODEL_CONFLICT, detail)
            }
            ReloadError::NothingToCompare => Self::from(NotReady::Demand),
        }
    }
}

fn not_promotable(error: &ChampionError) -> Problem {
    match error {
        ChampionError::NotAVersion { .. } => {
            Problem::not_found("ce n’est pas un nom de version").with_field("version")
        }
        ChampionError::NoSuchVersion { version, .. } => {
            Problem::not_found(format!("la version « {version} » n’existe pas"))
                .with_field("version")
        }
        ChampionError::NothingBefore(version) => Problem::new(
            &MODEL_CONFLICT,
            format!("aucune version n’était en service avant « {version} »"),
        ),
        error => unreadable_registry(error),
    }
}

/// The folder of the versions names no champion, or cannot be read.
pub(crate) fn unreadable_registry(error: &ChampionError) -> Problem {
    match error {
        ChampionError::Missing(_) => {
            Problem::new(&problem::NOT_READY, "aucune version n’a été promue").with_retry_after(60)
        }
        error => Problem::internal(error),
    }
}
