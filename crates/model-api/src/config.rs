use std::path::PathBuf;
use std::sync::Arc;

use filrouge_api_client::SecretSource;
use filrouge_artifacts::TrustedKey;
use filrouge_http::{Client, FormerKey, Limits, RateLimit, Renewal, Revocations, SigningKey};
use filrouge_model::canary::CanaryBounds;
use filrouge_onnx_runtime::Runtime;
use filrouge_types::Clock;
use url::Url;

/// All that the service needs to start.
pub struct Config {
    /// The data API, such as `http://127.0.0.1:8081/`.
    pub data_api: Url,
    /// The name under which the service asks the data API for tokens.
    pub client_id: String,
    /// The secret of the client, which never prints.
    pub client_secret: Arc<dyn SecretSource>,
    /// The folder of the model's versions, such as `models/demand`, with its file `champion`.
    pub models: PathBuf,
    /// Folder of versions that serve when none of `models` can, such as those that the project
    /// ships: nothing is written to it.
    pub shipped: Option<PathBuf>,
    /// The key that has to have signed a version for it to serve; any version may when there is
    /// none.
    pub trusted_key: Option<TrustedKey>,
    /// The bounds of a canary that the service judges.
    pub canary: CanaryBounds,
    /// File of the journal of predictions from one start to the next; it is in memory alone
    /// when there is none.
    pub journal: Option<PathBuf>,
    /// File of the stations' habits, from which the chances of finding a bike are told; no chances
    /// are told without it.
    pub availability: Option<PathBuf>,
    /// ONNX Runtime.
    pub runtime: Runtime,
    /// Threads that run the model; as many sessions are opened.
    pub workers: usize,
    /// The clients that may ask for tokens.
    pub clients: Vec<Client>,
    /// The key that signs the tokens.
    pub signing_key: SigningKey,
    /// Keys that it replaced, whose last tokens have not ended yet.
    pub former_keys: Vec<FormerKey>,
    /// Tokens given back before their end.
    pub revocations: Revocations,
    /// Tells when clients or keys are renewed while the service runs.
    pub renewal: Option<Arc<dyn Renewal>>,
    /// The clock that gives the time.
    pub clock: Arc<dyn Clock>,
    /// The service's bounds.
    pub limits: Limits,
    /// Bound on the calls of one client.
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
