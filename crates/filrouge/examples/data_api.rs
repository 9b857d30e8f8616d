//! Les deux premières stations, en Rust : le client de jetons du projet renouvelle le sien tout
//! seul.
//!
//! usage : `API=http://127.0.0.1:8081 CLIENT_ID=demo CLIENT_SECRET=… cargo run --example data_api`

use std::env;
use std::sync::Arc;

use anyhow::{Context, Result};
use filrouge_api_client::{TokenClient, TokenClientConfig};
use filrouge_types::{Secret, SystemClock};

#[tokio::main]
#[expect(clippy::print_stdout, reason = "an example's result")]
async fn main() -> Result<()> {
    let variable = |name: &str| env::var(name).with_context(|| format!("{name} is missing"));
    let api = variable("API")?;

    let config = TokenClientConfig {
        token_url: format!("{api}/oauth/token"),
        client_id: variable("CLIENT_ID")?,
        client_secret: Arc::new(Secret::from(variable("CLIENT_SECRET")?)),
        scope: "data:read".to_owned(),
    };

    let client = TokenClient::new(reqwest::Client::new(), config, Arc::new(SystemClock));
    let request = client
        .http()
        .get(format!("{api}/v1/stations?limit=2&fields=station_id,name"));
    let answer = client.send(request).await?.error_for_status()?;
    println!("{}", answer.text().await?);

    Ok(())
}
