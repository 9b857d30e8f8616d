//! The parameters of the lists of hours.

use filrouge_database::HourFilter;
use filrouge_http::{FromParameters, Parameters, Problem};
use filrouge_types::{Hour, StationId};
use utoipa::{IntoParams, ToSchema};

use crate::instant::take_hour;

/// Paramètres d’une liste d’heures.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct HourParameters {
    /// Une seule station, par son identifiant.
    #[param(
        value_type = Option<String>,
        example = "RIV-001",
        pattern = r"^[^\s\x00-\x1f\x7f-\x9f]([^\x00-\x1f\x7f-\x9f]{0,62}[^\s\x00-\x1f\x7f-\x9f])?$"
    )]
    station_id: Option<StationId>,
    /// Les stations d’un seul quartier.
    #[param(example = "Centre")]
    district: Option<String>,
    /// Première heure, comprise : celle qui commence à cet instant ou après lui. ISO 8601.
    #[param(value_type = Option<String>, format = DateTime, example = "2026-03-01T00:00:00Z")]
    from: Option<Hour>,
    /// Dernière heure, non comprise. ISO 8601.
    #[param(value_type = Option<String>, format = DateTime, example = "2026-03-02T00:00:00Z")]
    to: Option<Hour>,
    /// Ordre : `hour` (défaut) ou `-hour`, la plus récente d’abord.
    #[param(inline)]
    sort: Option<HourSort>,
}

/// Ordre d’une liste d’heures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
pub(crate) enum HourSort {
    #[schema(rename = "hour")]
    OldestFirst,
    #[schema(rename = "-hour")]
    NewestFirst,
}

impl HourSort {
    fn read(text: &str) -> Option<Self> {
        match text {
            "hour" => Some(Self::OldestFirst),
            "-hour" => Some(Self::NewestFirst),
            _ => None,
        }
    }
}

impl FromParameters for HourParameters {
    fn from_parameters(parameters: &mut Parameters) -> Result<Self, Problem> {
        Ok(Self {
            station_id: parameters.take("station_id", "un identifiant de station")?,
            district: take_district(parameters),
            from: take_hour(parameters, "from")?,
            to: take_hour(parameters, "to")?,
            sort: parameters.take_with("sort", "hour ou -hour", HourSort::read)?,
        })
    }
}

impl HourParameters {
    pub(super) fn filter(&self) -> HourFilter {
        HourFilter {
            station_id: self.station_id.clone(),
            district: self.district.clone(),
            from: self.from,
            to: self.to,
            newest_first: self.sort == Some(HourSort::NewestFirst),
        }
    }
}

/// Paramètres d’une période.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PeriodParameters {
    /// Première heure, comprise : celle qui commence à cet instant ou après lui. ISO 8601.
    #[param(value_type = Option<String>, format = DateTime, example = "2026-03-01T00:00:00Z")]
    from: Option<Hour>,
    /// Dernière heure, non comprise. ISO 8601.
    #[param(value_type = Option<String>, format = DateTime, example = "2026-03-02T00:00:00Z")]
    to: Option<Hour>,
}

impl FromParameters for PeriodParameters {
    fn from_parameters(parameters: &mut Parameters) -> Result<Self, Problem> {
        Ok(Self {
            from: take_hour(parameters, "from")?,
            to: take_hour(parameters, "to")?,
        })
    }
}

impl PeriodParameters {
    pub(super) fn filter(&self) -> HourFilter {
        HourFilter {
            from: self.from,
            to: self.to,
            ..HourFilter::default()
        }
    }
}

/// Takes a district: any text. PostgreSQL's texts cannot hold a null character, and no district's
/// name has one.
pub(super) fn take_district(parameters: &mut Parameters) -> Option<String> {
    parameters
        .take_text("district")
        .map(|text| text.replace('\0', "\u{FFFD}"))
}
