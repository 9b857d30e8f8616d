//! Answers of the model API, as the service writes them and its clients read them.

use chrono::{DateTime, Utc};
use filrouge_types::{Hour, StationId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Les prochaines heures d’une station.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Forecast {
    /// Identifiant de la station.
    #[schema(value_type = String, example = "RIV-001")]
    pub station_id: StationId,
    /// Version du modèle qui a prévu.
    #[schema(example = "2026-02-28-4f1c9a2e")]
    pub model_version: String,
    /// Instant de la prévision, UTC.
    pub generated_at: DateTime<Utc>,
    /// Dernière heure dont les départs sont comptés : ce que le modèle sait de plus récent.
    #[schema(value_type = String, format = DateTime, example = "2026-03-01T07:00:00Z")]
    pub last_counted_hour: Hour,
    /// Une prévision par heure, à partir de l’heure en cours.
    pub items: Vec<HourForecast>,
}

/// La demande prévue pendant une heure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct HourForecast {
    /// Début de l’heure, ISO 8601, UTC.
    #[schema(value_type = String, format = DateTime, example = "2026-03-01T08:00:00Z")]
    pub hour: Hour,
    /// Départs prévus : leur moyenne, ou à mi-chemin de la médiane aux heures qui comptent presque
    /// toujours zéro.
    #[schema(minimum = 0, example = 7.4)]
    pub demand: f32,
    /// Borne basse de l’intervalle à 80 %.
    #[schema(minimum = 0, example = 3.1)]
    pub demand_p10: f32,
    /// Borne haute de l’intervalle à 80 %.
    #[schema(minimum = 0, example = 12.0)]
    pub demand_p90: f32,
}

/// Des stations, et l’état présent de chacune.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AvailabilityQuestion {
    /// Heures à venir, de 1 à 24.
    pub hours: u32,
    /// De 1 à 100 stations.
    pub items: Vec<StationStock>,
}

/// Les vélos et les places d’une station en ce moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StationStock {
    /// Identifiant de la station.
    pub station_id: StationId,
    /// Vélos à prendre.
    pub bikes: u32,
    /// Places libres.
    pub docks: u32,
}

/// Les chances de trouver un vélo ou une place, heure par heure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AvailabilityAnswer {
    /// Version du modèle qui a prévu les départs.
    #[schema(example = "2026-02-28-4f1c9a2e")]
    pub model_version: String,
    /// Instant du calcul, UTC.
    pub generated_at: DateTime<Utc>,
    /// Dernière heure dont les départs sont comptés.
    #[schema(value_type = String, format = DateTime, example = "2026-03-01T07:00:00Z")]
    pub last_counted_hour: Hour,
    /// Une station par élément demandé, dans l’ordre de la demande.
    pub items: Vec<StationAvailability>,
}

/// Les chances d’une station.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StationAvailability {
    /// Identifiant de la station.
    #[schema(value_type = String, example = "RIV-001")]
    pub station_id: StationId,
    /// Une ligne par heure à venir ; vide quand la station, ou ses habitudes, ne sont pas connues.
    pub hours: Vec<HourAvailability>,
}

/// L’état probable d’une station au début d’une heure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct HourAvailability {
    /// Début de l’heure, ISO 8601, UTC.
    #[schema(value_type = String, format = DateTime, example = "2026-03-01T09:00:00Z")]
    pub hour: Hour,
    /// Probabilité qu’un vélo au moins soit là.
    #[schema(minimum = 0, maximum = 1, example = 0.93)]
    pub bike: f64,
    /// Probabilité qu’une place au moins soit libre.
    #[schema(minimum = 0, maximum = 1, example = 0.99)]
    pub dock: f64,
    /// Vélos attendus.
    #[schema(minimum = 0, example = 6.2)]
    pub bikes: f64,
    /// Borne basse de l’intervalle à 80 % du nombre de vélos.
    #[schema(minimum = 0, example = 3)]
    pub bikes_p10: u32,
    /// Borne haute de cet intervalle.
    #[schema(minimum = 0, example = 10)]
    pub bikes_p90: u32,
    /// Arrivées attendues pendant l’heure qui précède, qu’une place soit libre ou non.
    #[schema(minimum = 0, example = 2.4)]
    pub arrivals: f64,
}

