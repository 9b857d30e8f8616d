use std::borrow::Cow;

use serde::Serialize;
use utoipa::ToSchema;

/// Une vérification de ce dont le service a besoin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct HealthCheck {
    /// Nom de la vérification.
    #[schema(example = "write")]
    pub name: &'static str,
    /// Son résultat.
    pub status: CheckStatus,
    /// Ce qui ne va pas, ou ce qu’il faut en savoir.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false, nullable = false)]
    pub detail: Option<Cow<'static, str>>,
}

/// Résultat d’une vérification : `ok`, `degraded` (le service sert, quelque chose est à regarder) ou
/// `failed` (le service ne peut pas faire son travail).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum CheckStatus {
    /// As it should be.
    Ok,
    /// The service serves; somebody should look.
    Degraded,
    /// The service cannot do its work.
    Failed,
}

impl HealthCheck {
    /// A check that found nothing to say.
    pub fn ok(name: &'static str) -> Self {
        Self {
            name,
            status: CheckStatus::Ok,
            detail: None,
        }
    }

    /// A check that found something to look at; `detail` is a French sentence.
    pub fn degraded(name: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self {
            name,
            status: CheckStatus::Degraded,
            detail: Some(detail.into()),
        }
    }

    /// A check without which the service cannot work; `detail` is a French sentence.
    pub fn failed(name: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self {
            name,
            status: CheckStatus::Failed,
            detail: Some(detail.into()),
        }
    }
}
