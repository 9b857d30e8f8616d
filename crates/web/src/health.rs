//! The checks of readiness.

use chrono::SecondsFormat;
use filrouge_http::HealthCheck;

use crate::data_api::DataApi;

/// The stations that pages show, and their age.
pub(crate) async fn checks(data_api: &DataApi) -> Vec<HealthCheck> {
    let Ok(latest) = data_api.stations().await else {
        let detail = "l’API de données n’a pas encore répondu";
        return vec![HealthCheck::failed("stations", detail)];
    };
    // Pages show older figures with their age: they are of use all the same.
    if latest.is_current {
        return vec![HealthCheck::ok("stations")];
    }

    let read_at = latest.stations.read_at;
    let read_at = read_at.to_rfc3339_opts(SecondsFormat::Secs, true);
    let detail = format!("l’API de données ne répond plus ; dernière lecture {read_at}");
    vec![HealthCheck::degraded("stations", detail)]
}
