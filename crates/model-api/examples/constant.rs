//! The route of the predictions without the model: the same shell, the same token check, the same
//! body read and the same shape answered, always with the same numbers. `cargo xtask bench serving`
//! measures the service beside it.
//!
//! `constant PORT CREDENTIALS` serves on loopback the clients of a state's `credentials.json`.

use std::sync::Arc;

use anyhow::Context;
use axum::extract::State;
use filrouge_http::{
    Authority, AuthorityConfig, Catalogue, Client, Json, Limits, Metrics, RateLimit, Readiness,
    Require, SecretHash, Shell, SigningKey,
};
use filrouge_model_api::ModelPredict;
use filrouge_types::{Hour, Secret, StationId, SystemClock};
use serde::{Deserialize, Serialize};

#[derive(Debug, Deserialize)]
struct Credential {
    client_id: String,
    client_secret: Secret,
    scopes: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    items: Vec<Key>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Key {
    station_id: StationId,
    hour: Hour,
}

#[derive(Debug, Serialize)]
struct Answered {
    model_version: &'static str,
    items: Vec<Item>,
}

#[derive(Debug, Serialize)]
struct Item {
    station_id: StationId,
    hour: Hour,
    demand: f32,
    demand_p10: f32,
    demand_p90: f32,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let port: u16 = arguments
        .next()
        .context("no port")?
        .parse()
        .context("not a port")?;
    let clients = clients(&arguments.next().context("no credentials")?)?;

    let config = AuthorityConfig {
        service: "model-api",
        clients,
        signing_key: SigningKey::generate()?,
        rate_limit: RateLimit::per_second(100_000),
    };

    let authority = Arc::new(Authority::new(config, Arc::new(SystemClock))?);
    let routes = axum::Router::new()
        .route("/v1/predictions", axum::routing::post(answer))
        .with_state(Arc::clone(&authority));

    let shell = Shell {
        authority,
        metrics: Metrics::new(
            "model-api",
            Arc::new(SystemClock),
            &mut Catalogue::default(),
        )?,
        limits: Limits::default(),
        readiness: Readiness::new(|| std::future::ready(Ok(()))),
        problems: &[],
    };

    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;

    Ok(filrouge_http::serve(
        listener,
        shell.around(routes, &filrouge_model_api::openapi()),
        std::future::pending(),
    )
    .await?)
}

fn clients(path: &str) -> anyhow::Result<Vec<Client>> {
    let credentials: Vec<Credential> =
        serde_json::from_slice(&std::fs::read(path)?).context("not credentials")?;

    let client = |Credential {
                      client_id,
                      client_secret,
                      scopes,
                  }| {
        Ok(Client {
            client_id,
            secret_hash: SecretHash::of(&client_secret)?,
            scopes,
        })
    };

    credentials.into_iter().map(client).collect()
}

async fn answer(
    _access: Require<ModelPredict>,
    State(_): State<Arc<Authority>>,
    Json(Asked { items }): Json<Asked>,
) -> axum::Json<Answered> {
    let item = |Key { station_id, hour }| Item {
        station_id,
        hour,
        demand: 7.4,
        demand_p10: 3.1,
        demand_p90: 12.0,
    };
    axum::Json(Answered {
        model_version: "constant",
        items: items.into_iter().map(item).collect(),
    })
}
