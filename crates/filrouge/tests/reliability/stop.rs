//! The end that a person asks for: requests under way finish, of a service alone as of the whole case.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::Duration;

use crate::program::Program;
use crate::real::real_state;
use crate::service::{form_of, free_ports, signal, try_ask};

/// A process that is killed when it is dropped, unless it ended.
struct Running(Child);

impl Running {
    fn start(program: &Program, arguments: &[&str], base: u16) -> Self {
        let mut command =
            program.command(&[arguments, &["--port-base", &base.to_string()]].concat());
        let child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        Self(child.unwrap())
    }

    /// What a supervisor does.
    fn ask_to_end(&self) {
        signal("TERM", &self.0.id().to_string());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn connect(port: u16) -> TcpStream {
    for _ in 0..600 {
        match TcpStream::connect(("127.0.0.1", port)) {
            Ok(stream) => return stream,
            Err(_) => sleep(Duration::from_millis(100)),
        }
    }
    panic!("nothing listens on {port}");
}

/// Half of a request for a token is sent, the end is asked for, the other half follows.
fn answer_across_the_end(program: &Program, arguments: &[&str]) -> String {
    let base = free_ports();
    let mut running = Running::start(program, arguments, base);
    let mut stream = connect(base + 1);
    let form = format!(
        "grant_type=client_credentials&{}",
        form_of(program, "operator")
    );
    let (first, second) = form.split_at(form.len() / 2);
    let head = format!(
        "POST /oauth/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
        form.len()
    );
    // Until then, a connection waits in the system's queue: the case begins with the data.
    wait_until_ready(base + 1);
    stream
        .write_all(format!("{head}{first}").as_bytes())
        .unwrap();
    sleep(Duration::from_millis(300));

    running.ask_to_end();
    sleep(Duration::from_millis(700));
    let _ = stream.write_all(second.as_bytes());
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);

    let status = running.0.wait().unwrap();
    assert!(status.success(), "{arguments:?}: {status}");
    answer
}

fn wait_until_ready(port: u16) {
    let ask = || try_ask(port, "GET", "/health/live", "", "");
    while !ask().is_ok_and(|(status, _)| status == 200) {
        sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_request_under_way_finishes_when_the_case_or_a_service_ends() {
    for arguments in [&["up"][..], &["serve", "data-api"]] {
        let answer = answer_across_the_end(&real_state(), arguments);
        assert!(
            answer.starts_with("HTTP/1.1 200"),
            "{arguments:?}: {answer}"
        );
    }
}

#[test]
fn a_service_says_its_address() {
    let (program, base) = (Program::new(), free_ports());
    let mut running = Running::start(&program, &["serve", "city"], base);

    let mut line = String::new();
    let mut output = BufReader::new(running.0.stdout.take().unwrap());
    output.read_line(&mut line).unwrap();

    assert_eq!(line, format!("ville : http://127.0.0.1:{}\n", base + 10));
}
