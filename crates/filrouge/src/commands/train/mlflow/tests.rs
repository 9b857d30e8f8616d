use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use filrouge_model::champion;
use filrouge_prerequisites as prerequisites;

use super::*;
use crate::project;

/// Names the program `mlflow`: its server takes a minute to start, and is asked for.
const PROGRAM: &str = "FILROUGE_MLFLOW";

const BRINGS: &str = ".ci/install && export FILROUGE_MLFLOW=~/.cache/filrouge/python/bin/mlflow";

/// A server that ends with the test.
struct Started(Child);

impl Drop for Started {
    fn drop(&mut self) {
        let _ = Command::new("kill")
            .args(["-INT", &self.0.id().to_string()])
            .status();
        let _ = self.0.wait();
    }
}

fn start(program: &str, folder: &Path) -> (Started, Url) {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let child = Command::new(program)
        .args([
            "server",
            "--host",
            "127.0.0.1",
            "--port",
            &port.to_string(),
            "--workers",
            "1",
            "--serve-artifacts",
        ])
        .args([
            "--backend-store-uri",
            &format!("sqlite:///{}/mlflow.db", folder.display()),
        ])
        .arg("--artifacts-destination")
        .arg(folder.join("artifacts"))
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    (
        Started(child),
        Url::parse(&format!("http://127.0.0.1:{port}/")).unwrap(),
    )
}

async fn is_up(address: &Url) -> bool {
    for _ in 0..3_000 {
        if reqwest::get(address.join("health").unwrap())
            .await
            .is_ok_and(|answer| answer.status().is_success())
        {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    false
}

#[tokio::test]
async fn a_version_is_logged_and_registered_in_a_real_server() {
    let Some(program) = prerequisites::variable(PROGRAM, BRINGS) else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let (_server, address) = start(&program, folder.path());
    assert!(is_up(&address).await, "the server answers");
    let version = champion::folder(&project::shipped_models()).unwrap();
    let run = log(&address, &version).await.unwrap();
    log(&address, &version).await.unwrap();

    let server = Server {
        address,
        client: Client::new(),
    };
    let mut get = server.at("api/2.0/mlflow/runs/get").unwrap();
    get.query_pairs_mut().append_pair("run_id", &run);
    let found = read("runs/get", server.client.get(get).send().await.unwrap())
        .await
        .unwrap();
    assert_eq!(text(&found, "/run/info/status").unwrap(), "FINISHED");
    let described = Description::read(&version).unwrap();
    let metrics = found
        .pointer("/run/data/metrics")
        .unwrap()
        .as_array()
        .unwrap()
        .clone();
    let mae = metrics
        .iter()
        .find(|metric| metric["key"] == "mae")
        .unwrap()["value"]
        .as_f64()
        .unwrap();
    assert!((mae - described.evaluation.measures.mae).abs() < 1e-9);

    let place = text(&found, "/run/info/artifact_uri")
        .unwrap()
        .replace("mlflow-artifacts:/", "");
    let file = server
        .at(&format!(
            "api/2.0/mlflow-artifacts/artifacts/{place}/model/model.onnx"
        ))
        .unwrap();
    let bytes = server
        .client
        .get(file)
        .send()
        .await
        .unwrap()
        .bytes()
        .await
        .unwrap();
    assert_eq!(bytes, std::fs::read(version.join("model.onnx")).unwrap());
    let mut registered = server.at("api/2.0/mlflow/registered-models/get").unwrap();
    registered.query_pairs_mut().append_pair("name", NAME);
    let model = read(
        "registered-models/get",
        server.client.get(registered).send().await.unwrap(),
    )
    .await
    .unwrap();
    assert_eq!(
        text(&model, "/registered_model/latest_versions/0/version").unwrap(),
        "2"
    );
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named_and_nothing_else_fails() {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let address = Url::parse(&format!("http://127.0.0.1:{port}/")).unwrap();
    let version = champion::folder(&project::shipped_models()).unwrap();
    assert_eq!(
        log(&address, &version).await.unwrap_err().to_string(),
        "MLflow ne répond pas"
    );
}
