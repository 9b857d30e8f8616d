//! One exchange with an OpenAI-compatible server. Retries, money and caches are the caller's.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, ensure};
use filrouge_api_client::SecretSource;
use filrouge_destinations::asked_wait;
use filrouge_types::Clock;
use reqwest::{Response, StatusCode};
use url::{Host, Url};

use crate::ServiceError;
use crate::chat::{ChatCompletion, ChatMessage, ChatRequest};
use crate::prompt::TriagePrompt;

/// Longest answer, in bytes: a hundred times the longest that the schema allows.
const LONGEST_ANSWER: usize = 256 * 1024;

/// A server: where it is, the key, the model, and how long it is waited for.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// Base address, such as `https://api.mistral.ai/v1/`.
    pub base: Url,
    /// Bearer key; `None` for a server that asks for none.
    pub key: Option<Arc<dyn SecretSource>>,
    /// The model asked for.
    pub model: String,
    /// Other names under which this model may answer, such as the version behind an alias.
    pub answers_as: Vec<String>,
    /// Longest wait for a whole answer.
    pub timeout: Duration,
    /// Tokens that an answer may have.
    pub most_tokens: u32,
    /// True on a private network: without it, a key never travels in clear to another machine.
    pub allow_plain_http: bool,
}

/// A client of one server.
pub struct ChatClient {
    http: reqwest::Client,
    endpoint: Endpoint,
    address: Url,
    clock: Arc<dyn Clock>,
}

impl ChatClient {
    /// A client; nothing is sent yet.
    ///
    /// # Errors
    /// When the address is no base, or would carry the key in clear to another machine.
    pub fn new(endpoint: Endpoint, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        check_address(&endpoint)?;
        let mut http = reqwest::Client::builder()
            .connect_timeout(endpoint.timeout.min(Duration::from_secs(5)))
            .timeout(endpoint.timeout)
            // A redirection would carry the report where nobody chose to send it.
            .redirect(reqwest::redirect::Policy::none());
        if is_loopback(&endpoint.base) {
            http = http.no_proxy();
        }

        Ok(Self {
            http: http.build().context("the HTTP client cannot be made")?,
            address: completions(&endpoint.base)?,
            endpoint,
            clock,
        })
    }

    /// The server.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Sends one report, already redacted.
    pub(crate) async fn complete(
        &self,
        prompt: &TriagePrompt,
        report: &str,
    ) -> Result<ChatCompletion, ServiceError> {
        let request = self.request(prompt, &TriagePrompt::report(report));
        let response = request.send().await.map_err(|error| self.failure(&error))?;
        let response = self.accepted(response)?;
        let body = self.body(response).await?;

        let completion: ChatCompletion =
            serde_json::from_slice(&body).map_err(|error| ServiceError::NotACompletion {
                line: error.line(),
                column: error.column(),
            })?;
        self.check_model(&completion)?;
        Ok(completion)
    }

    fn request(&self, prompt: &TriagePrompt, report: &str) -> reqwest::RequestBuilder {
        let message = |role, content| ChatMessage { role, content };
        let request = self.http.post(self.address.clone()).json(&ChatRequest {
            model: &self.endpoint.model,
            messages: vec![
                message("system", prompt.instructions()),
                message("user", report),
            ],
            temperature: 0.0,
            max_tokens: self.endpoint.most_tokens,
            stream: false,
            response_format: prompt.response_format(),
        });

        match &self.endpoint.key {
            // Read again each time: a key that is renewed needs no restart.
            Some(key) => request.bearer_auth(key.secret().reveal()),
            None => request,
        }
    }

