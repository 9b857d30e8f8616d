//! The evidence that a running state gives: nothing of it tells of a person.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use filrouge_bounded::{Line, read_line};
use filrouge_model::champion;
use filrouge_storage::StateFolder;
use futures::StreamExt;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::cli::{GlobalArgs, Service};
use crate::commands::backup::engine_of;
use crate::services;
use crate::{database, state};

/// A service that is ill may not answer at all.
const PATIENCE: Duration = Duration::from_secs(5);

/// Bytes kept of one answer, and of the end of one log.
const MOST_BYTES: usize = 4 << 20;
const LOG_TAIL_BYTES: u64 = 1 << 20;

/// The fields of a log that are kept: the others may hold the value of a request.
const LOG_FIELDS: [&str; 4] = ["timestamp", "level", "target", "span"];
const MESSAGE_FIELDS: [&str; 7] = [
    "message",
    "error",
    "status",
    "method",
    "route",
    "request_id",
    "elapsed_ms",
];

/// The answers of one service.
#[derive(Debug, Serialize)]
pub(super) struct ServiceEvidence {
    pub(super) service: &'static str,
    pub(super) address: String,
    /// The answer of readiness, or the reason why there is none.
    pub(super) readiness: Result<(u16, Value), String>,
    #[serde(skip)]
    pub(super) metrics: Result<String, String>,
}

impl ServiceEvidence {
    /// One word for the table of the issue.
    pub(super) fn state(&self) -> String {
        match &self.readiness {
            Ok((200, _)) => "prêt".to_owned(),
            Ok((status, _)) => format!("pas prêt ({status})"),
            Err(_) => "ne répond pas".to_owned(),
        }
    }
}

/// Asks each service for its readiness and its metrics, all at once.
pub(super) async fn services(global: &GlobalArgs) -> Vec<ServiceEvidence> {
    let asked = [
        (Service::City, "city"),
        (Service::DataApi, "data-api"),
        (Service::ModelApi, "model-api"),
        (Service::Web, "web"),
    ];
    let asked = asked.map(|(service, name)| async move {
        let address = services::address(global, service);
        let readiness = get(&format!("{address}/health/ready")).await;
        let metrics = get(&format!("{address}/metrics")).await;

        ServiceEvidence {
            service: name,
            readiness: readiness
                .map(|(status, text)| (status, serde_json::from_str(&text).unwrap_or(Value::Null))),
            metrics: metrics.map(|(_, text)| text),
            address,
        }
    });
    futures::future::join_all(asked).await
}

/// Status and text of an answer, cut at [`MOST_BYTES`].
async fn get(address: &str) -> Result<(u16, String), String> {
    let asked = async {
        let answer = services::client().build()?.get(address).send().await?;
        let status = answer.status().as_u16();
        let (mut body, mut parts) = (Vec::new(), answer.bytes_stream());
        while let Some(part) = parts.next().await {
            body.extend_from_slice(&part?);
            if body.len() > MOST_BYTES {
                body.truncate(MOST_BYTES);
                break;
            }
        }
        Ok::<_, reqwest::Error>((status, String::from_utf8_lossy(&body).into_owned()))
    };

    match tokio::time::timeout(PATIENCE, asked).await {
        Ok(answer) => answer.map_err(|error| error.without_url().to_string()),
        Err(_) => Err(format!("rien en {} s", PATIENCE.as_secs())),
    }
}

/// The program, the machine and the database.
pub(super) fn versions(state: &StateFolder) -> Value {
    json!({
        "program": env!("CARGO_PKG_VERSION"),
        "system": std::env::consts::OS,
        "processor": std::env::consts::ARCH,
        "database": engine_of(&state::database_url(state)),
    })
}

