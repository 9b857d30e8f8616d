//! What the data-protection officer reads, and what everyone may know of subscribers.

use filrouge_database::{Gdpr, PseudonymKeys, Subscriber, SubscriberNumber};
use serde_json::json;

use crate::service::{TestService, now};

async fn add_subscribers(service: &TestService) {
    let keys = PseudonymKeys::generate().unwrap();
    let gdpr = Gdpr::open(&service.database, &keys, "import", now())
        .await
        .unwrap();

    let subscriber = |index: usize| Subscriber {
        number: SubscriberNumber::from(index.to_string()),
        district: Some(
            if index < 3 {
                "Nord"
            } else {
                ["Sud", "Centre"][index % 2]
            }
            .to_owned(),
        ),
        plan: Some(
            if index.is_multiple_of(3) {
                "annual"
            } else {
                "monthly"
            }
            .to_owned(),
        ),
    };

    let people: Vec<Subscriber> = (0..60).map(subscriber).collect();
    gdpr.replace_subscribers(&people).await.unwrap();

    for person in &people[..30] {
        gdpr.agree_to_age_statistics(&person.number, "25-34")
            .await
            .unwrap();
    }
}

// Preuve: C4.8 le registre est servi par l’API tel que le programme l’applique
#[tokio::test]
async fn the_register_is_the_one_that_the_program_applies() {
    let service = TestService::start().await;
    let register = service.get_as("officer", "/v1/gdpr/register").await.json();
    assert_eq!(register["processings"][0]["id"], "subscriber-statistics");
    assert_eq!(register["processings"][0]["holding"][0]["days"], 30);
    assert_eq!(register["purge"]["every_hours"], 24);
}

#[tokio::test]
async fn retention_tells_what_is_due_and_the_log_who_read_it() {
    let service = TestService::start().await;
    add_subscribers(&service).await;
    let before = service.get_as("officer", "/v1/gdpr/retention").await.json();

    assert_eq!(
        (&before["items"][0]["rows"], &before["audit_log_is_whole"]),
        (&json!(0), &json!(true))
    );

    service.clock.advance(chrono::TimeDelta::days(31));
    let after = service.get_as("officer", "/v1/gdpr/retention").await.json();
    assert_eq!(after["items"][0]["rows"], 60);

    let log = service
        .get_as("officer", "/v1/gdpr/audit-log?limit=1000")
        .await
        .items();
    let last = log.last().unwrap();

    assert_eq!(
        (&last["actor"], &last["action"]),
        (&json!("api:officer"), &json!("read-audit-log"))
    );
    assert_eq!(log[0]["people"], 60);
    assert!(
        log.iter()
            .filter_map(|line| line["subject"].as_str())
            .all(|subject| subject.len() == 64)
    );
}

#[tokio::test]
async fn subscribers_are_counted_by_groups_of_five_at_least() {
    let service = TestService::start().await;
    add_subscribers(&service).await;
    let by_district = service.get("/v1/subscribers/statistics").await.json();
    let items = by_district["items"].as_array().unwrap();

    assert!(
        items.iter().any(|item| item["group"] == "autres")
            && items.iter().all(|item| item["group"] != "Nord")
    );

    let by_age = service
        .get("/v1/subscribers/statistics?by=age_band")
        .await
        .json();

    let counted: u64 = by_age["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|item| item["subscribers"].as_u64())
        .sum();

    assert_eq!(counted, 30, "those who agreed, and they alone");

    for body in [by_district, by_age] {
        let counts = body["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|item| item["subscribers"].as_u64());

        assert!(
            counts.into_iter().all(|count| count == 0 || count >= 5),
            "{body}"
        );
    }

    assert_eq!(
        service
            .get("/v1/subscribers/statistics?by=name")
            .await
            .status,
        400
    );
}
