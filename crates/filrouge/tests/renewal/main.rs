//! The loop of production, whole: riders change, an alarm rings, the forge is asked for a training, the
//! new version passes its gates, is signed, installed, judged beside the champion, promoted, and the
//! alarm stops. The services run in this process under a moved clock; the commands are those of the
//! built program.

#![expect(
    clippy::unwrap_used,
    reason = "what a helper of a test cannot do fails the test"
)]

mod chain;
mod commands;
mod forge;
mod production;
mod town;

use filrouge_city::IncidentKind;
use filrouge_dataset::{Dataset, write_dataset};
use serde_json::json;

use commands::{Commands, text};
use forge::Forge;
use production::Production;
use town::Town;

/// Days of history before production starts.
const KNOWN_DAYS: i64 = 300;

/// Last days that the first champion learnt from: a version made in haste.
const LEARNT_DAYS: i64 = 60;

/// Days that a training waits for, so that most of four weeks tell the new demand.
const NEW_DAYS: i64 = 14;

/// Days kept from the training, on which its version is judged.
const UNSEEN_DAYS: i64 = 3;

// Preuve: C13.2 une alarme du modèle déclenche la chaîne entière : demande à la forge, entraînement, critères, signature, canari, promotion, fin de l’alarme
#[tokio::test(flavor = "multi_thread")]
async fn an_alarm_leads_to_a_signed_champion_and_stops() {
    let Some(commands) = Commands::new() else {
        return;
    };
    let start = town::start() + 24 * KNOWN_DAYS;
    let shift = start + 24;
    let town = Town::with(IncidentKind::DemandShift { factor: 1.8 }, shift);

    // The champion of the day before, signed as all that serves.
    let unseen = start - 24 * UNSEEN_DAYS;
    let learnt = town.between(start - 24 * LEARNT_DAYS, unseen);
    commands.release("first", &learnt, &town.between(unseen, start));
    let first = commands.install("first");
    let production = Production::start(&commands, &town, start).await;
    assert_eq!(production.version().await, first);

    production.live_until(shift).await;
    assert_eq!(production.alarms().await, [""; 0], "a usual day");

    // Riders come nearly twice as often: within a day, an alarm rings.
    production.live_until(shift + 24).await;
    let alarms = production.alarms().await;
    assert!(!alarms.is_empty());

    // Alertmanager tells it, and the forge receives the event that the workflow waits for.
    let mut forge = Forge::start().await;
    let message = commands.file("alerts.json", &alertmanager(&alarms));
    let forge_url = forge.repository();
    commands
        .run(&["model", "dispatch", text(&message), "--forge", &forge_url])
        .await;
    let event = forge.event().await;
    assert_eq!(event["event_type"], "model-drift");
    assert_eq!(event["client_payload"]["metrics"], json!(alarms));
    assert!(forge::workflow_waits_for("model-drift"));

    // The training that the event starts waits for days of the new demand.
    let now = shift + 24 * NEW_DAYS;
    production.live_until(now).await;
    let unseen = now - 24 * UNSEEN_DAYS;
    let all = town.between(town::start(), unseen);
    commands.release("second", &all, &town.between(unseen, now));
    let second = commands.install("second");
    assert_ne!(second, first);
    let api = production.address();
    let canary = |word: &'static str| {
        let api = api.clone();
        let commands = &commands;
        let version = second.clone();
        async move {
            let mut words = vec!["model", "canary", word, "--model-api-url", &api];
            if word == "start" {
                words.push(&version);
            }
            commands.run(&words).await
        }
    };
    assert!(canary("start").await.contains("en cours"));

    // A day that the champion forecast before, then the days that judge.
    let mut days = 0;
    while production.version().await == first && days < 12 {
        days += 1;
        production.live_until(now + 24 * days).await;
    }
    let told = canary("status").await;
    assert_eq!(production.version().await, second, "{told}");
    assert!(told.contains("promu"), "{told}");
    assert_eq!(production.alarms().await, [""; 0], "the alarm has stopped");

    // The alarm that has stopped asks for nothing.
    let calm = commands.file("calm.json", &alertmanager(&[]));
    commands
        .run(&["model", "dispatch", text(&calm), "--forge", &forge_url])
        .await;
    assert!(forge.is_silent());
}

/// The message of Alertmanager for the metrics that are out of their limits.
fn alertmanager(metrics: &[String]) -> String {
    let alerts: Vec<_> = metrics
        .iter()
        .map(|metric| {
            let labels = json!({"alertname": "ModeleHorsLimites", "metric": metric});
            json!({"status": "firing", "labels": labels, "annotations": {}})
        })
        .collect();
    json!({"version": "4", "status": "firing", "receiver": "relay", "alerts": alerts}).to_string()
}

fn save(path: &std::path::Path, dataset: &Dataset) {
    write_dataset(path, dataset).unwrap();
}
