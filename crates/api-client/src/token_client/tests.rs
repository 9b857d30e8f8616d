use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use chrono::{DateTime, TimeDelta, Utc};
use filrouge_types::{FixedClock, Secret};

use super::{SecretSource, TokenClient, TokenClientConfig, TokenClientError};

fn start() -> DateTime<Utc> {
    "2026-03-01T08:00:00Z".parse().unwrap()
}

/// A small service that counts the tokens it gives and accepts only the newest.
#[derive(Default)]
struct Service {
    given: AtomicUsize,
    accepted: AtomicUsize,
}

async fn start_service() -> (Arc<Service>, String) {
    let service = Arc::new(Service::default());
    let router = Router::new()
        .route(
            "/token",
            post(
                |State(service): State<Arc<Service>>, body: String| async move {
                    if !body.contains("client_secret=right") {
                        return Err(StatusCode::UNAUTHORIZED);
                    }
                    let number = service.given.fetch_add(1, Ordering::SeqCst) + 1;
                    service.accepted.store(number, Ordering::SeqCst);
                    Ok(format!(
                        r#"{{"access_token":"token-{number}","expires_in":900}}"#
                    ))
                },
            ),
        )
        .route(
            "/data",
            get(
                |State(service): State<Arc<Service>>, headers: axum::http::HeaderMap| async move {
                    let newest =
                        format!("Bearer token-{}", service.accepted.load(Ordering::SeqCst));
                    if headers["authorization"] == newest {
                        StatusCode::OK
                    } else {
                        StatusCode::UNAUTHORIZED
                    }
                },
            ),
        )
        .with_state(Arc::clone(&service));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (service, address)
}

fn client(address: &str, secret: &str, clock: &FixedClock) -> Arc<TokenClient> {
    client_of(address, Arc::new(Secret::from(secret.to_owned())), clock)
}

fn client_of(address: &str, secret: Arc<dyn SecretSource>, clock: &FixedClock) -> Arc<TokenClient> {
    let config = TokenClientConfig {
        token_url: format!("{address}/token"),
        client_id: "web".to_owned(),
        client_secret: secret,
        scope: "data:read".to_owned(),
    };
    Arc::new(TokenClient::new(
        reqwest::Client::new(),
        config,
        Arc::new(clock.clone()),
    ))
}

/// Runs the futures at once, each in its task.
async fn join_all<T: Send + 'static>(
    futures: Vec<impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let tasks: Vec<_> = futures.into_iter().map(tokio::spawn).collect();
    let mut results = Vec::new();
    for task in tasks {
        results.push(task.await.unwrap());
    }
    results
}

fn requests(
    client: &Arc<TokenClient>,
    address: &str,
    count: usize,
) -> Vec<impl Future<Output = StatusCode> + use<>> {
    let request = |()| {
        let (client, address) = (Arc::clone(client), address.to_owned());
        async move {
            client
                .send(client.http().get(format!("{address}/data")))
                .await
                .unwrap()
                .status()
        }
    };
    std::iter::repeat_n((), count).map(request).collect()
}

#[tokio::test]
async fn many_requests_share_one_token_which_is_renewed_before_its_end() {
    let clock = FixedClock::at(start());
    let (service, address) = start_service().await;
    let client = client(&address, "right", &clock);

    assert_eq!(
        join_all(requests(&client, &address, 20)).await,
        [StatusCode::OK; 20]
    );
    assert_eq!(service.given.load(Ordering::SeqCst), 1);

    clock.advance(TimeDelta::seconds(839));
    assert_eq!(&*client.token().await.unwrap(), "token-1");

    clock.advance(TimeDelta::seconds(1));
    assert_eq!(
        join_all(requests(&client, &address, 20)).await,
        [StatusCode::OK; 20]
    );
    assert_eq!(service.given.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_token_refused_by_the_service_is_renewed_once_for_all() {
    let (service, address) = start_service().await;
    let client = client(&address, "right", &FixedClock::at(start()));
    client.token().await.unwrap();
    service.accepted.store(0, Ordering::SeqCst);
    assert_eq!(
        join_all(requests(&client, &address, 20)).await,
        [StatusCode::OK; 20]
    );
    assert_eq!(service.given.load(Ordering::SeqCst), 2, "no stampede");
}

#[tokio::test]
async fn a_refused_secret_and_a_dead_service_are_told_apart_and_named() {
    let clock = FixedClock::at(start());
    let (_, address) = start_service().await;
    let refused = client(&address, "wrong", &clock).token().await.unwrap_err();

    assert!(matches!(
        refused,
        TokenClientError::Refused {
            status: StatusCode::UNAUTHORIZED,
            ..
        }
    ));

    assert!(
        refused.to_string().contains("client `web`") && !format!("{refused:?}").contains("wrong")
    );

    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let dead = format!("http://{}", listener.local_addr().unwrap());

    drop(listener);
    let error = client(&dead, "right", &clock).token().await.unwrap_err();
    assert!(error.to_string().contains(&dead), "{error}");
}

/// A secret that is renewed meanwhile.
#[derive(Debug)]
struct Renewed(Mutex<Secret>);

impl SecretSource for Renewed {
    fn secret(&self) -> Secret {
        self.0.lock().unwrap().clone()
    }
}

#[tokio::test]
async fn a_secret_that_is_renewed_is_the_one_of_the_next_token() {
    let clock = FixedClock::at(start());
    let (_, address) = start_service().await;
    let secret = Arc::new(Renewed(Mutex::new("wrong".to_owned().into())));
    let client = client_of(&address, Arc::clone(&secret) as _, &clock);
    assert!(client.token().await.is_err());

    *secret.0.lock().unwrap() = "right".to_owned().into();

    assert_eq!(&*client.token().await.unwrap(), "token-1");
}
