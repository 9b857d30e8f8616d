use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};
use filrouge_database::Database;
use filrouge_database::gdpr::AuditEntry;
use filrouge_http::{Problem, Require};
use filrouge_personal_data::read_audit_log;
use filrouge_types::Clock;
use serde::Serialize;
use utoipa::ToSchema;

use crate::documented::ListFailures;
use crate::list::{Item, ListPage, ListParameters, ListRequest, NoParameters};
use crate::scopes::GdprAdmin;

/// Une lecture ou un changement de données personnelles.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditItem {
    /// Numéro de la ligne.
    #[schema(example = 42)]
    audit_id: i64,
    /// Instant, UTC.
    #[schema(example = "2026-03-01T08:00:00Z")]
    #[serde(serialize_with = "filrouge_api_client::instant::write")]
    at: DateTime<Utc>,
    /// Rôle ou programme.
    #[schema(example = "import")]
    actor: String,
    /// Action.
    #[schema(example = "export")]
    action: String,
    /// Traitement du registre.
    #[schema(example = "rights")]
    processing: Option<String>,
    /// Personne concernée, sous un pseudonyme propre au journal.
    subject: Option<String>,
    /// Nombre de personnes concernées.
    #[schema(example = 1)]
    people: u64,
}

impl Item for AuditItem {
    type Cursor = i64;
    const FIELDS: &'static [&'static str] = &[
        "audit_id",
        "at",
        "actor",
        "action",
        "processing",
        "subject",
        "people",
    ];
    const PAGE: &'static str = "AuditPage";
    const DESCRIPTIONS: [&'static str; 2] = [
        "Une page du journal des accès.",
        "Les lignes, la plus ancienne d’abord.",
    ];

    fn cursor(&self) -> i64 {
        self.audit_id
    }
}

type AuditPage = ListPage<AuditItem>;

/// Lire le journal des accès aux données personnelles
///
/// Qui a lu ou modifié des données personnelles, quand, et pour quel traitement. Le lire y ajoute
/// une ligne.
#[utoipa::path(
    get, path = "/v1/gdpr/audit-log", tag = "Données personnelles", security(("oauth2" = ["gdpr:admin"])),
    params(ListParameters),
    responses(
        (status = 200, description = "Une page du journal", content((AuditPage = "application/json"), (String = "text/csv")),
            headers(("Link" = String, description = "Adresse de la page suivante (rel=\"next\"), s’il y en a une"))),
        ListFailures,
    ),
)]
pub(crate) async fn list_audit_log(
    access: Require<GdprAdmin>,
    State(clock): State<Arc<dyn Clock>>,
    list: ListRequest<NoParameters, AuditItem>,
) -> Result<Response, Problem> {
    // The client, not the person: tokens are given to programs.
    let actor = format!("api:{}", access.grant.client_id);
    let rows = async |database: &Database| {
        read_audit_log(
            database,
            &actor,
            clock.now(),
            list.after,
            list.rows_to_read(),
        )
        .await
    };

    list.answer_anew(access, rows, AuditItem::from).await
}

impl From<AuditEntry> for AuditItem {
    fn from(entry: AuditEntry) -> Self {
        let AuditEntry {
            audit_id,
            at,
            actor,
            action,
            processing,
            subject,
            people,
        } = entry;

        Self {
            audit_id,
            at,
            actor,
            action,
            processing,
            subject,
            people,
        }
    }
}
