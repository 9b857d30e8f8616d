//! A forge that takes the events of one repository.

use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

pub(crate) struct Forge {
    address: String,
    events: mpsc::Receiver<Value>,
}

impl Forge {
    pub(crate) async fn start() -> Self {
        let (tell, events) = mpsc::channel(8);
        let take = move |axum::Json(event): axum::Json<Value>| {
            let tell = tell.clone();
            async move {
                tell.send(event).await.unwrap();
                StatusCode::NO_CONTENT
            }
        };
        let router = Router::new().route("/repos/velorive/filrouge/dispatches", post(take));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        tokio::spawn(async move { axum::serve(listener, router).await });

        Self { address, events }
    }

    pub(crate) fn repository(&self) -> String {
        format!("http://{}/repos/velorive/filrouge", self.address)
    }

    pub(crate) async fn event(&mut self) -> Value {
        self.events.recv().await.unwrap()
    }

    pub(crate) fn is_silent(&mut self) -> bool {
        self.events.try_recv().is_err()
    }
}

/// True when the workflow of the model starts at an event of this type.
pub(crate) fn workflow_waits_for(event: &str) -> bool {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../.github/workflows/model.yml"
    );
    let workflow = std::fs::read_to_string(path).unwrap();
    let trigger = workflow.split("repository_dispatch:").nth(1).unwrap();
    trigger.lines().nth(1).unwrap().trim() == format!("types: [{event}]")
}
