//! Answers of the data API, as the service writes them and its clients read them.

use chrono::{DateTime, Utc};
use filrouge_types::StationId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Une station et sa disponibilité.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StationItem {
    /// Identifiant chez l’exploitant.
    #[schema(value_type = String, example = "RIV-001", min_length = 1, max_length = 64)]
    pub station_id: StationId,
    /// Nom affiché sur la borne.
    #[schema(example = "Gare centrale")]
    pub name: String,
    /// Quartier, s’il est connu.
    #[schema(example = "Centre")]
    pub district: Option<String>,
    /// Latitude WGS 84, en degrés.
    #[schema(example = 45.601, minimum = -90, maximum = 90)]
    pub latitude: f64,
    /// Longitude WGS 84, en degrés.
    #[schema(example = 4.102, minimum = -180, maximum = 180)]
    pub longitude: f64,
    /// Nombre de points d’attache.
    #[schema(example = 24)]
    pub capacity: u32,
    /// Vélos disponibles ; `null` si la station n’a rien déclaré.
    #[schema(example = 7)]
    pub bikes_available: Option<u32>,
    /// Places disponibles ; `null` si la station n’a rien déclaré.
    #[schema(example = 17)]
    pub docks_available: Option<u32>,
    /// Instant de la déclaration, UTC ; `null` s’il n’y en a pas.
    #[schema(example = "2026-03-01T08:05:00Z")]
    #[serde(serialize_with = "crate::instant::write_optional")]
    pub reported_at: Option<DateTime<Utc>>,
}
