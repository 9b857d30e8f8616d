use serde_json::{Value, json};

use crate::support::{Answer, Service, this_hour};

async fn ask(service: &Service, question: Value) -> Answer {
    service
        .post_to("/v1/availability", question.to_string())
        .await
}

fn question(hours: u32, stations: &[(&str, u32, u32)]) -> Value {
    let item = |(id, bikes, docks): &(&str, u32, u32)| json!({"station_id": id, "bikes": bikes, "docks": docks});
    json!({"hours": hours, "items": stations.iter().map(item).collect::<Vec<_>>()})
}

// Preuve: C9.2 POST /v1/availability dit les chances de trouver un vélo et une place, heure par heure
#[tokio::test]
async fn chances_are_told_for_each_hour_to_come_from_the_present_state() {
    let service = Service::ready().await;
    let answer = ask(&service, question(24, &[("A", 1, 9), ("A", 9, 1)]))
        .await
        .json();
    let hours = |station: usize| {
        answer["items"][station]["hours"]
            .as_array()
            .unwrap()
            .clone()
    };

    let told: Vec<Value> = hours(0).iter().map(|hour| hour["hour"].clone()).collect();
    let expected: Vec<Value> = (1..=24).map(|ahead| json!(this_hour() + ahead)).collect();
    assert_eq!(told, expected, "the beginning of each hour to come");

    let probability = |station: usize, what: &str| hours(station)[0][what].as_f64().unwrap();
    assert!(probability(0, "bike") < probability(1, "bike"), "{answer}");
    assert!(probability(0, "dock") > probability(1, "dock"), "{answer}");
}

#[tokio::test]
async fn a_station_that_is_not_known_has_an_empty_list_and_the_others_their_chances() {
    let service = Service::ready().await;
    // `B` is forecast, and nothing was learnt of its bikes.
    let asked = question(3, &[("nowhere", 1, 1), ("B", 1, 1), ("A", 1, 1)]);
    let answer = ask(&service, asked).await.json();
    let lengths: Vec<usize> = answer["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["hours"].as_array().unwrap().len())
        .collect();
    assert_eq!(lengths, [0, 0, 3]);
}

#[tokio::test]
async fn chances_stop_at_the_last_hour_that_can_be_predicted() {
    let service = Service::ready().await;
    service.advance(40);
    let answer = ask(&service, question(24, &[("A", 5, 5)])).await.json();
    assert_eq!(answer["items"][0]["hours"].as_array().unwrap().len(), 8);
}

#[tokio::test]
async fn a_question_out_of_bounds_is_refused_and_its_field_named() {
    let service = Service::ready().await;
    let many: Vec<(&str, u32, u32)> = vec![("A", 1, 1); 101];
    let table = [
        (question(0, &[("A", 1, 1)]), "hours"),
        (question(25, &[("A", 1, 1)]), "hours"),
        (question(1, &[]), "items"),
        (question(1, &many), "items"),
        (question(1, &[("A", 1, 1), ("A", 501, 0)]), "items[1].bikes"),
        (question(1, &[("A", 1, 4_000_000_000)]), "items[0].docks"),
    ];
    for (question, field) in table {
        let answer = ask(&service, question).await;
        assert_eq!(
            (answer.status.as_u16(), answer.json()["field"].as_str()),
            (422, Some(field)),
            "{}",
            answer.text
        );
    }

    for question in [
        json!({"hours": 1, "items": [["A", 1, 1]]}),
        json!({"hours": 1.5, "items": []}),
        json!([1, []]),
    ] {
        assert!(ask(&service, question).await.status.is_client_error());
    }
}
