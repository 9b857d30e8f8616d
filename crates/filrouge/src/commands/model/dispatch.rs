//! `filrouge model dispatch`: an alarm of the model becomes a request for a training.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::routing::post;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use url::Url;

use crate::cli::DispatchArguments;
use crate::interruption::interrupted;
use crate::print;

/// The alarm of a quality that leaves its limits.
const ALARM: &str = "ModeleHorsLimites";

/// The event that `.github/workflows/model.yml` waits for.
const EVENT: &str = "model-drift";

/// Alerts of one message, in bytes.
const MOST_BYTES: usize = 1 << 20;

/// Alertmanager sends a refused alert again.
const PATIENCE: Duration = Duration::from_secs(10);

/// The body that Alertmanager sends to a webhook, version 4: the part that is read.
#[derive(Deserialize)]
struct AlertmanagerMessage {
    alerts: Vec<ReceivedAlert>,
}

#[derive(Deserialize)]
struct ReceivedAlert {
    status: String,
    labels: Labels,
}

#[derive(Deserialize)]
struct Labels {
    alertname: String,
    metric: Option<String>,
}

/// A `repository_dispatch` of GitHub, Gitea or Forgejo.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct TrainingRequest {
    event_type: &'static str,
    client_payload: ClientPayload,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct ClientPayload {
    /// Metrics out of their limits, by name.
    metrics: BTreeSet<String>,
    source: &'static str,
}

/// A repository on a forge, and the right to ask it for an event.
struct Forge {
    dispatches: Url,
    token: Option<String>,
    client: reqwest::Client,
}

pub(super) async fn run(arguments: &DispatchArguments) -> Result<()> {
    let forge = arguments
        .forge
        .as_ref()
        .map(|forge| Forge::new(forge, arguments.token_file.as_deref()))
        .transpose()?;

    match (&arguments.alerts, arguments.receive, forge) {
        (Some(path), _, forge) => send(&read(path)?, forge.as_ref()).await,
        (None, Some(address), Some(forge)) => receive(address, forge).await,
        // The command line asks for one or the other.
        (None, ..) => Ok(()),
    }
}

/// The training that a message asks for; nothing while none of its alarms rings.
fn training_request(message: &[u8]) -> Result<Option<TrainingRequest>> {
    let message: AlertmanagerMessage = serde_json::from_slice(message)
        .context("ce n'est pas un message d'Alertmanager (webhook, version 4)")?;
    let ringing =
        |alert: &ReceivedAlert| alert.status == "firing" && alert.labels.alertname == ALARM;

    let mut alerts = message.alerts.into_iter().filter(ringing).peekable();
    if alerts.peek().is_none() {
        return Ok(None);
    }
    Ok(Some(TrainingRequest {
        event_type: EVENT,
        client_payload: ClientPayload {
            metrics: alerts.filter_map(|alert| alert.labels.metric).collect(),
            source: "alertmanager",
        },
    }))
}

async fn send(message: &[u8], forge: Option<&Forge>) -> Result<()> {
    let Some(request) = training_request(message)? else {
        print::line("aucune alarme du modèle ne sonne : rien n'est demandé");
        return Ok(());
    };

    if let Some(forge) = forge {
        forge.ask(&request).await?;
    }
    print::line(&serde_json::to_string(&request).context("la demande ne s'écrit pas")?);
    Ok(())
}

/// Takes the messages of Alertmanager until Ctrl-C.
async fn receive(address: SocketAddr, forge: Forge) -> Result<()> {
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("l'adresse {address} ne peut être prise"))?;
    let router = Router::new()
        .route("/", post(take))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .with_state(Arc::new(forge));

    let shutdown = async { drop(interrupted().await) };
    axum::serve(listener, router)
        .with_graceful_shutdown(shutdown)
        .await
        .context("le récepteur s'est arrêté")
}

/// Alertmanager gives up a wrong alert (400), and sends again one that the forge did not take
/// (502).
async fn take(State(forge): State<Arc<Forge>>, message: Bytes) -> StatusCode {
    let request = match training_request(&message) {
        Ok(Some(request)) => request,
        Ok(None) => return StatusCode::NO_CONTENT,
        Err(error) => {
            tracing::warn!(error = format!("{error:#}"), "a message was refused");
            return StatusCode::BAD_REQUEST;
        }
    };

    match forge.ask(&request).await {
        Ok(()) => StatusCode::ACCEPTED,
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), "no training was asked for");
            StatusCode::BAD_GATEWAY
        }
    }
}

impl Forge {
    fn new(repository: &Url, token: Option<&Path>) -> Result<Self> {
        let mut dispatches = repository.clone();
        dispatches
            .path_segments_mut()
            .ok()
            .context("l'adresse de la forge ne convient pas")?
            .pop_if_empty()
            .push("dispatches");

        let token = token.map(|path| {
            let token = std::fs::read_to_string(path);
            let token =
                token.with_context(|| format!("le jeton `{}` ne peut être lu", path.display()));
            token.map(|token| token.trim().to_owned())
        });
        let client = reqwest::Client::builder()
            .timeout(PATIENCE)
            // A redirection would carry the token elsewhere.
            .redirect(reqwest::redirect::Policy::none())
            .user_agent("filrouge")
            .build()?;

        Ok(Self {
            dispatches,
            token: token.transpose()?,
            client,
        })
    }

    async fn ask(&self, request: &TrainingRequest) -> Result<()> {
        let mut post = self.client.post(self.dispatches.clone()).json(request);
        if let Some(token) = &self.token {
            post = post.bearer_auth(token);
        }

        let answer = post
            .send()
            .await
            .map_err(reqwest::Error::without_url)
            .context("la forge ne répond pas")?;
        let status = answer.status();
        ensure!(status.is_success(), "la forge refuse : {status}");
        Ok(())
    }
}

fn read(path: &Path) -> Result<Vec<u8>> {
    let unreadable = || format!("`{}` ne peut être lu", path.display());
    let most = MOST_BYTES as u64 + 1;
    let mut message = Vec::new();

    if path == Path::new("-") {
        std::io::stdin().take(most).read_to_end(&mut message)
    } else {
        let file = std::fs::File::open(path).with_context(unreadable)?;
        file.take(most).read_to_end(&mut message)
    }
    .with_context(unreadable)?;

    ensure!(
        message.len() <= MOST_BYTES,
        "le message a plus de {MOST_BYTES} octets"
    );
    Ok(message)
}

#[cfg(test)]
mod tests;
