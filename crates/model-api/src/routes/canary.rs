use axum::extract::State;
use filrouge_http::{Json, Problem, Require};
use filrouge_types::Hour;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::canary_trial::{CanaryOutcome, CanaryTrial};
use crate::scopes::ModelAdmin;
use crate::service::ModelApi;

/// La version à juger à côté de la championne.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CanaryStart {
    /// Son nom.
    #[schema(min_length = 1, max_length = 100, example = "2026-02-28-4f1c9a2e")]
    version: String,
}

/// Un canari jugé, en cours ou terminé.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct JudgedCanary {
    /// La version.
    version: String,
    /// La championne à laquelle elle est comparée.
    champion: String,
    /// Ce qu’il en est : `running`, `promoted`, `rolled_back` ou `stopped`.
    outcome: CanaryOutcome,
    /// Part des clients à qui elle répond, en pour cent.
    percent: u8,
    /// Première heure comparée.
    #[schema(value_type = String, format = DateTime)]
    from: Hour,
    /// Jours entiers après lesquels le doute la retire.
    most_days: u16,
    /// Le dernier verdict ; absent avant la première lecture des données.
    verdict: Option<CanaryFigures>,
}

/// Le canari jugé, s’il y en a eu un.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LastCanary {
    /// Celui qui est en cours, sinon le dernier ; absent quand aucun n’a été jugé.
    canary: Option<JudgedCanary>,
}

/// Ce que dit la comparaison.
#[derive(Debug, Serialize, ToSchema)]
struct CanaryFigures {
    /// Pourquoi : `too_few_hours`, `slower`, `worse`, `better` ou `undecided`.
    #[schema(value_type = String)]
    reason: filrouge_model::canary::CanaryReason,
    /// Jours entiers comparés.
    days: u16,
    /// Heures comparées.
    paired_hours: usize,
    /// Erreur de la version sur celle de la championne.
    error_ratio: Option<f64>,
    /// Probabilité d’une telle erreur par hasard, si les deux se valaient (test de permutation apparié) :
    /// proche de 0 pour une version moins bonne, de 1 pour une meilleure.
    worse_by_chance: f64,
    /// Probabilité de tant de lenteurs si la version n’était pas plus lente que permis (test des signes).
    slow_by_chance: f64,
    /// Risque d’erreur que ce verdict s’accorde.
    significance: f64,
}

/// Lire le canari jugé
///
/// Celui qui est en cours, sinon le dernier qui l’a été. Les heures comparées une à une sont dans le
/// dossier des versions, `canaries/`.
#[utoipa::path(
    get, path = "/v1/admin/canary", tag = "Administration", security(("oauth2" = ["model:admin"])),
    responses(
        (status = 200, description = "Le canari, s’il y en a eu un", body = LastCanary),
        filrouge_http::problem::Protected,
    ),
)]
pub(crate) async fn read_canary(
    _access: Require<ModelAdmin>,
    State(service): State<ModelApi>,
) -> axum::Json<LastCanary> {
    let trial = service.deployer().last_trial();
    axum::Json(LastCanary {
        canary: trial.as_deref().map(JudgedCanary::from),
    })
}

/// Commencer un canari jugé
///
/// La version répond à une part des clients, et prévoit chaque heure à côté de la championne. Une fois
/// par jour, leurs erreurs et leurs durées sont comparées, dans les bornes que `gates.toml` écrit :
/// meilleure, elle est promue ; moins bonne, plus lente ou toujours douteuse, elle est retirée. Un
/// canari en cours est arrêté. `PUT /v1/admin/rollout` avec un corps vide (`{}`) arrête celui-ci.
#[utoipa::path(
    post, path = "/v1/admin/canary", tag = "Administration", security(("oauth2" = ["model:admin"])),
    request_body = CanaryStart,
    responses(
        (status = 200, description = "Le canari commencé", body = JudgedCanary),
        crate::problems::ModelConflict,
        filrouge_http::problem::InvalidBody, filrouge_http::problem::NotFound, filrouge_http::problem::Protected,
    ),
)]
pub(crate) async fn start_canary(
    _access: Require<ModelAdmin>,
    State(service): State<ModelApi>,
    Json(CanaryStart { version }): Json<CanaryStart>,
) -> Result<axum::Json<JudgedCanary>, Problem> {
    let trial = service.deployer().start_canary(version).await?;
    Ok(axum::Json(JudgedCanary::from(&trial)))
}

impl From<&CanaryTrial> for JudgedCanary {
    fn from(trial: &CanaryTrial) -> Self {
        let verdict = trial.verdict.map(|verdict| CanaryFigures {
            reason: verdict.reason,
            days: verdict.days,
            paired_hours: verdict.paired_hours,
            error_ratio: verdict.error_ratio,
            worse_by_chance: verdict.worse_by_chance,
            slow_by_chance: verdict.slow_by_chance,
            significance: verdict.significance,
        });

        Self {
            version: trial.version.clone(),
            champion: trial.champion.clone(),
            outcome: trial.outcome,
            percent: trial.bounds.most_clients_percent,
            from: trial.from,
            most_days: trial.bounds.most_days,
            verdict,
        }
    }
}
