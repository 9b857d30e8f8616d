//! A forge that receives an issue: GitHub, Gitea and Forgejo take the same request.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use reqwest::header::USER_AGENT;
use serde_json::{Value, json};
use url::Url;

const PATIENCE: Duration = Duration::from_secs(30);

/// The variable that holds the token: an argument would show in the list of processes.
const TOKEN: &str = "FILROUGE_FORGE_TOKEN";

/// Posts an issue to the repository at `forge`; gives the address of the issue.
pub(super) async fn post(forge: &Url, title: &str, body: &str) -> Result<String> {
    let token =
        std::env::var(TOKEN).with_context(|| format!("{TOKEN} ne contient pas de jeton"))?;
    let is_local = forge
        .host_str()
        .is_some_and(|host| ["127.0.0.1", "localhost", "[::1]"].contains(&host));
    ensure!(
        forge.scheme() == "https" || is_local,
        "un jeton ne se donne qu’en https"
    );

    let answer = reqwest::Client::builder()
        .timeout(PATIENCE)
        // Another host would receive the token.
        .redirect(reqwest::redirect::Policy::none())
        .build()?
        .post(format!("{}/issues", forge.as_str().trim_end_matches('/')))
        .header(USER_AGENT, "filrouge")
        .bearer_auth(token)
        .json(&json!({ "title": title, "body": body }))
        .send()
        .await
        .context("la forge ne répond pas")?;

    let status = answer.status();
    ensure!(status.is_success(), "la forge refuse le ticket : {status}");
    let issue: Value = answer.json().await.context("la forge répond autre chose")?;
    Ok(issue["html_url"]
        .as_str()
        .unwrap_or(forge.as_str())
        .to_owned())
}