/// The window of the data: the last hour counted, the last collection, what the cleaning kept. What
/// cannot be read is told in its place: that is evidence too.
pub(super) async fn data_window(state: &StateFolder) -> Value {
    let last_hour = async {
        let database = database::open(state).await?;
        let hour = database.last_hour().await;
        database.close().await;
        Ok::<_, anyhow::Error>(hour?.map(|hour| hour.to_string()))
    };
    let mut window = BTreeMap::new();

    window.insert("last_hour", told(last_hour.await));
    window.insert("last_collection", told(last_collection(state)));
    window.insert(
        "cleaning",
        told(read_json(&state.clean().join("summary.json"))),
    );
    json!(window)
}

/// The version that serves: its description, with the measures that its promotion was judged on.
pub(super) fn model(state: &StateFolder) -> Value {
    let models = state.demand_models();
    let described = champion::read(&models)
        .map_err(anyhow::Error::from)
        .and_then(|version| {
            let description = read_json(&models.join(&version).join("model.json"))?;
            Ok(json!({ "champion": version, "description": description }))
        });
    told(described)
}

/// The end of a log of a service: its lines of JSON, and of each the fields that hold no request.
pub(super) fn log_tail(path: &Path) -> Result<String> {
    let unreadable = || format!("`{}` est illisible", path.display());
    let mut file = File::open(path).with_context(unreadable)?;
    let length = file.metadata().with_context(unreadable)?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(LOG_TAIL_BYTES)))?;

    let (mut reader, mut line) = (BufReader::new(file.take(LOG_TAIL_BYTES)), Vec::new());
    let mut kept = String::new();
    while read_line(&mut reader, &mut line).with_context(unreadable)? != Line::End {
        // The first one may be cut, and the output of a command is no log.
        if let Ok(Value::Object(entry)) = serde_json::from_slice(&line) {
            kept += &format!("{}\n", Value::Object(without_requests(&entry)));
        }
    }
    Ok(kept)
}

fn without_requests(entry: &Map<String, Value>) -> Map<String, Value> {
    let pick = |from: &Map<String, Value>, names: &[&str]| {
        let kept = from
            .iter()
            .filter(|(name, _)| names.contains(&name.as_str()));
        let kept = kept.map(|(name, value)| (name.clone(), value.clone()));
        kept.collect::<Map<_, _>>()
    };
    let mut kept = pick(entry, &LOG_FIELDS);

    if let Some(Value::Object(fields)) = entry.get("fields") {
        kept.insert("fields".to_owned(), pick(fields, &MESSAGE_FIELDS).into());
    }
    kept
}

fn last_collection(state: &StateFolder) -> Result<Option<String>> {
    let names = std::fs::read_dir(state.root().join("raw"))?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<Vec<_>>>()?;
    Ok(names
        .into_iter()
        .filter(|name| !name.starts_with('.'))
        .max())
}

fn read_json(path: &Path) -> Result<Value> {
    let text = std::fs::read(path).with_context(|| format!("`{}`", path.display()))?;
    Ok(serde_json::from_slice(&text)?)
}

fn told(value: Result<impl Serialize>) -> Value {
    match value {
        Ok(value) => json!(value),
        Err(error) => json!({ "error": format!("{error:#}") }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Preuve: C20.4 ce qui est repris des journaux pour un incident ne dit rien de ce que portait une requête
    #[test]
    fn of_a_log_only_the_fields_that_hold_no_request_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("service.log");
        let line = r#"{"timestamp":"2026-11-30T06:00:00Z","level":"WARN","target":"http","fields":{"message":"refused","status":429,"query":"person=770041"},"headers":"Bearer x"}"#;
        std::fs::write(&path, format!("770041 écrit par une personne\n{line}\n")).unwrap();

        let kept = log_tail(&path).unwrap();

        assert_eq!(kept.lines().count(), 1);
        assert!(kept.contains("refused") && kept.contains("429"), "{kept}");
        for hidden in ["770041", "Bearer"] {
            assert!(!kept.contains(hidden), "{kept}");
        }
    }
}