    /// The response, when its status is a success.
    fn accepted(&self, response: Response) -> Result<Response, ServiceError> {
        let status = response.status();

        match status {
            _ if status.is_success() => Ok(response),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                Err(ServiceError::KeyRefused(status))
            }
            StatusCode::TOO_MANY_REQUESTS => Err(ServiceError::TooManyRequests {
                retry_after: asked_wait(response.headers(), self.clock.now()),
            }),
            _ if status.is_server_error() => Err(ServiceError::Failing(status)),
            _ => Err(ServiceError::Refused(status)),
        }
    }

    /// The body, up to its bound. The time limit of the client runs until its last byte.
    async fn body(&self, mut response: Response) -> Result<Vec<u8>, ServiceError> {
        let mut body = Vec::new();

        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| self.failure(&error))?
        {
            if body.len() + chunk.len() > LONGEST_ANSWER {
                return Err(ServiceError::TooLong(LONGEST_ANSWER));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    fn failure(&self, error: &reqwest::Error) -> ServiceError {
        if error.is_timeout() {
            ServiceError::TooSlow(self.endpoint.timeout)
        } else {
            ServiceError::Unreachable
        }
    }

    /// The model that answered is the one that was chosen, measured and priced. A server that does
    /// not say is believed.
    fn check_model(&self, completion: &ChatCompletion) -> Result<(), ServiceError> {
        let asked = &self.endpoint.model;
        let Some(answered) = completion.model.as_deref().filter(|name| !name.is_empty()) else {
            return Ok(());
        };
        let is_known =
            answered == asked || self.endpoint.answers_as.iter().any(|name| name == answered);

        if is_known {
            Ok(())
        } else {
            Err(ServiceError::WrongModel {
                asked: asked.clone(),
            })
        }
    }
}

impl std::fmt::Debug for ChatClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChatClient")
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}

fn check_address(endpoint: &Endpoint) -> anyhow::Result<()> {
    let base = &endpoint.base;
    let in_clear = base.scheme() == "http" && !is_loopback(base) && !endpoint.allow_plain_http;

    ensure!(
        matches!(base.scheme(), "http" | "https"),
        "`{base}` is neither http nor https"
    );
    ensure!(
        base.username().is_empty() && base.password().is_none(),
        "the address of a service holds no name and no password"
    );
    ensure!(
        !in_clear,
        "`{base}` would carry the key and the reports in clear: use https"
    );
    Ok(())
}

/// `…/v1/chat/completions`, whether the base ends with `/v1`, with `/v1/` or without.
fn completions(base: &Url) -> anyhow::Result<Url> {
    let mut url = base.clone();
    let has_version = base
        .path_segments()
        .into_iter()
        .flatten()
        .any(|segment| segment.starts_with('v') && segment[1..].parse::<u8>().is_ok());

    let Ok(mut segments) = url.path_segments_mut() else {
        anyhow::bail!("`{base}` is not a base address");
    };
    segments.pop_if_empty();
    if !has_version {
        segments.push("v1");
    }
    segments.extend(["chat", "completions"]);
    drop(segments);
    Ok(url)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_is_the_same_however_the_base_is_written() {
        for (base, path) in [
            ("http://127.0.0.1:8080", "/v1/chat/completions"),
            ("http://127.0.0.1:8080/", "/v1/chat/completions"),
            ("https://api.mistral.ai/v1", "/v1/chat/completions"),
            ("https://api.scaleway.ai/p/v1/", "/p/v1/chat/completions"),
        ] {
            let url = completions(&base.parse().unwrap()).unwrap();
            assert_eq!(url.path(), path, "{base}");
        }
    }

    #[test]
    fn a_key_never_travels_in_clear_to_another_machine() {
        let check = |base: &str, allow_plain_http| {
            check_address(&Endpoint {
                base: base.parse().unwrap(),
                key: None,
                model: "m".to_owned(),
                answers_as: Vec::new(),
                timeout: Duration::from_secs(1),
                most_tokens: 1,
                allow_plain_http,
            })
            .is_ok()
        };

        assert!(check("https://api.mistral.ai/v1", false));
        assert!(check("http://127.0.0.1:1", false) && check("http://[::1]:1", false));
        assert!(!check("http://ia.example/v1", false));
        assert!(check("http://llama:8080", true));
        assert!(!check("ftp://ia.example/", true));
        assert!(!check("https://name:password@ia.example/", true));
    }
}
