//! The evidence of an incident, and the faults that a demonstration plays.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::thread;

use crate::program::{Program, text};
use crate::real::real_state;
use crate::service::{Served, free_ports, try_ask};
use crate::state::walk;

const NAME: &str = "2026-11-30-essai";

fn gather(program: &Program, base: u16, options: &[&str]) -> std::process::Command {
    let base = base.to_string();
    program.command(&[&["incident", "gather", NAME, "--port-base", &base], options].concat())
}

/// The incident that [`notification`] opens.
const INCIDENT: &str = "2026-11-30-101500-serviceabsent-data-api";

/// Alertmanager's message of one alarm, version 4.
fn notification(status: &str) -> String {
    serde_json::json!({
        "version": "4",
        "status": status,
        "receiver": "incidents",
        "alerts": [{
            "status": status,
            "labels": { "alertname": "ServiceAbsent", "job": "data-api", "severity": "page" },
            "annotations": { "summary": "Le service data-api ne répond plus", "runbook": "docs/alarmes.md#serviceabsent" },
            "startsAt": "2026-11-30T10:15:00Z",
            "endsAt": "2026-11-30T10:25:00Z",
            "generatorURL": "http://prometheus/graph",
            "fingerprint": "a1b2",
        }],
    })
    .to_string()
}

/// The file, once it is there and holds `expected`.
fn once_it_holds(path: &std::path::Path, expected: &str) -> String {
    for _ in 0..300 {
        let text = fs::read_to_string(path).unwrap_or_default();
        if text.contains(expected) {
            return text;
        }
        thread::sleep(std::time::Duration::from_millis(100));
    }
    panic!("{} never holds « {expected} »", path.display());
}

// Preuve: C21.3 une alarme ouvre d’elle-même l’incident : preuves réunies, texte du ticket, puis sa fin
#[test]
fn an_alarm_opens_an_incident_whose_end_is_noted() {
    let (program, (address, received)) = (real_state(), forge());
    let listener = listener_with(&program, &address);
    let incidents = program.state().join("incidents");
    let folder = incidents.join(INCIDENT);

    ring(&listener, "firing");
    let issue = once_it_holds(&folder.join("issue.md"), "Ce que disent les services");
    assert!(
        issue.starts_with("# Le service data-api ne répond plus"),
        "{issue}"
    );
    for expected in [
        "docs/alarmes.md#serviceabsent",
        "| data-api | ne répond pas |",
    ] {
        assert!(issue.contains(expected), "{issue}");
    }
    let request = received.join().unwrap();
    assert!(request.contains("Bearer jeton-essai"), "{request}");

    // Alertmanager says it again: the forge, which takes one issue, would be missed.
    ring(&listener, "firing");
    ring(&listener, "resolved");
    once_it_holds(
        &folder.join("alarm.json"),
        "\"ended\": \"2026-11-30T10:25:00Z\"",
    );
    assert_eq!(fs::read_dir(&incidents).unwrap().count(), 1);
}

/// As a gathering leaves its folder when it is killed on the way, or stopped by a full disk.
#[test]
fn an_alarm_that_rings_again_has_gathered_what_was_cut_short() {
    let program = real_state();
    let folder = begun(&program, &["alarm.json"]);
    let listener = Served::start(&program, "incidents", free_ports());

    ring(&listener, "firing");

    once_it_holds(&folder.join("issue.md"), "Ce que disent les services");
}

/// As a forge that does not answer leaves it: the evidence of the first time is the one to keep.
#[test]
fn an_alarm_that_rings_again_posts_the_issue_that_a_forge_missed() {
    let (program, (address, received)) = (real_state(), forge());
    let folder = begun(&program, &["alarm.json", "issue.md"]);
    let listener = listener_with(&program, &address);

    ring(&listener, "firing");

    once_it_holds(
        &folder.join("issue-address.txt"),
        "http://forge/a/b/issues/1",
    );
    let request = received.join().unwrap();
    assert!(
        request.contains("Ce que disent, la première fois"),
        "{request}"
    );
}

/// The folder of the incident that [`notification`] tells of, with some of its files.
fn begun(program: &Program, files: &[&str]) -> PathBuf {
    let folder = program.state().join("incidents").join(INCIDENT);
    fs::create_dir_all(&folder).unwrap();
    for file in files {
        fs::write(folder.join(file), "Ce que disent, la première fois").unwrap();
    }
    folder
}

fn listener_with(program: &Program, forge: &str) -> Served {
    Served::start_as(program, "incidents", free_ports(), |mut command| {
        command
            .env("FILROUGE_FORGE_URL", forge)
            .env("FILROUGE_FORGE_TOKEN", "jeton-essai");
        command
    })
}

/// Posts an alarm as Alertmanager does.
fn ring(listener: &Served, status: &str) {
    let header = "Content-Type: application/json\r\n";
    let (answered, body) = listener.ask("POST", "/", header, &notification(status));
    assert_eq!(answered, 202, "{body}");
}

fn evidence(program: &Program) -> PathBuf {
    program.state().join("incidents").join(NAME)
}

