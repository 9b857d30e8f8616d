use std::sync::Arc;

use filrouge_api_client::SecretSource;
use filrouge_types::{CityProfile, Clock};
use url::Url;

/// Settings of the application.
#[derive(Clone)]
pub struct WebConfig {
    /// The data API, such as `http://127.0.0.1:8081/`.
    pub data_api: Url,
    /// The model API, such as `http://127.0.0.1:8082/`.
    pub model_api: Url,
    /// The name under which the application asks for tokens.
    pub client_id: String,
    /// Its secret.
    pub client_secret: Arc<dyn SecretSource>,
    /// The city that it speaks of.
    pub city: CityProfile,
    /// Source of the time.
    pub clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for WebConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            data_api,
            model_api,
            client_id,
            city,
            ..
        } = self;
        f.debug_struct("WebConfig")
            .field("data_api", &data_api.as_str())
            .field("model_api", &model_api.as_str())
            .field("client_id", client_id)
            .field("city", city)
            .finish_non_exhaustive()
    }
}
