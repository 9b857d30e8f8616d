//! A service of a state, as its own process, and the few requests that the suite asks of it.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use serde_json::Value;

use crate::program::Program;

/// No answer of the suite takes longer on the slowest machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A first port whose followers are free: those of the web, of both APIs, of the city, of the loop and
/// of the incidents.
pub(crate) fn free_ports() -> u16 {
    loop {
        let any = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let base = any.local_addr().unwrap().port();
        let is_free = |port: u16| TcpListener::bind(("127.0.0.1", port)).is_ok();
        if base < u16::MAX - 12
            && [1, 2, 10, 11, 12]
                .into_iter()
                .all(|next| is_free(base + next))
        {
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
        Self::start_as(program, service, base, |command| command)
    }

    /// The same, by a command that was changed: with another clock, for instance.
    pub(crate) fn start_as(
        program: &Program,
        service: &str,
        base: u16,
        change: impl FnOnce(Command) -> Command,
    ) -> Self {
        let offset = match service {
            "data-api" => 1,
            "model-api" => 2,
            "city" => 10,
            "refresh" => 11,
            "incidents" => 12,
            _ => 0,
        };
        let command = match service {
            "refresh" => &["refresh"][..],
            "incidents" => &["incident", "listen"],
            _ => &["serve", service],
        };
        let mut plain = program.command(&[command, &["--port-base", &base.to_string()]].concat());
        plain.stdout(Stdio::null()).stderr(Stdio::null());
        let child = change(plain).spawn();
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
        try_ask(self.port, method, path, headers, body).unwrap()
    }

    /// The names of the threads of the service.
    #[cfg(target_os = "linux")]
    pub(crate) fn threads(&self) -> Vec<String> {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.child.id())).unwrap();
        // A thread may end meanwhile.
        let names =
            tasks.filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("comm")).ok());
        names.collect()
    }

    /// Asks the service to end, as a supervisor does, and waits until it has.
    pub(crate) fn end(mut self) {
        signal("TERM", &self.child.id().to_string());
        self.child.wait().unwrap();
    }

    /// Kills the service and the processes of its group.
    pub(crate) fn kill_group(mut self) {
        signal("KILL", &format!("-{}", self.child.id()));
        self.child.wait().unwrap();
        // The service is a child of the process that was waited for: until it is gone as well, the
        // next one would find its port taken.
        while TcpListener::bind(("127.0.0.1", self.port)).is_err() {
            sleep(Duration::from_millis(10));
        }
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

/// The same, of whatever listens on the port, or nothing: a service that was killed does not answer.
pub(crate) fn try_ask(
    port: u16,
    method: &str,
    path: &str,
    headers: &str,
    body: &str,
) -> io::Result<(u16, String)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}Content-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes())?;

    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let cut = || io::Error::from(io::ErrorKind::UnexpectedEof);
    let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(cut)?;
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    Ok((status.ok_or_else(cut)?, body.to_owned()))
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

/// Sends a signal to a process, or to a group whose number is negative. By the shell, which has a `kill`
/// of its own: a bare machine has no other.
pub(crate) fn signal(name: &str, process: &str) {
    let script = r#"kill -s "$1" -- "$2""#;
    let status = Command::new("sh")
        .args(["-c", script, "sh", name, process])
        .status();
    assert!(status.unwrap().success(), "{name} {process}");
}
