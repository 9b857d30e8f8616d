//! A service of a state, as its own process, and the few requests that the suite asks of it.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::Duration;

use serde_json::Value;

use crate::program::Program;

/// A first port whose followers are free: those of the web, of both APIs and of the city.
pub(crate) fn free_ports() -> u16 {
    loop {
        let any = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let base = any.local_addr().unwrap().port();
        let is_free = |port: u16| TcpListener::bind(("127.0.0.1", port)).is_ok();
        if base < u16::MAX - 10 && [1, 2, 10, 11].into_iter().all(|next| is_free(base + next)) {
            return base;
        }
    }
}

/// A service that runs; stopped when dropped, as `kill -9` does.
pub(crate) struct Served {
    child: Child,
    port: u16,
}

impl Served {
    /// Starts a service, and waits until it listens.
    pub(crate) fn start(program: &Program, service: &str, base: u16) -> Self {
        Self::start_with_log(program, service, base, Stdio::null())
    }

    /// The same, whose log goes to `log`.
    pub(crate) fn start_with_log(
        program: &Program,
        service: &str,
        base: u16,
        log: impl Into<Stdio>,
    ) -> Self {
        let offset = match service {
            "data-api" => 1,
            "model-api" => 2,
            _ => 0,
        };
        let mut command = program.command(&["serve", service, "--port-base", &base.to_string()]);
        let command = command.env("FILROUGE_LOG", "debug");
        let child = command.stdout(Stdio::null()).stderr(log).spawn();
        let mut served = Self {
            child: child.unwrap(),
            port: base + offset,
        };

        while TcpStream::connect(("127.0.0.1", served.port)).is_err() {
            assert!(
                served.child.try_wait().unwrap().is_none(),
                "{service} ended"
            );
            sleep(Duration::from_millis(50));
        }
        served
    }

    /// Status and body of the answer to `GET`.
    pub(crate) fn get(&self, path: &str) -> (u16, String) {
        self.ask("GET", path, "", "")
    }

    /// Status and body of the answer to a request; the headers end with a line break each.
    pub(crate) fn ask(&self, method: &str, path: &str, headers: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}Content-Length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).unwrap();

        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap();
        (status.parse().unwrap(), body.to_owned())
    }

    /// A token of a client of the state.
    pub(crate) fn token(&self, program: &Program, client_id: &str) -> String {
        let form = format!(
            "grant_type=client_credentials&{}",
            form_of(program, client_id)
        );
        let (status, answer) = self.ask("POST", "/oauth/token", FORM, &form);
        assert_eq!(status, 200, "{answer}");
        let answer: Value = serde_json::from_str(&answer).unwrap();
        answer["access_token"].as_str().unwrap().to_owned()
    }

    /// Asks for readiness until the answer has this status; probes ask so.
    pub(crate) fn until(&self, status: u16) -> Value {
        let mut last = String::new();
        for _ in 0..150 {
            let (answered, body) = self.get("/health/ready");
            if answered == status {
                return serde_json::from_str(&body).unwrap();
            }
            last = body;
            sleep(Duration::from_millis(200));
        }
        panic!("never {status}: {last}");
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Header of a form.
pub(crate) const FORM: &str = "Content-Type: application/x-www-form-urlencoded\r\n";

/// The identifier of a client and its secret, as a form.
pub(crate) fn form_of(program: &Program, client_id: &str) -> String {
    let text = std::fs::read(program.state().join("credentials.json")).unwrap();
    let clients: Vec<Value> = serde_json::from_slice(&text).unwrap();
    let client = clients
        .iter()
        .find(|client| client["client_id"] == client_id)
        .unwrap();
    let secret = client["client_secret"].as_str().unwrap();
    format!("client_id={client_id}&client_secret={secret}")
}

/// The status of one check of readiness.
pub(crate) fn check<'a>(body: &'a Value, name: &str) -> &'a Value {
    let checks = body["checks"].as_array().unwrap();
    let found = checks.iter().find(|check| check["name"] == name);
    &found.unwrap()["status"]
}
