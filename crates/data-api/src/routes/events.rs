use axum::response::Response;
use chrono::{DateTime, Utc};
use filrouge_database::{Database, Event, EventPosition, Resource};
use filrouge_http::{FromParameters, Parameters, Problem, Query, Require};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::instant::take_instant;
use crate::list::{Ask, Item, List, ListParameters};
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
    #[serde(serialize_with = "crate::instant::write")]
    starts_at: DateTime<Utc>,
    /// Fin, UTC.
    #[schema(example = "2026-03-01T12:00:00Z")]
    #[serde(serialize_with = "crate::instant::write_optional")]
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

    fn cursor(&self) -> EventPosition {
        (self.starts_at.timestamp(), self.event_id.clone())
    }
}

/// Paramètres de l’agenda.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what `Period` reads")]
pub(crate) struct EventsParameters {
    /// Événements qui ne sont pas finis à cet instant. ISO 8601.
    #[param(value_type = Option<String>, format = DateTime, example = "2026-03-01T00:00:00Z")]
    from: Option<()>,
    /// Événements qui commencent avant cet instant. ISO 8601.
    #[param(value_type = Option<String>, format = DateTime, example = "2026-03-08T00:00:00Z")]
    to: Option<()>,
}

/// Which events.
#[derive(Debug)]
pub(crate) struct Period {
    from: Option<DateTime<Utc>>,
    to: Option<DateTime<Utc>>,
}

impl FromParameters for Period {
    fn from_parameters(parameters: &mut Parameters) -> Result<Self, Problem> {
        Ok(Self {
            from: take_instant(parameters, "from")?,
            to: take_instant(parameters, "to")?,
        })
    }
}

/// Une page d’événements.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the answer that `List::page` writes")]
pub(crate) struct EventPage {
    /// Les événements, dans l’ordre de leur début.
    items: Vec<EventItem>,
    /// Curseur de la page suivante ; `null` à la fin.
    next_cursor: Option<String>,
}

/// Lister les événements
///
/// Les événements de l’agenda de la ville, passés et à venir, dans l’ordre de leur début.
#[utoipa::path(
    get, path = "/v1/events", tag = "Contexte", security(("oauth2" = ["data:read"])), params(EventsParameters, ListParameters),
    responses(
        (status = 200, description = "Une page d’événements", content((EventPage = "application/json"), (String = "text/csv")), headers(
            ("ETag" = String, description = "Révision de la liste"),
            ("Link" = String, description = "Adresse de la page suivante (rel=\"next\"), s’il y en a une"),
        )),
        (status = 304, description = "Rien n’a changé depuis la révision de If-None-Match"),
        filrouge_http::problem::InvalidParameter, filrouge_http::problem::NotFound,
        filrouge_http::problem::NotAcceptable, filrouge_http::problem::Protected,
    ),
)]
pub(crate) async fn list_events(
    _access: Require<DataRead>,
    Query(list): Query<List<Period, EventItem>>,
    ask: Ask,
) -> Result<Response, Problem> {
    let Period { from, to } = list.filter;
    let rows = async |database: &Database| {
        database
            .events(from, to, list.after.as_ref(), list.rows_to_read())
            .await
    };
    ask.answer(&list, Resource::Events, rows, EventItem::from)
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
