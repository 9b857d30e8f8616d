use axum::response::Response;
use filrouge_database::{Database, FlowFilter, FlowPosition, Resource, TripFlow};
use filrouge_http::{FromParameters, Parameters, Problem, Require};
use filrouge_types::StationId;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::documented::ListAnswers;
use crate::list::{Item, ListPage, ListParameters, ListRequest};
use crate::scopes::DataRead;

/// Les trajets d’un mois entre deux stations.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TripFlowItem {
    /// Le mois.
    #[schema(example = "2026-03")]
    month: String,
    /// Station de départ.
    #[schema(value_type = String, example = "RIV-001")]
    origin: StationId,
    /// Station d’arrivée.
    #[schema(value_type = String, example = "RIV-002")]
    destination: StationId,
    /// Nombre de trajets, 5 au moins ; `null` si le compte est masqué pour ne montrer aucun petit
    /// groupe.
    #[schema(example = 37, minimum = 5)]
    trips: Option<u64>,
}

impl Item for TripFlowItem {
    type Cursor = FlowPosition;
    const FIELDS: &'static [&'static str] = &["month", "origin", "destination", "trips"];
    const PAGE: &'static str = "TripFlowPage";
    const DESCRIPTIONS: [&'static str; 2] = [
        "Une page de flux.",
        "Les flux, dans l’ordre (mois, départ, arrivée).",
    ];

    fn cursor(&self) -> FlowPosition {
        let month = read_month(&self.month).unwrap_or_default();
        FlowPosition {
            month,
            origin: self.origin.clone(),
            destination: self.destination.clone(),
        }
    }
}

/// Paramètres des flux.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct TripFlowParameters {
    /// Un seul mois.
    #[param(value_type = Option<String>, example = "2026-03", pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$")]
    month: Option<u32>,
    /// Une seule station de départ.
    #[param(
        value_type = Option<String>,
        example = "RIV-001",
        pattern = r"^[^\s\x00-\x1f\x7f-\x9f]([^\x00-\x1f\x7f-\x9f]{0,62}[^\s\x00-\x1f\x7f-\x9f])?$"
    )]
    origin: Option<StationId>,
    /// Une seule station d’arrivée.
    #[param(
        value_type = Option<String>,
        example = "RIV-002",
        pattern = r"^[^\s\x00-\x1f\x7f-\x9f]([^\x00-\x1f\x7f-\x9f]{0,62}[^\s\x00-\x1f\x7f-\x9f])?$"
    )]
    destination: Option<StationId>,
}

impl FromParameters for TripFlowParameters {
    fn from_parameters(parameters: &mut Parameters) -> Result<Self, Problem> {
        Ok(Self {
            month: parameters.take_with("month", "un mois tel que 2026-03", read_month)?,
            origin: parameters.take("origin", "un identifiant de station")?,
            destination: parameters.take("destination", "un identifiant de station")?,
        })
    }
}

impl TripFlowParameters {
    fn filter(&self) -> FlowFilter {
        FlowFilter {
            month: self.month,
            origin: self.origin.clone(),
            destination: self.destination.clone(),
        }
    }
}

/// `2026-03` as 202603.
fn read_month(text: &str) -> Option<u32> {
    let (year, month) = text.split_once('-')?;
    // `parse` alone would take a sign.
    let digits =
        |text: &str, count| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(year, 4) || !digits(month, 2) {
        return None;
    }
    let month: u32 = month
        .parse()
        .ok()
        .filter(|month| (1..=12).contains(month))?;
    Some(year.parse::<u32>().ok()? * 100 + month)
}

type TripFlowPage = ListPage<TripFlowItem>;

/// Lister les trajets par origine et destination
///
/// Comptes mensuels de trajets d’une station à une autre, tels que l’exploitant les publie, avant
/// nettoyage. Aucun groupe de moins de 5 trajets n’est montré, ni directement, ni par différence
/// avec les totaux : un compte masqué vaut `null`. Un couple sans trajet n’est pas listé.
#[utoipa::path(
    get, path = "/v1/trip-flows", tag = "Trajets", security(("oauth2" = ["data:read"])), params(TripFlowParameters, ListParameters),
    responses(
        (status = 200, description = "Une page de flux", content((TripFlowPage = "application/json"), (String = "text/csv")), headers(
            ("ETag" = String, description = "Révision de la liste"),
            ("Link" = String, description = "Adresse de la page suivante (rel=\"next\"), s’il y en a une"),
        )),
        ListAnswers,
    ),
)]
pub(crate) async fn list_trip_flows(
    access: Require<DataRead>,
    list: ListRequest<TripFlowParameters, TripFlowItem>,
) -> Result<Response, Problem> {
    let rows = async |database: &Database| {
        let filter = list.parameters.filter();
        database
            .trip_flows(&filter, list.after.as_ref(), list.rows_to_read())
            .await
    };

    list.answer(access, Resource::TripFlows, rows, TripFlowItem::from)
        .await
}

impl From<TripFlow> for TripFlowItem {
    fn from(
        TripFlow {
            month,
            origin,
            destination,
            trips,
        }: TripFlow,
    ) -> Self {
        Self {
            month: format!("{:04}-{:02}", month / 100, month % 100),
            origin,
            destination,
            trips,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::read_month;

    #[test]
    fn a_month_is_four_digits_and_two() {
        assert_eq!(read_month("2026-03"), Some(202_603));

        for bad in [
            "2026-13",
            "2026-00",
            "26-03",
            "2026-3",
            "+026-03",
            "2026/03",
            "",
            "2026-03-01",
        ] {
            assert_eq!(read_month(bad), None, "{bad}");
        }
    }
}
