use std::path::PathBuf;
use std::sync::Arc;

use filrouge_http::{Client, Limits, RateLimit, SigningKey};
use filrouge_onnx_runtime::Runtime;
use filrouge_types::{Clock, Secret};
use url::Url;

/// What the service needs.
pub struct Config {
    /// The data API, such as `http://127.0.0.1:8081/`.
    pub data_api: Url,
    /// The name under which the service asks the data API for tokens.
    pub client_id: String,
    /// Its secret.
    pub client_secret: Secret,
    /// The folder of the model's versions, such as `models/demand`, with its file `champion`.
    pub models: PathBuf,
    /// Where the journal of the predictions is kept from one start to the next; in memory alone
    /// when there is none.
    pub journal: Option<PathBuf>,
    /// ONNX Runtime.
    pub runtime: Runtime,
    /// Threads that run the model; as many sessions are opened.
    pub workers: usize,
    /// Who may ask for tokens.
    pub clients: Vec<Client>,
    /// The key that signs the tokens.
    pub signing_key: SigningKey,
    /// Where the time is read.
    pub clock: Arc<dyn Clock>,
    /// The service's bounds.
    pub limits: Limits,
    /// How often one client may call.
    pub rate_limit: RateLimit,
}

impl std::fmt::Debug for Config {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Config")
            .field("data_api", &self.data_api.as_str())
            .field("client_id", &self.client_id)
            .field("models", &self.models)
            .field("workers", &self.workers)
            .finish_non_exhaustive()
    }
}
