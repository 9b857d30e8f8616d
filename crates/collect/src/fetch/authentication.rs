use std::env;

use reqwest::RequestBuilder;
use serde::Deserialize;

use super::FetchError;

/// Authentication to a service. The secret itself is only in the environment.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Authentication {
    /// Name of the environment variable that holds the secret.
    environment: String,
    /// Name of the query parameter to put it in; without one it is a bearer token.
    parameter: Option<String>,
}

impl Authentication {
    pub(super) fn apply(&self, request: RequestBuilder) -> Result<RequestBuilder, FetchError> {
        let secret = env::var(&self.environment).map_err(|_| FetchError::MissingSecret {
            variable: self.environment.clone(),
        })?;
        Ok(match &self.parameter {
            Some(parameter) => request.query(&[(parameter, secret)]),
            None => request.bearer_auth(secret),
        })
    }
}
