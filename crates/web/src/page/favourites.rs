//! The stations that a person keeps at hand.

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use filrouge_accounts::AccountsError;
use filrouge_types::StationId;

use super::error::PageError;
use super::respond::lead_to;
use super::visit::Visitor;
use crate::frame::Frame;
use crate::web::Web;

/// `POST /favoris/{station_id}`: a station that exists, for who agreed that favourites be kept.
pub(crate) async fn add_favourite(
    State(web): State<Web>,
    Extension(t): Extension<Frame>,
    Visitor(visitor): Visitor,
    Path(station_id): Path<String>,
) -> Result<Response, PageError> {
    let station_id = read(&station_id)?;
    let latest = web.data_api().stations().await?;
    let known = latest.stations.find(&station_id);
    known.ok_or(PageError::UnknownStation)?;

    let kept = web
        .accounts()
        .add_favourite(&visitor.account_id, &station_id, web.now());
    match kept.await {
        Ok(()) => Ok(lead_to(&t, "/compte?fait=favori")),
        Err(AccountsError::NotFound) => Ok(lead_to(&t, "/compte?fait=favori-sans-accord")),
        Err(error) => Err(error.into()),
    }
}

/// `POST /favoris/{station_id}/fin`.
pub(crate) async fn remove_favourite(
    State(web): State<Web>,
    Extension(t): Extension<Frame>,
    Visitor(visitor): Visitor,
    Path(station_id): Path<String>,
) -> Result<Response, PageError> {
    let station_id = read(&station_id)?;
    let removed = web
        .accounts()
        .remove_favourite(&visitor.account_id, &station_id);
    removed.await?;
    Ok(lead_to(&t, "/compte?fait=favori"))
}

fn read(station_id: &str) -> Result<StationId, PageError> {
    station_id.parse().map_err(|_| PageError::UnknownStation)
}
