use std::time::Instant;

use axum::Router;
use axum::extract::Query;
use axum::routing::{get, post};
use filrouge_types::{FixedClock, Secret};
use reqwest::StatusCode;

use super::*;
use crate::fake::{FakeApi, Mood};

#[derive(Deserialize)]
struct Asked {
    limit: usize,
    cursor: Option<u32>,
}

/// Three pages of two numbers.
async fn numbers(Query(asked): Query<Asked>) -> axum::Json<Page<u32>> {
    assert_eq!(asked.limit, 1000);
    let first = asked.cursor.unwrap_or(0);
    axum::Json(Page {
        items: vec![first, first + 1],
        next_cursor: (first < 4).then(|| (first + 2).to_string()),
    })
}

async fn doubles(axum::Json(numbers): axum::Json<Vec<u32>>) -> axum::Json<Vec<u32>> {
    axum::Json(numbers.into_iter().map(|number| 2 * number).collect())
}

struct Scene {
    api: FakeApi,
    client: ApiClient,
    clock: FixedClock,
}

async fn scene(retry: Retry) -> Scene {
    let routes = Router::new()
        .route("/v1/numbers", get(numbers))
        .route("/v1/names/{name}", get(|| async { axum::Json("found") }))
        .route("/v1/doubles", post(doubles))
        .route(
            "/v1/sums",
            post(|axum::Json(numbers): axum::Json<Vec<u32>>| async move {
                axum::Json(numbers.iter().sum::<u32>())
            }),
        );
    let api = FakeApi::start("web", routes).await.unwrap();
    let clock = FixedClock::at("2026-03-01T08:00:00Z".parse().unwrap());

    let client = ApiClient::new(ApiClientConfig {
        base: api.url.clone(),
        client_id: "web".to_owned(),
        client_secret: Arc::new(Secret::from("secret".to_owned())),
        scope: "data:read".to_owned(),
        timeout: Duration::from_secs(5),
        retry,
        rest: TimeDelta::seconds(5),
        clock: Arc::new(clock.clone()),
    });

    Scene {
        api,
        client: client.unwrap(),
        clock,
    }
}

async fn read(client: &ApiClient, most: usize) -> Result<Vec<u32>, ApiError> {
    let mut read = Vec::new();
    let take = |page| {
        read.extend::<Vec<u32>>(page);
        Ok::<_, ApiError>(())
    };
    client
        .read_pages(&["v1", "numbers"], &[], most, take)
        .await?;
    Ok(read)
}

#[tokio::test]
async fn a_list_is_read_to_its_end_and_one_that_does_not_end_is_refused() {
    let Scene { client, .. } = scene(Retry::NEVER).await;
    assert_eq!(read(&client, 3).await.unwrap(), [0, 1, 2, 3, 4, 5]);
    assert!(matches!(
        read(&client, 2).await,
        Err(ApiError::Endless { most: 2, .. })
    ));
}

#[tokio::test]
async fn the_parts_of_a_path_are_encoded_one_by_one() {
    let Scene { client, .. } = scene(Retry::NEVER).await;
    let name: String = client.get(&["v1", "names", "a/b?c"], &[]).await.unwrap();
    assert_eq!(name, "found");
}

#[tokio::test]
async fn a_question_that_is_posted_is_asked_again_like_another() {
    let retry = Retry {
        more: 2,
        first_pause: Duration::from_millis(1),
        longest_pause: Duration::from_millis(2),
    };
    let Scene { api, client, .. } = scene(retry).await;

    let answer: Vec<u32> = client.ask(&["v1", "doubles"], &[1, 2]).await.unwrap();
    assert_eq!(answer, [2, 4]);

    api.set_mood(Mood::Overloaded);
    let refused = client.ask::<Vec<u32>>(&["v1", "doubles"], &[1]).await;
    assert!(refused.is_err());
    assert_eq!(api.reads(), 4);
}

#[tokio::test]
async fn an_overloaded_api_is_tried_again_after_a_pause_and_a_broken_one_is_not() {
    let retry = Retry {
        more: 2,
        first_pause: Duration::from_millis(20),
        longest_pause: Duration::from_secs(1),
    };
    let Scene { api, client, clock } = scene(retry).await;

    api.set_mood(Mood::Overloaded);
    let start = Instant::now();
    let error = read(&client, 3).await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::SERVICE_UNAVAILABLE));
    assert_eq!(api.reads(), 3);
    assert!(start.elapsed() >= Duration::from_millis(60));

    api.set_mood(Mood::Fails);
    clock.advance(TimeDelta::seconds(6));
    read(&client, 3).await.unwrap_err();
    assert_eq!(api.reads(), 4);
}

#[tokio::test]
async fn an_api_that_failed_is_left_alone_and_a_refusal_is_no_failure() {
    let Scene { api, client, clock } = scene(Retry::NEVER).await;
    for _ in 0..2 {
        let refused = client.get::<String>(&["v1", "nothing"], &[]).await;
        assert_eq!(refused.unwrap_err().status(), Some(StatusCode::NOT_FOUND));
    }

    // One answer may be the fault of what was asked: three in a row are not.
    api.set_mood(Mood::Babbles);
    for _ in 0..3 {
        let error = read(&client, 3).await.unwrap_err();
        assert!(matches!(error, ApiError::Unreadable { .. }), "{error}");
        assert!(!error.to_string().contains("127.0.0.1"), "{error}");
    }

    api.set_mood(Mood::Answers);
    assert!(matches!(read(&client, 3).await, Err(ApiError::Resting)));
    clock.advance(TimeDelta::seconds(6));
    read(&client, 3).await.unwrap();
}

#[tokio::test]
async fn a_question_is_sent_again_with_its_body_when_the_token_was_revoked() {
    let Scene { api, client, .. } = scene(Retry::NEVER).await;
    let ask = || client.ask::<u32>(&["v1", "sums"], &[1, 2, 3]);
    assert_eq!(ask().await.unwrap(), 6);

    api.revoke_tokens();
    assert_eq!(ask().await.unwrap(), 6);

    api.set_mood(Mood::Babbles);
    assert!(matches!(ask().await, Err(ApiError::Unreadable { path, .. }) if path == "/v1/sums"));
}
