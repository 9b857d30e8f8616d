//! Logs a version in an MLflow tracking server, over its REST API: parameters, metrics, files,
//! registered model.

use std::path::Path;

use anyhow::{Context, Result, bail};
use filrouge_model::Description;
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};
use url::Url;

/// The name of the experiment and of the registered model.
const NAME: &str = "demand";

/// The files of a version, in the folder `model` of the run.
const FILES: [&str; 4] = ["model.onnx", "model.json", "fidelity.json", "MODEL_CARD.md"];

/// A tracking server.
struct Server {
    address: Url,
    client: Client,
}

/// Logs the version in `folder` as a finished run, and registers it.
///
/// # Errors
/// The call that failed, and the answer of the server.
pub(super) async fn log(address: &Url, folder: &Path) -> Result<String> {
    let server = Server {
        address: address.clone(),
        client: Client::new(),
    };
    let description = Description::read(folder)?;

    let experiment = server.experiment().await?;
    let run = server.begin(&experiment, &description).await?;
    let id = text(&run, "/run/info/run_id")?;
    let artifacts = text(&run, "/run/info/artifact_uri")?;

    let batch = batch(&id, &description);
    server.call("runs/log-batch", &batch).await?;
    for name in FILES {
        server.upload(&artifacts, name, folder).await?;
    }

    let version = &description.version;
    server.register(&id, &artifacts, version).await?;

    // Dated by the training: a version that is logged later keeps its place.
    let end = description.created_at.timestamp_millis();
    let finished = json!({"run_id": id, "status": "FINISHED", "end_time": end});
    server.call("runs/update", &finished).await?;

    Ok(id)
}

impl Server {
    /// The identifier of the experiment, which is made the first time.
    async fn experiment(&self) -> Result<String> {
        let mut address = self.at("api/2.0/mlflow/experiments/get-by-name")?;

        address
            .query_pairs_mut()
            .append_pair("experiment_name", NAME);

        let known = self
            .client
            .get(address)
            .send()
            .await
            .context("MLflow ne répond pas")?;

        if known.status() == StatusCode::NOT_FOUND {
            return text(
                &self
                    .call("experiments/create", &json!({"name": NAME}))
                    .await?,
                "/experiment_id",
            );
        }

        text(
            &read("experiments/get-by-name", known).await?,
            "/experiment/experiment_id",
        )
    }

    async fn begin(&self, experiment: &str, description: &Description) -> Result<Value> {
        let tag = |key: &str, value: &str| json!({"key": key, "value": value});
        let tags = [
            tag(
                "mlflow.source.git.commit",
                description.commit.as_deref().unwrap_or(""),
            ),
            tag("dataset_sha256", &description.dataset_sha256),
            tag("model_sha256", &description.model_sha256),
        ];

        let run = json!({
            "experiment_id": experiment,
            "run_name": description.version,
            "start_time": description.created_at.timestamp_millis(),
            "tags": tags,
        });

        self.call("runs/create", &run).await
    }

    /// A new version of the registered model, which is made the first time.
    async fn register(&self, run: &str, artifacts: &str, version: &str) -> Result<()> {
        let made = self
            .post("registered-models/create", &json!({"name": NAME}))
            .await?;
        // A 400 says that it is already there, which is as good.
        if made.status() != StatusCode::BAD_REQUEST {
            read("registered-models/create", made).await?;
        }

        let source = format!("{artifacts}/model");
        let tags = [json!({"key": "version", "value": version})];

        self.call(
            "model-versions/create",
            &json!({"name": NAME, "source": source, "run_id": run, "tags": tags}),
        )
        .await?;

        Ok(())
    }

    /// Through the server's own proxy: `mlflow-artifacts:/…` is the only scheme that needs no other
    /// credential.
    async fn upload(&self, artifacts: &str, name: &str, folder: &Path) -> Result<()> {
        let Some(place) = artifacts.strip_prefix("mlflow-artifacts:") else {
            bail!(
                "le serveur MLflow garde ses fichiers à `{artifacts}` : il faut le lancer avec --serve-artifacts"
            );
        };
        let path = folder.join(name);
        let bytes =
            std::fs::read(&path).with_context(|| format!("`{}` est illisible", path.display()))?;

        let place = format!(
            "api/2.0/mlflow-artifacts/artifacts/{}/model/{name}",
            place.trim_start_matches('/')
        );

        let sent = self
            .client
            .put(self.at(&place)?)
            .body(bytes)
            .send()
            .await
            .context("MLflow ne répond pas")?;

        read(name, sent).await.map(drop)
    }

    async fn call(&self, call: &str, body: &Value) -> Result<Value> {
        read(call, self.post(call, body).await?).await
    }

    async fn post(&self, call: &str, body: &Value) -> Result<Response> {
        let address = self.at(&format!("api/2.0/mlflow/{call}"))?;

        self.client
            .post(address)
            .json(body)
            .send()
            .await
            .context("MLflow ne répond pas")
    }

    fn at(&self, path: &str) -> Result<Url> {
        // `Url::join` would drop the last segment of a server under a path.
        let base = self.address.as_str().trim_end_matches('/');
        Url::parse(&format!("{base}/{path}")).context("l'adresse de MLflow n'en est pas une")
    }
}

/// Parameters and metrics of the run.
fn batch(run: &str, description: &Description) -> Value {
    let Description {
        training,
        evaluation,
        ..
    } = description;

    let parameters = [
        ("seed", description.seed.to_string()),
        ("trees", description.trees.to_string()),
        ("time_zone", description.time_zone.clone()),
        ("training_from", training.from.to_string()),
        ("training_to", training.to.to_string()),
        ("training_rows", training.rows.to_string()),
        ("stations", training.stations.to_string()),
    ];

    let metrics = [
        ("mae", Some(evaluation.measures.mae)),
        ("rmse", Some(evaluation.measures.rmse)),
        ("bias", Some(evaluation.measures.bias)),
        (
            "poisson_deviance",
            Some(evaluation.measures.poisson_deviance),
        ),
        ("coverage_80", Some(evaluation.coverage_80)),
        ("lowest_skill", evaluation.lowest_skill()),
    ];

    let time = description.created_at.timestamp_millis();
    let metric = |(key, value): (&str, Option<f64>)| {
        Some(json!({"key": key, "value": value?, "timestamp": time, "step": 0}))
    };

    json!({
        "run_id": run,
        "params": parameters.map(|(key, value)| json!({"key": key, "value": value})),
        "metrics": metrics.into_iter().filter_map(metric).collect::<Vec<_>>(),
    })
}

async fn read(call: &str, response: Response) -> Result<Value> {
    let status = response.status();
    let body = response
        .text()
        .await
        .context("la réponse de MLflow s'arrête avant la fin")?;

    if !status.is_success() {
        bail!(
            "MLflow refuse `{call}` ({status}) : {}",
            // A proxy may answer with a whole page.
            body.chars().take(300).collect::<String>()
        );
    }

    // Some calls answer with an empty body, which is no JSON.
    Ok(serde_json::from_str(&body).unwrap_or_default())
}

fn text(answer: &Value, pointer: &str) -> Result<String> {
    let found = answer.pointer(pointer).and_then(Value::as_str);
    let text = found.with_context(|| format!("MLflow n'a pas donné `{pointer}`"))?;

    Ok(text.to_owned())
}

#[cfg(test)]
mod tests;
