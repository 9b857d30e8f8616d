use axum::response::Response;
use chrono::{DateTime, Utc};
use filrouge_database::{Database, Event, EventPosition, Resource};
use filrouge_http::{FromParameters, Parameters, Problem, Require};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::documented::ListAnswers;
use crate::instant::take_instant;
use crate::list::{Item, ListPage, ListParameters, ListRequest};
use crate::scopes::DataRead;

/// Un événement de l’agenda.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EventItem {
    /// Identifiant dans l’agenda.
    #[schema(example = "EVT-20260301-1")]
    event_id: String,
    /// Titre.
    #[schema(example = "Grand marché")]
    title: Option<String>,
    /// Lieu.
    #[schema(example = "Place du Marché, Vieille-Ville")]
    place: Option<String>,
    /// Début, UTC.
    #[schema(example = "2026-03-01T07:00:00Z")]
    #[serde(serialize_with = "filrouge_api_client::instant::write")]
    starts_at: DateTime<Utc>,
    /// Fin, UTC.
    #[schema(example = "2026-03-01T12:00:00Z")]
    #[serde(serialize_with = "filrouge_api_client::instant::write_optional")]
    ends_at: Option<DateTime<Utc>>,
    /// Affluence attendue, en personnes.
    #[schema(example = 2550)]
    attendance: Option<u32>,
}

impl Item for EventItem {
    type Cursor = EventPosition;
    const FIELDS: &'static [&'static str] = &[
        "event_id",
        "title",
        "place",
        "starts_at",
        "ends_at",
        "attendance",
    ];
    const PAGE: &'static str = "EventPage";
    const DESCRIPTIONS: [&'static str; 2] = [
        "Une page d’événements.",
        "Les événements, dans l’ordre de leur début.",
    ];

    fn cursor(&self) -> EventPosition {
        (self.starts_at.timestamp(), self.event_id.clone())
    }
}

/// Paramètres de l’agenda.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct EventParameters {
    /// Événements qui ne sont pas finis à cet instant. ISO 8601.
    #[param(value_type = Option<String>, format = DateTime, example = "2026-03-01T00:00:00Z")]
    from: Option<DateTime<Utc>>,
    /// Événements qui commencent avant cet instant. ISO 8601.
    #[param(value_type = Option<String>, format = DateTime, example = "2026-03-08T00:00:00Z")]
    to: Option<DateTime<Utc>>,
}

impl FromParameters for EventParameters {
    fn from_parameters(parameters: &mut Parameters) -> Result<Self, Problem> {
        Ok(Self {
            from: take_instant(parameters, "from")?,
            to: take_instant(parameters, "to")?,
        })
    }
}

type EventPage = ListPage<EventItem>;

/// Lister les événements
///
/// Les événements de l’agenda de la ville, passés et à venir, dans l’ordre de leur début.
#[utoipa::path(
    get, path = "/v1/events", tag = "Contexte", security(("oauth2" = ["data:read"])), params(EventParameters, ListParameters),
    responses(
        (status = 200, description = "Une page d’événements", content((EventPage = "application/json"), (String = "text/csv")), headers(
            ("ETag" = String, description = "Révision de la liste"),
            ("Link" = String, description = "Adresse de la page suivante (rel=\"next\"), s’il y en a une"),
        )),
        ListAnswers,
    ),
)]
pub(crate) async fn list_events(
    access: Require<DataRead>,
    list: ListRequest<EventParameters, EventItem>,
) -> Result<Response, Problem> {
    let EventParameters { from, to } = list.parameters;
    let rows = async |database: &Database| {
        database
            .events(from, to, list.after.as_ref(), list.rows_to_read())
            .await
    };

    list.answer(access, Resource::Events, rows, EventItem::from)
        .await
}

impl From<Event> for EventItem {
    fn from(event: Event) -> Self {
        let Event {
            event_id,
            title,
            place,
            starts_at,
            ends_at,
            attendance,
        } = event;

        Self {
            event_id,
            title,
            place,
            starts_at,
            ends_at,
            attendance,
        }
    }
}
