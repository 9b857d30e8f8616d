//! The data API as its documents tell it: installation step by step, examples, and a fuzzer.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use filrouge_prerequisites as prerequisites;

use crate::program::{Program, write_clean_files};

/// What brings the fuzzer, which takes a minute or two and is asked for.
const SCHEMATHESIS: &str =
    ".ci/install && export SCHEMATHESIS=~/.cache/filrouge/python/bin/schemathesis";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A first port whose next one is free: it is the data API's.
pub(crate) fn port_base() -> u16 {
    TcpListener::bind(("127.0.0.1", 0))
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
        - 1
}

fn has(program: &str) -> bool {
    prerequisites::program(program, &format!("apt-get install {program}")).is_some()
}

/// Runs a script where `cargo run --` is this very program, with a state and ports of its own.
fn shell(program: &Program, port_base: u16, script: &str) -> Output {
    let prelude = "cargo() { [ \"$1\" = build ] || { shift 2; \"$FILROUGE\" \"$@\"; }; }\n";
    let mut command = Command::new("sh");
    command
        .args(["-euc", &format!("{prelude}{script}")])
        .current_dir(root());
    command
        .env("FILROUGE", env!("CARGO_BIN_EXE_filrouge"))
        .env("FILROUGE_STATE", program.state());
    command
        .env("FILROUGE_PORT_BASE", port_base.to_string())
        .env_remove("DATABASE_URL");
    command.output().unwrap()
}

/// The commands of a document, step after step.
fn commands(document: &str) -> String {
    let mut inside = false;
    let lines = document.lines().filter(|line| {
        let fence = line.starts_with("```");
        if fence {
            inside = *line == "```sh";
        }
        inside && !fence
    });
    lines.flat_map(|line| [line, "\n"]).collect()
}

// Preuve principale: C4.4 la procédure d'installation de la base et de l'API, suivie pas à pas, donne le système annoncé [code : crates/filrouge/src/commands/import.rs]
#[test]
fn the_installation_document_is_followed_step_by_step() {
    if !has("curl") {
        return;
    }
    let program = Program::new();
    write_clean_files(&program);
    let document = std::fs::read_to_string(root().join("docs/installation-donnees.md")).unwrap();
    let script =
        commands(&document).replace("target/debug/filrouge", env!("CARGO_BIN_EXE_filrouge"));
    let output = shell(&program, port_base(), &script);
    let (told, complained) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    for expected in [
        "lignes lues",
        r#"{"status":"degraded","checks":[{"name":"read","status":"ok"}"#,
        r#""next_cursor":""#,
        "401",
    ] {
        assert!(told.contains(expected), "{expected}\n{told}\n{complained}");
    }
}

struct Service {
    child: std::process::Child,
    address: String,
    secret: String,
}

impl Service {
    fn start(program: &Program) -> Self {
        Self::start_with(program, &[])
    }

    fn start_with(program: &Program, options: &[&str]) -> Self {
        write_clean_files(program);
        program.succeed(&["import"]);
        let base = port_base();

        let child = program.start(
            &[
                &["serve", "data-api", "--port-base", &base.to_string()],
                options,
            ]
            .concat(),
        );

        let address = format!("127.0.0.1:{}", base + 1);
        while std::net::TcpStream::connect(&address).is_err() {
            std::thread::sleep(Duration::from_millis(50));
        }

        let credentials =
            std::fs::read_to_string(program.state().join("credentials.json")).unwrap();
        let credentials: serde_json::Value = serde_json::from_str(&credentials).unwrap();
        let secret = credentials[0]["client_secret"].as_str().unwrap().to_owned();

        Self {
            child,
            address: format!("http://{address}"),
            secret,
        }
    }

    fn run(&self, command: &mut Command) -> String {
        command
            .env("API", &self.address)
            .env("CLIENT_ID", "demo")
            .env("CLIENT_SECRET", &self.secret);
        let output = command.output().unwrap();
        let told = String::from_utf8(output.stdout).unwrap();
        let complained = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command:?}: {told}{complained}");

        told
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn examples() -> PathBuf {
    root().join("docs/exemples/data-api")
}

// Preuve: C5.2 l’exemple livré en curl s’authentifie et lit l’API
#[test]
fn the_example_of_curl_reads_the_api() {
    if !has("curl") {
        return;
    }
    let program = Program::new();
    let service = Service::start(&program);

    let told = service.run(Command::new("sh").arg(examples().join("exemple.sh")));
    assert!(told.contains("S0"), "{told}");
}

// Preuve: C5.2 l’exemple livré en Python s’authentifie et lit l’API
#[test]
fn the_example_of_python_reads_the_api() {
    if !has("python3") {
        return;
    }
    let program = Program::new();
    let service = Service::start(&program);

    let told = service.run(Command::new("python3").arg(examples().join("exemple.py")));
    assert_eq!(told, "S0 S0\nS1 S1\nS2 S2\n");
}

// Preuve: C5.2 l’exemple livré en Rust s’authentifie et lit l’API
#[test]
fn the_example_of_rust_reads_the_api() {
    let built = Path::new(env!("CARGO_BIN_EXE_filrouge")).with_file_name("examples/data_api");
    let Some(example) = prerequisites::path(built, "cargo build --examples") else {
        return;
    };
    let program = Program::new();
    let service = Service::start(&program);

    let told = service.run(&mut Command::new(example));
    assert!(told.contains(r#""station_id":"S1""#), "{told}");
}

#[test]
fn a_client_asks_as_often_as_the_operator_says_and_no_more() {
    if !has("curl") {
        return;
    }
    let program = Program::new();
    let service = Service::start_with(&program, &["--client-rate", "1"]);
    let ask = r#"
        token=$(curl -s -u "$CLIENT_ID:$CLIENT_SECRET" -d grant_type=client_credentials "$API/oauth/token" |
            sed 's/.*"access_token":"\([^"]*\)".*/\1/')
        for _ in 1 2 3 4 5; do
            curl -s -o /dev/null -w '%{http_code} %header{retry-after}\n' -H "Authorization: Bearer $token" "$API/v1/stations"
        done"#;
    let told = service.run(Command::new("sh").args(["-euc", ask]));
    assert!(
        told.starts_with("200 \n200 \n") && told.contains("429 1\n"),
        "{told}"
    );
}

// Preuve: C5.3 l'API répond comme son document OpenAPI l'annonce à tout ce que schemathesis lui demande
#[test]
fn a_fuzzer_finds_nothing() {
    if prerequisites::variable("SCHEMATHESIS", SCHEMATHESIS).is_none() {
        return;
    }
    let program = Program::new();
    let service = Service::start(&program);
    let report = service.run(
        Command::new(root().join("tests/api/fuzz"))
            .args([&service.address])
            .arg(program.state().join("credentials.json"))
            .args(["demo", "dpo"]),
    );

    println!("{report}");
}
