//! The checks of readiness.

use std::sync::Arc;
use std::time::Duration;

use chrono::SecondsFormat;
use filrouge_http::HealthCheck;

use crate::data_api::DataApi;
use crate::report_reader::ReportReader;

/// Time that the data API has to answer a check, which has less than a second in all.
const TIMEOUT: Duration = Duration::from_millis(500);

/// The stations that pages show, and the program that sorts reports.
pub(crate) async fn checks(
    data_api: &DataApi,
    reader: Option<Arc<dyn ReportReader>>,
) -> Vec<HealthCheck> {
    let stations = stations(data_api).await;
    let triage = reader.map(|reader| reader.state().check());

    [stations].into_iter().chain(triage).collect()
}

/// The stations, and their age.
async fn stations(data_api: &DataApi) -> HealthCheck {
    const NAME: &str = "stations";

    let Ok(latest) = data_api.stations_within(TIMEOUT).await else {
        return HealthCheck::failed(NAME, "l’API de données n’a pas encore répondu");
    };
    // Pages show older figures with their age: they are of use all the same.
    if latest.is_current {
        return HealthCheck::ok(NAME);
    }

    let read_at = latest.stations.read_at;
    let read_at = read_at.to_rfc3339_opts(SecondsFormat::Secs, true);
    HealthCheck::degraded(
        NAME,
        format!("l’API de données ne répond pas à temps ; dernière lecture {read_at}"),
    )
}
