use filrouge_types::Language;

use super::promises::promise_text;
use super::*;
use crate::page::monitoring;
use crate::request_counts::RequestCounts;

fn check(name: &str, status: CheckResult, detail: Option<&str>) -> Check {
    Check {
        name: name.to_owned(),
        status,
        detail: detail.map(str::to_owned),
    }
}

fn service(name: &'static str, checks: Option<Vec<Check>>, failed: f64) -> ServiceState {
    ServiceState {
        name,
        checks,
        requests: Some(RequestCounts {
            total: 1_000.0,
            failed,
            within: vec![(0.25, 998.0), (0.5, 1_000.0)],
        }),
        last_hour: None,
    }
}

/// One check to look at, one service that breaks its promise.
pub(super) fn sample() -> Asked {
    let late = "la dernière collecte date de trois heures";
    let data_api = vec![
        check("read", CheckResult::Ok, None),
        check("freshness", CheckResult::Degraded, Some(late)),
    ];

    Asked {
        services: vec![
            service(
                "web",
                Some(vec![check("stations", CheckResult::Ok, None)]),
                0.0,
            ),
            ServiceState {
                last_hour: Some(crate::data_api::SAMPLE_TIME.timestamp() as f64 - 7_200.0),
                ..service("data-api", Some(data_api), 20.0)
            },
            service(
                "model-api",
                Some(vec![check("model", CheckResult::Ok, None)]),
                1.0,
            ),
        ],
        monitoring: Some(monitoring::sample()),
    }
}

/// Both APIs are stopped.
pub(super) fn silent() -> Asked {
    let silent = |name| ServiceState {
        name,
        checks: None,
        requests: None,
        last_hour: None,
    };
    let failed = check("stations", CheckResult::Failed, None);

    Asked {
        services: vec![
            service("web", Some(vec![failed]), 400.0),
            silent("data-api"),
            silent("model-api"),
        ],
        monitoring: None,
    }
}

#[test]
fn what_has_to_be_looked_at_is_told_in_sentences() {
    let t = Frame::sample(Language::French);

    let told = alarms(&t, &sample());
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains("API de données") && told[0].contains("freshness"));

    let told = alarms(&t, &silent());
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told[2].contains("API du modèle"), "{told:?}");
}

#[test]
fn every_objective_is_on_the_page_with_its_verdict() {
    let t = Frame::sample(Language::French);
    let now = crate::data_api::SAMPLE_TIME;
    let verdicts = |asked: &Asked| -> Vec<String> {
        let promises = promises::promises(&t, asked, now).into_iter();
        promises.map(|promise| promise.verdict).collect()
    };
    let [kept, broken, unknown] =
        ["promise-kept", "promise-broken", "promise-unknown"].map(|key| t.say(key));

    let expected = [&kept, &broken, &kept, &kept, &kept, &kept, &broken, &broken];
    assert_eq!(verdicts(&sample()).iter().collect::<Vec<_>>(), expected);

    let silent = verdicts(&silent());
    assert_eq!(silent.iter().filter(|one| **one == unknown).count(), 6);

    for objective in filrouge_operations::objectives().unwrap() {
        assert_ne!(
            promise_text(&objective.name),
            "slo-other",
            "{}",
            objective.name
        );
    }
}
