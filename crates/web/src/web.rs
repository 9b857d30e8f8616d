//! The application: all that its pages are made from.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use filrouge_http::{Catalogue, Metrics};
use filrouge_types::{CityProfile, Clock};
use reqwest::Url;

use crate::config::WebConfig;
use crate::data_api::DataApi;
use crate::health;
use crate::model_api::ModelApi;
use crate::request_counts::RequestCounts;
use crate::service_state::{Probe, ServiceState};
use crate::upstream;

/// The application, from which pages are made.
#[derive(Clone)]
pub struct Web(Arc<Parts>);

struct Parts {
    data_api: DataApi,
    model_api: ModelApi,
    city: Arc<CityProfile>,
    clock: Arc<dyn Clock>,
    metrics: Metrics,
    probe: Probe,
    /// The services that the application reads, and their addresses.
    services: [(&'static str, Url); 2],
}

impl Web {
    /// Prepares the application; nothing is asked of the APIs yet.
    ///
    /// # Errors
    /// When the address of an API cannot be one, or the metrics cannot be made.
    pub fn new(config: &WebConfig) -> anyhow::Result<Self> {
        let data = upstream::client(config, &config.data_api, "data:read")?;
        let model = upstream::client(config, &config.model_api, "model:predict")?;

        Ok(Self(Arc::new(Parts {
            data_api: DataApi::new(data, Arc::clone(&config.clock)),
            model_api: ModelApi::new(model),
            city: Arc::new(config.city.clone()),
            clock: Arc::clone(&config.clock),
            metrics: Metrics::new("web", Arc::clone(&config.clock), &mut Catalogue::default())?,
            probe: Probe::new()?,
            services: [
                ("data-api", config.data_api.clone()),
                ("model-api", config.model_api.clone()),
            ],
        })))
    }

    pub(crate) fn data_api(&self) -> &DataApi {
        &self.0.data_api
    }

    pub(crate) fn model_api(&self) -> &ModelApi {
        &self.0.model_api
    }

    pub(crate) fn city(&self) -> Arc<CityProfile> {
        Arc::clone(&self.0.city)
    }

    pub(crate) fn metrics(&self) -> Metrics {
        self.0.metrics.clone()
    }

    /// The state of the application itself, then of the services that it reads.
    pub(crate) async fn service_states(&self) -> Vec<ServiceState> {
        let Parts {
            probe,
            services: [data_api, model_api],
            metrics,
            ..
        } = &*self.0;

        let own = ServiceState {
            name: "web",
            checks: Some(
                health::checks(self.clone())
                    .await
                    .into_iter()
                    .map(Into::into)
                    .collect(),
            ),
            requests: metrics.text().ok().map(|text| RequestCounts::read(&text)),
            last_hour: None,
        };
        let (data_api, model_api) = tokio::join!(
            probe.ask(data_api.0, &data_api.1),
            probe.ask(model_api.0, &model_api.1)
        );
        vec![own, data_api, model_api]
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.0.clock.now()
    }
}

impl std::fmt::Debug for Web {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Web")
    }
}
