//! The application: all that its pages are made from.

use std::sync::Arc;

use axum::http::HeaderMap;
use chrono::{DateTime, Utc};
use filrouge_accounts::{Accounts, Outbox, SignedIn};
use filrouge_http::{Catalogue, Metrics};
use filrouge_types::{CityProfile, Clock};
use url::Url;

use crate::attempts::Attempts;
use crate::config::WebConfig;
use crate::data_api::DataApi;
use crate::health;
use crate::model_api::ModelApi;
use crate::officer_api::OfficerApi;
use crate::quality_api::QualityApi;
use crate::report_reader::ReportReader;
use crate::request_counts::RequestCounts;
use crate::service_state::{Probe, ServiceState};
use crate::session_cookie::SessionCookie;
use crate::upstream;

/// The application, from which pages are made.
#[derive(Clone)]
pub struct Web(Arc<Parts>);

struct Parts {
    data_api: DataApi,
    model_api: ModelApi,
    quality_api: QualityApi,
    officer_api: OfficerApi,
    accounts: Accounts,
    outbox: Outbox,
    attempts: Attempts,
    report_reader: Option<Arc<dyn ReportReader>>,
    public_url: Option<Url>,
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
    /// When the address of an API cannot be one, or the metrics or the reader of reports cannot be
    /// made.
    pub fn new(config: &WebConfig) -> anyhow::Result<Self> {
        let of_data =
            |credential, scope| upstream::client(config, &config.data_api, credential, scope);
        let stations = of_data(&config.reader, "data:read")?;
        let quality = of_data(&config.operator, "quality:read")?;
        let personal_data = of_data(&config.officer, "gdpr:admin")?;
        let model = upstream::client(config, &config.model_api, &config.reader, "model:predict")?;

        let mut catalogue = Catalogue::default();
        let metrics = Metrics::new("web", Arc::clone(&config.clock), &mut catalogue)?;
        let report_reader = config
            .report_reader
            .as_ref()
            .map(|open| open(&mut catalogue))
            .transpose()?;

        Ok(Self(Arc::new(Parts {
            data_api: DataApi::new(stations, Arc::clone(&config.clock)),
            model_api: ModelApi::new(model),
            quality_api: QualityApi::new(quality),
            officer_api: OfficerApi::new(personal_data),
            accounts: config.accounts.clone(),
            outbox: config.outbox.clone(),
            attempts: Attempts::new(),
            report_reader,
            public_url: config.public_url.clone(),
            city: Arc::new(config.city.clone()),
            clock: Arc::clone(&config.clock),
            metrics,
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

    pub(crate) fn quality_api(&self) -> &QualityApi {
        &self.0.quality_api
    }

    pub(crate) fn officer_api(&self) -> &OfficerApi {
        &self.0.officer_api
    }

    pub(crate) fn accounts(&self) -> &Accounts {
        &self.0.accounts
    }

    pub(crate) fn outbox(&self) -> &Outbox {
        &self.0.outbox
    }

    pub(crate) fn attempts(&self) -> &Attempts {
        &self.0.attempts
    }

    pub(crate) fn report_reader(&self) -> Option<Arc<dyn ReportReader>> {
        self.0.report_reader.clone()
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
                health::checks(self.data_api(), self.report_reader())
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

    /// The address at which browsers see the application, when it is known.
    pub(crate) fn public_url(&self) -> Option<&Url> {
        self.0.public_url.as_ref()
    }

    /// True when requests come through a proxy of ours, which says where they come from.
    pub(crate) fn is_behind_proxy(&self) -> bool {
        self.0.public_url.is_some()
    }

    pub(crate) fn cookie(&self) -> SessionCookie {
        let scheme = self.0.public_url.as_ref().map(Url::scheme);
        SessionCookie {
            is_secure: scheme == Some("https"),
        }
    }

    /// Whose session a request belongs to. Accounts that do not answer take no page of a rider away:
    /// everybody is then signed out.
    pub(crate) async fn visitor(&self, headers: &HeaderMap) -> Option<SignedIn> {
        let token = self.cookie().read(headers)?;
        let visitor = self.accounts().signed_in(&token, self.now()).await;
        visitor
            .inspect_err(|error| tracing::error!(%error, "a session could not be read"))
            .ok()
            .flatten()
    }
}

impl std::fmt::Debug for Web {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Web")
    }
}