// Preuve: C21.3 ce que dit un état qui tourne, réuni en une commande, avec le texte du ticket
#[test]
fn the_evidence_of_a_running_state_is_gathered_and_tells_of_nobody() {
    let (program, base) = (real_state(), free_ports());
    let data_api = Served::start(&program, "data-api", base);
    data_api.until(200);
    let log = program.write(
        "service.log",
        "{\"level\":\"WARN\",\"fields\":{\"message\":\"slow\",\"person\":\"770041\"}}\n",
    );

    let output = gather(&program, base, &["--log", text(&log)])
        .output()
        .unwrap();

    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let files = walk(&evidence(&program));
    for expected in [
        "versions.json",
        "services.json",
        "data.json",
        "model.json",
        "metrics-data-api.txt",
        "log-1.jsonl",
        "issue.md",
    ] {
        assert!(
            files.contains(&evidence(&program).join(expected)),
            "{expected}"
        );
    }
    for file in files.iter().filter(|path| path.is_file()) {
        let content = fs::read_to_string(file).unwrap();
        assert!(
            !content.contains("770041") && !content.contains("client_secret"),
            "{file:?}"
        );
        let mode = fs::metadata(file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file:?}");
    }
    let issue = fs::read_to_string(evidence(&program).join("issue.md")).unwrap();
    assert!(issue.contains("| data-api | prêt |"), "{issue}");
    assert!(issue.contains("| web | ne répond pas |"), "{issue}");
}

/// A forge that takes one issue; gives the request that it received.
fn forge() -> (String, thread::JoinHandle<String>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = format!("http://{}/api/v1/repos/a/b", listener.local_addr().unwrap());
    let received = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let (mut request, mut part) = (String::new(), [0; 4096]);
        while !request.contains("Ce que disent") || !request.ends_with('}') {
            let read = stream.read(&mut part).unwrap();
            request += &String::from_utf8_lossy(&part[..read]);
        }
        let body = r#"{"html_url":"http://forge/a/b/issues/1"}"#;
        let head = format!(
            "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        stream
            .write_all(format!("{head}{body}").as_bytes())
            .unwrap();
        request
    });
    (address, received)
}

// Preuve: C21.3 le ticket est ouvert dans une forge quand un jeton est donné
#[test]
fn an_issue_is_posted_to_a_forge_with_the_token_of_the_environment() {
    let (program, (address, received)) = (real_state(), forge());

    let mut command = gather(&program, free_ports(), &["--forge", &address]);
    let output = command
        .env("FILROUGE_FORGE_TOKEN", "jeton-essai")
        .output()
        .unwrap();

    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.contains("http://forge/a/b/issues/1"), "{told}");
    let request = received.join().unwrap();
    assert!(
        request.starts_with("POST /api/v1/repos/a/b/issues "),
        "{request}"
    );
    assert!(request.contains("Bearer jeton-essai"), "{request}");
    assert!(request.contains("Ce que disent les services"), "{request}");
}

#[test]
fn a_token_is_never_given_in_clear_to_another_machine() {
    let program = real_state();
    let mut command = gather(
        &program,
        free_ports(),
        &["--forge", "http://forge.example/a/b"],
    );
    let output = command
        .env("FILROUGE_FORGE_TOKEN", "jeton-essai")
        .output()
        .unwrap();

    let told = String::from_utf8(output.stderr).unwrap();
    assert!(
        told.contains("https") && !told.contains("jeton-essai"),
        "{told}"
    );
}

// Preuve: C21.2 une panne connue est reproduite dans une démonstration qui tourne, puis levée
#[test]
fn a_source_that_is_played_mute_is_mute_until_it_is_stopped() {
    let (program, base) = (Program::new(), free_ports());
    fs::create_dir_all(program.state().join("city")).unwrap();
    // The city stands at the tenth port.
    let _city = Served::start(&program, "city", base);
    let until = |status| {
        for _ in 0..100 {
            // A city that opens again cuts whoever asks at that instant.
            let answer = try_ask(base + 10, "GET", "/gbfs/3/gbfs.json", "", "");
            if answer.is_ok_and(|(given, _)| given == status) {
                return true;
            }
            thread::sleep(std::time::Duration::from_millis(100));
        }
        false
    };
    assert!(until(200));

    let told = program.succeed(&["incident", "play", "source-muette"]);
    assert!(told.contains("À voir") && until(503), "{told}");

    program.succeed(&["incident", "play", "source-muette", "--stop"]);
    assert!(until(200));
}

#[test]
fn nothing_is_played_where_no_city_is_simulated() {
    let program = real_state();
    let refusal = program.fail(&["incident", "play", "modele-tronque"]);
    assert!(refusal.contains("démonstration"), "{refusal}");
}

#[test]
fn a_model_that_is_played_truncated_has_a_stand_in_and_comes_back() {
    let program = real_state();
    fs::create_dir_all(program.state().join("city")).unwrap();
    let models = program.state().join("models/demand");
    let version = filrouge_model::champion::read(&models).unwrap();
    let file = models.join(version).join("model.onnx");
    let whole = fs::read(&file).unwrap();

    program.succeed(&["incident", "play", "modele-tronque"]);
    assert_eq!(fs::read(&file).unwrap().len(), whole.len() / 2);

    program.succeed(&["incident", "play", "modele-tronque", "--stop"]);
    assert_eq!(fs::read(&file).unwrap(), whole);
}
