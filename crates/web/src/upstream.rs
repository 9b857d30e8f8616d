//! The two APIs behind the application, and the patience that readers have.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use filrouge_api_client::{ApiClient, ApiClientConfig, Retry};
use url::Url;

use crate::config::{ApiCredential, WebConfig};

/// A reader does not wait longer than this for an API that does not answer.
const TIMEOUT: Duration = Duration::from_secs(5);

/// After a failure an API is left alone for this long, so that readers do not wait one after the
/// other.
const BACKOFF: TimeDelta = TimeDelta::seconds(5);

/// One more try at once: a reader would rather have the page a moment later than not at all.
const RETRY: Retry = Retry {
    more: 1,
    first_pause: Duration::from_millis(100),
    longest_pause: Duration::from_millis(500),
};

/// A client of the API at `base`, with the right of `scope` alone; nothing is sent yet.
pub(crate) fn client(
    config: &WebConfig,
    base: &Url,
    credential: &ApiCredential,
    scope: &str,
) -> anyhow::Result<ApiClient> {
    ApiClient::new(ApiClientConfig {
        base: base.clone(),
        client_id: credential.client_id.clone(),
        client_secret: Arc::clone(&credential.client_secret),
        scope: scope.to_owned(),
        timeout: TIMEOUT,
        retry: RETRY,
        rest: BACKOFF,
        clock: Arc::clone(&config.clock),
    })
}