/// L’état de surveillance du modèle en service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Monitoring {
    /// Version en service.
    pub model_version: String,
    /// Dernière heure comptée.
    #[schema(value_type = String, format = DateTime)]
    pub last_counted_hour: Hour,
    /// Les 24 dernières heures comptées.
    pub window: MonitoredDay,
    /// Écart de la demande totale de la ville sur ces heures, en proportion de celle que la
    /// régression de Poisson attend ; `null` quand il manque une heure, ou la régression.
    pub system_residual: Option<f64>,
    /// Jour par jour (UTC), du plus ancien au plus récent.
    pub days: Vec<MonitoredDay>,
    /// Les limites de contrôle d’un jour stable, d’après la validation à origine glissante.
    pub control_limits: Vec<ControlLimits>,
    /// Les mesures hors de leurs limites : elles demandent une action.
    pub alarms: Vec<RaisedAlarm>,
    /// Les entrées venues d’ailleurs : elles expliquent, elles n’alarment pas.
    pub inputs: Vec<MonitoredInput>,
    /// Prévisions dont le comptage n’est pas encore arrivé.
    pub pending_predictions: usize,
    /// Prévisions rapprochées de leur comptage.
    pub joined_predictions: u64,
}

/// La qualité réalisée d’une journée ; une mesure absente ne peut pas être calculée.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MonitoredDay {
    /// Première heure.
    #[schema(value_type = String, format = DateTime)]
    pub from: Hour,
    /// Prévisions comparées à la réalité.
    pub rows: usize,
    /// Erreur absolue moyenne, départs.
    pub mae: Option<f64>,
    /// Celle de la même heure une semaine plus tôt.
    pub last_week_mae: Option<f64>,
    /// Part de cette erreur que le modèle évite.
    pub skill: Option<f64>,
    /// Erreur absolue rapportée à l’écart-type de Poisson, la racine carrée de la demande prévue.
    pub relative_error: Option<f64>,
    /// Biais relatif : comptages sur prévisions, moins un, pondérés par l’inverse de leur variance
    /// relative.
    pub relative_bias: Option<f64>,
    /// Part des comptages dans l’intervalle à 80 %.
    pub coverage: Option<f64>,
    /// Dispersion horaire : logarithme de χ²/(h − 1) du profil de la journée, 0 quand les heures se
    /// partagent les départs comme prévu.
    pub hourly_dispersion: Option<f64>,
}

/// Les limites de contrôle d’une mesure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ControlLimits {
    /// `relative_error`, `relative_bias`, `coverage`, `hourly_dispersion` ou `system_residual`.
    #[schema(example = "coverage")]
    pub metric: String,
    /// Ligne centrale : la valeur d’un jour ordinaire.
    pub center: f64,
    /// En dessous, une alarme.
    pub lower: f64,
    /// Au-dessus, une alarme.
    pub upper: f64,
}

/// Une mesure hors de ses limites de contrôle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RaisedAlarm {
    /// La mesure.
    #[schema(example = "coverage")]
    pub metric: String,
    /// Ce qui a été mesuré.
    pub observed: f64,
    /// Ligne centrale : la valeur d’un jour ordinaire.
    pub center: f64,
}

/// Une entrée météo sur la dernière journée, à côté des quatre semaines d’avant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MonitoredInput {
    /// L’entrée.
    #[schema(example = "temperature")]
    pub input: String,
    /// Valeurs de la dernière journée.
    pub samples: usize,
    /// Part de valeurs absentes, de 0 à 1.
    pub missing_share: f64,
    /// Indice de stabilité de population.
    pub psi: Option<f64>,
    /// Ce que l’indice dépasse par hasard une fois sur cent, avec autant de valeurs.
    pub psi_threshold: Option<f64>,
    /// Distance de Kolmogorov–Smirnov.
    pub ks: Option<f64>,
    /// Divergence de Jensen–Shannon, en bits.
    pub js: Option<f64>,
    /// `frozen` (figée), `moved` (déplacée) ou `missing` (absente) ; `null` quand rien n’est
    /// étrange.
    pub warning: Option<String>,
}
