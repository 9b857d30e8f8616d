use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::*;

fn alert(status: &str, name: &str, metric: Option<&str>) -> Value {
    json!({"status": status, "labels": {"alertname": name, "metric": metric, "severity": "page"}})
}

fn message(alerts: &[Value]) -> Vec<u8> {
    json!({"version": "4", "status": "firing", "receiver": "page", "alerts": alerts})
        .to_string()
        .into_bytes()
}

fn metrics(alerts: &[Value]) -> Option<Vec<String>> {
    let request = training_request(&message(alerts)).unwrap()?;
    assert_eq!(request.event_type, "model-drift");
    Some(request.client_payload.metrics.into_iter().collect())
}

// Preuve: C13.2 une alarme du modèle qui sonne demande un entraînement ; une autre, ou une qui a cessé, ne demande rien
#[test]
fn only_an_alarm_of_the_model_that_rings_asks_for_a_training() {
    let drift = alert("firing", ALARM, Some("system_residual"));
    let cases = [
        (vec![drift.clone()], Some(vec!["system_residual"])),
        (
            vec![drift.clone(), drift.clone()],
            Some(vec!["system_residual"]),
        ),
        (
            vec![drift.clone(), alert("firing", ALARM, Some("coverage"))],
            Some(vec!["coverage", "system_residual"]),
        ),
        (vec![alert("firing", ALARM, None)], Some(vec![])),
        (vec![alert("resolved", ALARM, Some("coverage"))], None),
        (vec![alert("firing", "ServiceAbsent", None)], None),
        (vec![], None),
    ];

    for (alerts, expected) in cases {
        let expected = expected.map(|names| names.into_iter().map(str::to_owned).collect());
        assert_eq!(metrics(&alerts), expected, "{alerts:?}");
    }
    for text in ["", "[]", "{\"alerts\":3}"] {
        let error = format!("{:#}", training_request(text.as_bytes()).unwrap_err());
        assert!(error.contains("Alertmanager"), "{error}");
    }
}

/// A forge that answers `status`, and tells each event that it receives.
async fn forge(status: StatusCode) -> (Forge, mpsc::Receiver<(String, Value)>) {
    let (tell, told) = mpsc::channel(8);
    let receive = move |headers: axum::http::HeaderMap, axum::Json(event): axum::Json<Value>| {
        let tell = tell.clone();
        let token = headers["authorization"].to_str().unwrap().to_owned();
        async move {
            tell.send((token, event)).await.unwrap();
            status
        }
    };
    let router = Router::new().route("/repos/velorive/filrouge/dispatches", post(receive));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!(
        "http://{}/repos/velorive/filrouge",
        listener.local_addr().unwrap()
    );
    tokio::spawn(async move { axum::serve(listener, router).await });

    let token = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(token.path(), "of-the-forge\n").unwrap();
    let forge = Forge::new(&address.parse().unwrap(), Some(token.path())).unwrap();
    (forge, told)
}

#[tokio::test]
async fn the_forge_receives_the_event_and_its_refusal_is_told() {
    let drift = message(&[alert("firing", ALARM, Some("coverage"))]);
    let calm = message(&[alert("resolved", ALARM, Some("coverage"))]);

    let (taking, mut told) = forge(StatusCode::NO_CONTENT).await;
    let taking = State(Arc::new(taking));
    let answer = take(taking.clone(), drift.clone().into()).await;
    assert_eq!(answer, StatusCode::ACCEPTED);
    let payload = json!({"metrics": ["coverage"], "source": "alertmanager"});
    let event = json!({"event_type": "model-drift", "client_payload": payload});
    let (token, received) = told.recv().await.unwrap();
    assert_eq!((token.as_str(), received), ("Bearer of-the-forge", event));

    let cases = [
        (calm, StatusCode::NO_CONTENT),
        (b"{}".to_vec(), StatusCode::BAD_REQUEST),
    ];
    for (message, expected) in cases {
        assert_eq!(take(taking.clone(), message.into()).await, expected);
    }
    assert!(told.try_recv().is_err(), "nothing more was asked for");

    let (refusing, _told) = forge(StatusCode::UNAUTHORIZED).await;
    let answer = take(State(Arc::new(refusing)), drift.into()).await;
    assert_eq!(answer, StatusCode::BAD_GATEWAY);
}
