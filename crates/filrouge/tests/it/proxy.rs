//! A company's proxy, which does not know the addresses of the machine itself.

use std::io::{Read, Write};
use std::net::TcpListener;

use crate::program::Program;

/// Nothing listens there: a request sent through it fails at once.
const PROXY: &str = "http://127.0.0.1:9";

/// Answers `{}` to every request, until the end of the test.
fn answer_everything(listener: TcpListener) {
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
            let _ = stream.write_all(answer.as_bytes());
        }
    });
}

#[test]
fn the_services_of_the_machine_are_not_asked_through_a_proxy() {
    let program = Program::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    answer_everything(listener);

    let arguments = [
        "incident",
        "gather",
        "panne",
        "--title",
        "Panne",
        "--port-base",
        &port,
    ];
    let mut command = program.command(&arguments);
    for variable in ["HTTP_PROXY", "http_proxy", "ALL_PROXY"] {
        command.env(variable, PROXY);
    }
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");

    let issue = std::fs::read_to_string(program.state().join("incidents/panne/issue.md")).unwrap();
    assert!(issue.contains("| web | prêt |"), "{issue}");
}
