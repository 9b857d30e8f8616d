use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use chrono::TimeDelta;
use filrouge_database::disclosure::{PublishedTable, SMALLEST_GROUP};
use filrouge_database::gdpr::register;
use filrouge_database::{Database, SubscriberTable};
use filrouge_http::{FromParameters, Parameters, Problem, Query, Require};
use filrouge_types::Clock;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::failure::database_failure;
use crate::scopes::DataRead;

/// Days that a consent is worth when the register does not say.
const CONSENT_DAYS: u32 = 1095;

/// Comptes d’abonnés, petits groupes masqués.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SubscriberStatistics {
    /// Ce que les groupes sont : `district` ou `age_band`.
    #[schema(example = "district")]
    by: &'static str,
    /// Le plus petit groupe montré.
    #[schema(example = 5)]
    smallest_group: u64,
    /// Faux quand aucun masquage ne suffirait : rien n’est alors montré.
    #[schema(example = true)]
    published: bool,
    /// Les comptes, par groupe et par formule.
    items: Vec<SubscriberCount>,
}

/// Un compte d’abonnés.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SubscriberCount {
    /// Le quartier ou la tranche d’âge ; `autres` réunit les plus petits, `?` ceux dont on ne sait
    /// rien.
    #[schema(example = "Centre")]
    group: String,
    /// La formule.
    #[schema(example = "annual")]
    plan: String,
    /// Le nombre d’abonnés ; `null` s’il est masqué.
    #[schema(example = 112)]
    subscribers: Option<u64>,
}

/// Paramètres des statistiques d’abonnement.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct StatisticsParameters {
    /// Groupes : `district` (défaut), ou `age_band`, qui ne compte que les personnes qui y ont
    /// consenti.
    #[param(inline)]
    by: Option<GroupBy>,
}

/// Groupes d’abonnés.
#[derive(Debug, Clone, Copy, ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum GroupBy {
    District,
    AgeBand,
}

impl GroupBy {
    fn read(text: &str) -> Option<Self> {
        [Self::District, Self::AgeBand]
            .into_iter()
            .find(|by| by.name() == text)
    }

    fn name(self) -> &'static str {
        match self {
            Self::District => "district",
            Self::AgeBand => "age_band",
        }
    }

    fn table(self) -> SubscriberTable {
        match self {
            Self::District => SubscriberTable::DistrictByPlan,
            Self::AgeBand => SubscriberTable::AgeBandByPlan,
        }
    }
}

impl FromParameters for StatisticsParameters {
    fn from_parameters(parameters: &mut Parameters) -> Result<Self, Problem> {
        Ok(Self {
            by: parameters.take_with("by", "district ou age_band", GroupBy::read)?,
        })
    }
}

/// Lire les statistiques d’abonnement
///
/// Nombre d’abonnés par formule et par quartier, ou par tranche d’âge pour qui y a consenti. Aucun
/// groupe de moins de 5 personnes n’est montré, ni directement, ni par différence. Les personnes
/// qui ont fait limiter le traitement ne sont pas comptées.
#[utoipa::path(
    get, path = "/v1/subscribers/statistics", tag = "Abonnés", security(("oauth2" = ["data:read"])),
    params(StatisticsParameters),
    responses(
        (status = 200, description = "Les comptes", body = SubscriberStatistics),
        filrouge_http::problem::InvalidParameter, filrouge_http::problem::Protected,
    ),
)]
pub(crate) async fn read_statistics(
    _access: Require<DataRead>,
    Query(StatisticsParameters { by }): Query<StatisticsParameters>,
    State(database): State<Database>,
    State(clock): State<Arc<dyn Clock>>,
) -> Result<Json<SubscriberStatistics>, Problem> {
    let by = by.unwrap_or(GroupBy::District);
    let since = clock.now() - TimeDelta::days(i64::from(consent_days()));

    let counts = database
        .subscriber_table(by.table(), since)
        .await
        .map_err(database_failure)?;
    // Districts and age bands of a few people are added up, for their totals are public nowhere
    // else.
    let published = counts.published(true);

    Ok(Json(SubscriberStatistics {
        by: by.name(),
        smallest_group: SMALLEST_GROUP,
        published: published.is_some(),
        items: published.map(items).unwrap_or_default(),
    }))
}

/// A consent counts as long as the register keeps decisions.
fn consent_days() -> u32 {
    register::embedded()
        .retention_days("consents")
        .unwrap_or(CONSENT_DAYS)
}

fn items(
    PublishedTable {
        rows,
        columns,
        counts,
    }: PublishedTable,
) -> Vec<SubscriberCount> {
    let cells = rows.into_iter().zip(counts).flat_map(|(group, line)| {
        columns
            .iter()
            .zip(line)
            .map(move |(plan, subscribers)| SubscriberCount {
                group: group.clone(),
                plan: plan.clone(),
                subscribers,
            })
    });

    cells.collect()
}
