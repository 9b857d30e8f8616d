//! `filrouge incident listen`: the webhook of Alertmanager. Each alarm opens an incident, whose
//! evidence is gathered at once; its end is noted.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use chrono::{DateTime, Utc};
use filrouge_http::{Catalogue, Json, Limits, Metrics, Middleware, Readiness};
use filrouge_storage::StateFolder;
use filrouge_types::SystemClock;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::mpsc;

use super::gather::{self, Incident};
use crate::cli::{GlobalArgs, ListenArguments};
use crate::interruption::interrupted;
use crate::{print, services, state};

/// Name of the listener, as Prometheus knows it.
const NAME: &str = "incidents";

/// Distance of its port from the first.
const PORT_OFFSET: u16 = 12;

/// Alarms that wait for their evidence; past them Alertmanager is told to come back.
const MOST_WAITING: usize = 64;

/// The longest name of an incident.
const LONGEST_NAME: usize = 64;

/// What Alertmanager posts, version 4, as far as it is read.
#[derive(Debug, Deserialize)]
struct Notification {
    alerts: Vec<Alarm>,
}

/// An alarm that rings, or that has ended.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Alarm {
    status: AlarmStatus,
    labels: BTreeMap<String, String>,
    annotations: BTreeMap<String, String>,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum AlarmStatus {
    Firing,
    Resolved,
}

pub(super) async fn run(global: &GlobalArgs, arguments: &ListenArguments) -> Result<()> {
    let state = state::open(&global.state)?;
    let listener = services::bind_at(global, PORT_OFFSET, NAME).await?;
    print::line(&format!("{NAME} : http://{}", listener.local_addr()?));

    let mut catalogue = Catalogue::default();
    let middleware = Middleware {
        metrics: Metrics::new(NAME, Arc::new(SystemClock), &mut catalogue)?,
        limits: Limits::default(),
        readiness: Readiness::always(),
    };
    let (waiting, alarms) = mpsc::channel(MOST_WAITING);
    let routes = Router::new().route("/", post(receive)).with_state(waiting);

    let shutdown = async {
        let _ = interrupted().await;
    };
    tokio::select! {
        served = filrouge_http::serve(listener, middleware.around(routes), shutdown) => {
            served.context("l’attente des alarmes s’est arrêtée")
        }
        () = open_incidents(global, arguments, &state, alarms) => Ok(()),
    }
}

/// Takes the alarms of a notification: gathering asks every service, and the sender does not wait.
async fn receive(
    State(waiting): State<mpsc::Sender<Alarm>>,
    Json(notification): Json<Notification>,
) -> StatusCode {
    for alarm in notification.alerts {
        if waiting.try_send(alarm).is_err() {
            return StatusCode::SERVICE_UNAVAILABLE;
        }
    }
    StatusCode::ACCEPTED
}

/// One after the other: a machine that is ill has better to do.
async fn open_incidents(
    global: &GlobalArgs,
    arguments: &ListenArguments,
    state: &StateFolder,
    mut alarms: mpsc::Receiver<Alarm>,
) {
    while let Some(alarm) = alarms.recv().await {
        if let Err(error) = note(global, arguments, state, &alarm).await {
            tracing::error!(error = format!("{error:#}"), "an incident is not whole");
        }
    }
}

/// Opens the incident of an alarm, or notes its end. Alertmanager repeats itself: an incident is
/// gathered once, unless it was cut short.
async fn note(
    global: &GlobalArgs,
    arguments: &ListenArguments,
    state: &StateFolder,
    alarm: &Alarm,
) -> Result<()> {
    let folder = gather::folder(state, &alarm.incident_name());

    if alarm.status == AlarmStatus::Resolved {
        return match folder.exists() {
            true => alarm.keep(&folder),
            // It rang before this program listened.
            false => Ok(()),
        };
    }

    alarm.keep(&folder)?;
    let incident = Incident {
        folder,
        title: alarm.title(),
        alarm: Some(alarm.text()),
        logs: &arguments.logs,
        forge: arguments.forge.as_ref(),
    };
    gather::gather_once(global, state, &incident).await
}

impl Alarm {
    /// Such as `2026-11-30-101500-serviceabsent-web`: one folder on every system.
    fn incident_name(&self) -> String {
        let label = |name: &str| self.labels.get(name).cloned().unwrap_or_default();
        let start = self.starts_at.format("%Y-%m-%d-%H%M%S");
        let name = format!("{start}-{}-{}", label("alertname"), label("job")).to_lowercase();

        let plain = name.chars().filter(|&letter| {
            letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-'
        });
        let name: String = plain.take(LONGEST_NAME).collect();
        name.trim_end_matches('-').to_owned()
    }

    fn title(&self) -> &str {
        let summary = self.annotations.get("summary");
        let name = self.labels.get("alertname");
        summary.or(name).map_or("Alarme sans nom", String::as_str)
    }

    /// Its part of the issue.
    fn text(&self) -> String {
        let lines = |values: &BTreeMap<String, String>| {
            let lines = values
                .iter()
                .map(|(name, value)| format!("- {name} : {value}\n"));
            lines.collect::<String>()
        };
        format!(
            "## L’alarme\n\n- depuis : {} UTC\n{}{}",
            self.starts_at.format("%Y-%m-%d %H:%M:%S"),
            lines(&self.labels),
            lines(&self.annotations),
        )
    }

    fn keep(&self, folder: &Path) -> Result<()> {
        let ended = (self.status == AlarmStatus::Resolved).then_some(self.ends_at);
        let alarm = json!({
            "labels": self.labels,
            "annotations": self.annotations,
            "began": self.starts_at,
            "ended": ended,
        });
        gather::keep_json(folder, "alarm.json", &alarm)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alarm(name: &str, job: &str) -> Alarm {
        serde_json::from_value(json!({
            "status": "firing",
            "labels": { "alertname": name, "job": job, "severity": "page" },
            "annotations": { "summary": "Le service web ne répond plus", "runbook": "docs/alarmes.md#serviceabsent" },
            "startsAt": "2026-11-30T10:15:00.123Z",
            "endsAt": "0001-01-01T00:00:00Z",
            "fingerprint": "a1",
        }))
        .unwrap()
    }

    #[test]
    fn an_incident_bears_the_name_of_its_alarm_and_is_one_folder() {
        let table = [
            (
                "ServiceAbsent",
                "web",
                "2026-11-30-101500-serviceabsent-web",
            ),
            ("DonnéesEnRetard", "", "2026-11-30-101500-donnesenretard"),
            ("../../x", "/y", "2026-11-30-101500-x-y"),
        ];
        for (name, job, expected) in table {
            assert_eq!(alarm(name, job).incident_name(), expected);
        }
        assert_eq!(
            alarm(&"a".repeat(90), "web").incident_name().len(),
            LONGEST_NAME
        );
    }

    #[test]
    fn the_issue_says_what_rang_since_when_and_where_to_read_on() {
        let alarm = alarm("ServiceAbsent", "web");
        assert_eq!(alarm.title(), "Le service web ne répond plus");

        let text = alarm.text();
        for expected in [
            "2026-11-30 10:15:00 UTC",
            "job : web",
            "docs/alarmes.md#serviceabsent",
        ] {
            assert!(text.contains(expected), "{text}");
        }
    }
}
