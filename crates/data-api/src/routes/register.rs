use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use filrouge_database::Database;
use filrouge_database::gdpr::{Due, register};
use filrouge_http::{Problem, Query, Require};
use filrouge_types::Clock;
use serde::Serialize;
use utoipa::ToSchema;

use crate::failure::database_failure;
use crate::list::NoParameters;
use crate::scopes::GdprAdmin;

/// Le registre des activités de traitement (article 30 du RGPD).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RegisterBody {
    /// Qui répond des traitements : des rôles.
    #[schema(value_type = Object)]
    controller: &'static register::Controller,
    /// Comment et à quelle fréquence les durées sont appliquées.
    #[schema(value_type = Object)]
    purge: &'static register::PurgeRule,
    /// Les traitements, sur les rubriques du modèle de la CNIL.
    #[schema(value_type = Vec<Object>)]
    processings: &'static [register::Processing],
}

/// Lire le registre des traitements
///
/// Le registre que le programme applique : finalités, bases légales, données, durées, mesures de
/// sécurité.
#[utoipa::path(
    get, path = "/v1/gdpr/register", tag = "Données personnelles", security(("oauth2" = ["gdpr:admin"])),
    responses(
        (status = 200, description = "Le registre", body = RegisterBody),
        filrouge_http::problem::InvalidParameter, filrouge_http::problem::Protected,
    ),
)]
pub(crate) async fn read_register(
    _access: Require<GdprAdmin>,
    _parameters: Query<NoParameters>,
) -> Json<RegisterBody> {
    let register = register::embedded();
    Json(RegisterBody {
        controller: &register.controller,
        purge: &register.purge,
        processings: &register.processings,
    })
}

/// L’état des durées de conservation.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Retention {
    /// Instant de la dernière purge, UTC.
    #[schema(example = "2026-03-01T03:00:00Z")]
    #[serde(serialize_with = "filrouge_api_client::instant::write_optional")]
    last_purge_at: Option<DateTime<Utc>>,
    /// Heures entre deux purges automatiques.
    #[schema(example = 24)]
    every_hours: u32,
    /// Vrai si le journal des accès est intact.
    #[schema(example = true)]
    audit_log_is_whole: bool,
    /// Chaque règle, et ce que la prochaine purge effacera.
    items: Vec<RetentionItem>,
}

/// Une règle de conservation.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RetentionItem {
    /// Le traitement du registre.
    #[schema(example = "subscriber-statistics")]
    processing: String,
    /// La table.
    #[schema(example = "subscribers")]
    table: String,
    /// La colonne d’où court la durée.
    #[schema(example = "last_seen_at")]
    instant: String,
    /// La durée, en jours.
    #[schema(example = 30)]
    days: u32,
    /// Les lignes d’avant cet instant sont échues.
    #[schema(example = "2026-01-30T08:00:00Z")]
    #[serde(serialize_with = "filrouge_api_client::instant::write")]
    before: DateTime<Utc>,
    /// Combien de lignes sont échues.
    #[schema(example = 0)]
    rows: u64,
}

/// Lire l’état des durées de conservation
///
/// Chaque règle de tri, ce qui est échu, la dernière purge et l’intégrité du journal des accès.
#[utoipa::path(
    get, path = "/v1/gdpr/retention", tag = "Données personnelles", security(("oauth2" = ["gdpr:admin"])),
    responses(
        (status = 200, description = "L’état des durées de conservation", body = Retention),
        filrouge_http::problem::InvalidParameter, filrouge_http::problem::Protected,
    ),
)]
pub(crate) async fn read_retention(
    _access: Require<GdprAdmin>,
    _parameters: Query<NoParameters>,
    State(database): State<Database>,
    State(clock): State<Arc<dyn Clock>>,
) -> Result<Json<Retention>, Problem> {
    let retention = filrouge_personal_data::read_retention(&database, clock.now())
        .await
        .map_err(database_failure)?;

    Ok(Json(Retention {
        last_purge_at: retention.last_purge_at,
        every_hours: retention.every_hours,
        audit_log_is_whole: retention.audit_log_is_whole,
        items: retention.due.into_iter().map(RetentionItem::from).collect(),
    }))
}

impl From<Due> for RetentionItem {
    fn from(
        Due {
            processing,
            table,
            instant,
            days,
            before,
            rows,
        }: Due,
    ) -> Self {
        Self {
            processing,
            table,
            instant,
            days,
            before,
            rows,
        }
    }
}
