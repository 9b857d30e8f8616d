use std::sync::Arc;

use filrouge_accounts::{Accounts, Outbox};
use filrouge_api_client::SecretSource;
use filrouge_types::{CityProfile, Clock};
use url::Url;

use crate::report_reader::OpenReportReader;

/// Settings of the application.
#[derive(Clone)]
pub struct WebConfig {
    /// The data API, such as `http://127.0.0.1:8081/`.
    pub data_api: Url,
    /// The model API, such as `http://127.0.0.1:8082/`.
    pub model_api: Url,
    /// The address at which browsers see the application, when a proxy with TLS stands before it:
    /// the cookie is then closed to plain HTTP.
    pub public_url: Option<Url>,
    /// Reads both APIs for everybody.
    pub reader: ApiCredential,
    /// Reads the quality of the data, for operators.
    pub operator: ApiCredential,
    /// Reads the register and the log of accesses, for the officer.
    pub officer: ApiCredential,
    /// The database of accounts, already open.
    pub accounts: Accounts,
    /// The messages to people.
    pub outbox: Outbox,
    /// Opens the program that reads the reports of riders, when there is one.
    pub report_reader: Option<OpenReportReader>,
    /// The city that it speaks of.
    pub city: CityProfile,
    /// Source of the time.
    pub clock: Arc<dyn Clock>,
}

/// The name under which tokens are asked for, and its secret.
#[derive(Debug, Clone)]
pub struct ApiCredential {
    /// The name.
    pub client_id: String,
    /// The secret of the client, which never prints.
    pub client_secret: Arc<dyn SecretSource>,
}

impl std::fmt::Debug for WebConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            data_api,
            model_api,
            public_url,
            city,
            ..
        } = self;

        f.debug_struct("WebConfig")
            .field("data_api", &data_api.as_str())
            .field("model_api", &model_api.as_str())
            .field("public_url", public_url)
            .field("city", city)
            .finish_non_exhaustive()
    }
}
