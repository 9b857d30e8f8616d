//! The application as a program, in front of the AI service that its options name.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use filrouge_prerequisites as prerequisites;
use reqwest::Client;

use crate::program::{Program, text};

const PAUSE: Duration = Duration::from_millis(100);

/// A process that ends with its test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The application, which calls an AI service.
struct Application {
    address: String,
    http: Client,
    _process: Running,
    _program: Program,
}

impl Application {
    /// Starts `filrouge serve web` in front of the service at `url`, whose key is in `key_file`.
    async fn in_front_of(url: &str, key_file: &Path) -> Self {
        let port = free_port().to_string();
        let program = Program::new();
        let process = Running(program.start(&[
            "serve",
            "web",
            "--port-base",
            &port,
            "--triage-service",
            "llama-server",
            "--triage-url",
            url,
            "--triage-key-file",
            text(key_file),
        ]));

        let application = Self {
            address: format!("http://127.0.0.1:{port}"),
            http: Client::builder().no_proxy().build().unwrap(),
            _process: process,
            _program: program,
        };
        while application.get("/health/live").await.is_none() {
            tokio::time::sleep(PAUSE).await;
        }
        application
    }

    async fn get(&self, path: &str) -> Option<String> {
        let address = format!("{}{path}", self.address);
        let response = self.http.get(address).send().await.ok()?;

        response.text().await.ok()
    }

    async fn report(&self, body: &str) {
        let form = self
            .http
            .post(format!("{}/signaler", self.address))
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(format!("body={body}"));

        assert_eq!(form.send().await.unwrap().status(), 200);
    }

    /// The end of the first call of the service, such as `answered`, once there is one.
    async fn first_end(&self) -> String {
        loop {
            let metrics = self.get("/metrics").await.unwrap();
            let of_service = metrics
                .lines()
                .filter(|line| line.starts_with("ai_requests_total{"))
                // Some ends are there before the first call, at zero.
                .filter(|line| !line.ends_with(" 0"))
                .find(|line| line.contains(r#"service="llama-server""#));
            if let Some(line) = of_service {
                let (_, after) = line.split_once(r#"end=""#).unwrap();
                return after.split_once('"').unwrap().0.to_owned();
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.local_addr().unwrap().port()
}

/// The value of a series in the text of `/metrics`; 0 when it is not there.
fn value(metrics: &str, series: &str) -> f64 {
    let line = metrics.lines().find_map(|line| line.strip_prefix(series));
    line.map_or(0.0, |value| value.trim().parse().unwrap())
}

#[tokio::test]
async fn a_report_is_kept_and_sorted_when_the_service_is_down() {
    let key = tempfile::NamedTempFile::new().unwrap();
    let nowhere = format!("http://127.0.0.1:{}/v1/", free_port());
    let application = Application::in_front_of(&nowhere, key.path()).await;

    application
        .report("frein+avant+mort,+je+suis+tomb%C3%A9")
        .await;

    assert_eq!(application.first_end().await, "unreachable");
    let metrics = application.get("/metrics").await.unwrap();
    let fallbacks = r#"ai_fallbacks_total{reason="unreachable",service="llama-server"}"#;
    assert_eq!(value(&metrics, fallbacks), 1.0);
    let ready = application.get("/health/ready").await.unwrap();
    assert!(
        ready.contains("le classifieur embarqué le remplace"),
        "{ready}"
    );
}

#[test]
fn a_service_that_nobody_knows_stops_the_program_with_those_that_it_knows() {
    let complaint = Program::new().fail(&[
        "serve",
        "web",
        "--port-base",
        &free_port().to_string(),
        "--triage-service",
        "mistal",
    ]);
    assert!(
        complaint.contains("mistal") && complaint.contains("llama-server"),
        "{complaint}"
    );
}

/// The real server: where it is, its key, and what stops it.
struct Llama {
    url: String,
    key_file: PathBuf,
    process: Child,
}

impl Drop for Llama {
    fn drop(&mut self) {
        // Its input ends with the wait, and the server with its input.
        let _ = self.process.wait();
    }
}

/// Starts the real server by the project's own command, which stops it when its input ends.
fn llama() -> Option<Llama> {
    let python = std::env::home_dir().map(|home| home.join(".cache/filrouge/llama/bin/python"));
    let installed = python.filter(|python| python.exists());
    prerequisites::require(installed, "the AI server (llama.cpp)", ".ci/install")?;

    let run = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/llama/run");
    let say = "echo $FILROUGE_PROVIDER_URL $FILROUGE_PROVIDER_KEY_FILE; cat";
    let mut child = Command::new(run)
        .args(["sh", "-c", say])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();

    let mut line = String::new();
    let output = child.stdout.take().unwrap();
    BufReader::new(output).read_line(&mut line).unwrap();
    let (url, key_file) = line.trim().split_once(' ').unwrap();
    Some(Llama {
        url: url.to_owned(),
        key_file: key_file.into(),
        process: child,
    })
}

// Preuve: C8.1 l’application appelle le vrai serveur d’IA, avec sa clé, et les deux comptent le même appel
#[tokio::test]
async fn the_application_calls_the_real_server_and_both_count_it() {
    let Some(llama) = llama() else { return };
    let application = Application::in_front_of(&llama.url, &llama.key_file).await;

    application.report("pneu+crev%C3%A9+sur+le+4521").await;

    let end = application.first_end().await;
    let metrics = application.get("/metrics").await.unwrap();
    if end == "answered" {
        let read = r#"ai_tokens_total{kind="prompt",service="llama-server"}"#;
        let key = std::fs::read_to_string(&llama.key_file).unwrap();
        let own = application
            .http
            .get(format!("{}/metrics", llama.url.trim_end_matches("/v1/")))
            .bearer_auth(key.trim());
        let own = own.send().await.unwrap().text().await.unwrap();
        assert_eq!(
            value(&own, "llamacpp:prompt_tokens_total "),
            value(&metrics, read),
            "{own}"
        );
    } else {
        // A small model on a busy machine may be late or wrong: the classifier stood in.
        let fallbacks = format!(r#"ai_fallbacks_total{{reason="{end}",service="llama-server"}}"#);
        assert_eq!(value(&metrics, &fallbacks), 1.0, "{metrics}");
    }
}
