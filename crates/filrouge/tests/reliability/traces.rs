//! The traces of the services, as a collector of ours receives them, and what a collector that fails
//! costs: nothing.

use std::net::TcpListener;

use crate::collector::{Collector, ENDPOINT, ReceivedSpan};
use crate::program::Program;
use crate::real::real_state;
use crate::service::{Served, free_ports};
use crate::state::small_state;

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLER: &str = "00f067aa0ba902b7";
const REQUEST_ID: &str = "4f1c9a2e00004000800000000000000a";

/// A service that sends its traces to `endpoint`.
fn traced(program: &Program, service: &str, base: u16, endpoint: &str) -> Served {
    Served::start_as(program, service, base, |mut command| {
        command.env(ENDPOINT, endpoint);
        command
    })
}

/// A span in one line: its service, its name, whose child it is, what it tells.
fn line(span: &ReceivedSpan, spans: &[ReceivedSpan]) -> String {
    let parent = spans.iter().find(|other| other.span_id == span.parent_id);
    let parent = match parent {
        Some(parent) => format!("{}: {}", parent.service, parent.name),
        None if span.parent_id == CALLER => "the caller".to_owned(),
        None => "nobody".to_owned(),
    };
    let told = span.attributes.iter();
    let told: Vec<_> = told
        .filter(|(name, _)| *name != "request_id")
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let (service, name) = (&span.service, &span.name);
    format!("{service}: {name} < {parent} | {}", told.join(" "))
}

// Preuve: C20.4 une page est une seule trace, de l’application aux deux API, avec l’identifiant de requête du journal
#[test]
fn one_page_is_one_trace_from_the_application_to_the_apis() {
    let (program, base, collector) = (real_state(), free_ports(), Collector::start());
    let services = ["data-api", "model-api", "web"]
        .map(|service| traced(&program, service, base, &collector.endpoint));
    let [_, model_api, web] = &services;
    model_api.until(200);

    let headers = format!(
        "Traceparent: 00-{TRACE}-{CALLER}-01\r\nTracestate: who=jeanne\r\nX-Request-Id: {REQUEST_ID}\r\n"
    );
    assert_eq!(web.ask("GET", "/stations/S1", &headers, "").0, 200);
    // What waits is sent before they end.
    services.into_iter().for_each(Served::end);

    let spans = collector.spans();
    let page: Vec<_> = spans.iter().filter(|span| span.trace_id == TRACE).collect();
    let mut lines: Vec<_> = page.iter().map(|span| line(span, &spans)).collect();
    lines.sort_unstable();
    // The application calls both APIs in the same words.
    lines.dedup();
    assert_eq!(
        lines,
        [
            "data-api: GET /v1/stations < web: GET | http.request.method=GET \
             http.response.status_code=200 http.route=/v1/stations",
            "model-api: GET /v1/stations/{station_id}/forecast < web: GET | http.request.method=GET \
             http.response.status_code=200 http.route=/v1/stations/{station_id}/forecast",
            "web: GET /stations/{station_id} < the caller | http.request.method=GET \
             http.response.status_code=200 http.route=/stations/{station_id}",
            "web: GET < web: GET /stations/{station_id} | http.request.method=GET \
             server.address=127.0.0.1",
        ]
    );
    for span in page {
        assert_eq!(span.attributes["request_id"], REQUEST_ID);
        // What came with the span of the caller stays outside.
        assert_eq!(span.trace_state, "");
    }
    assert!(!collector.text().contains("jeanne"));
}

#[test]
fn a_collector_that_fails_costs_no_request_no_alarm_and_no_end() {
    let program = small_state();
    program.succeed(&["import"]);
    // It accepts connections, and never answers.
    let mute = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let gone = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let [mute_address, gone_address] =
        [&mute, &gone].map(|listener| format!("http://{}", listener.local_addr().unwrap()));
    drop(gone);

    for (endpoint, told) in [
        (mute_address, "the last traces did not reach the collector"),
        (gone_address, "the collector does not take the traces"),
    ] {
        let path = program.path("data-api.log");
        let log = std::fs::File::create(&path).unwrap();
        let service = Served::start_as(&program, "data-api", free_ports(), |mut command| {
            command.env(ENDPOINT, &endpoint).stderr(log);
            command.env("OTEL_BSP_MAX_QUEUE_SIZE", "8");
            command.env("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "4");
            command
        });

        // Many times what the queue holds.
        for _ in 0..100 {
            assert_eq!(service.get("/v1/stations").0, 401);
        }
        assert_eq!(service.get("/health/ready").0, 200);
        service.end();

        let log = std::fs::read_to_string(&path).unwrap();
        assert_eq!(log.matches(told).count(), 1, "{endpoint}: {log}");
        assert!(!log.contains("ERROR"), "{endpoint}: {log}");
    }
}

/// Whether a thread of the SDK runs in the service.
#[cfg(target_os = "linux")]
fn sends_traces(service: &Served) -> bool {
    service
        .threads()
        .iter()
        .any(|name| name.starts_with("OpenTelemetry"))
}

#[cfg(target_os = "linux")]
#[test]
fn nothing_is_sent_unless_the_environment_names_a_collector() {
    let (program, collector) = (Program::new(), Collector::start());
    for (endpoint, is_sent) in [("", false), (&*collector.endpoint, true)] {
        let service = traced(&program, "city", free_ports(), endpoint);
        assert_eq!(sends_traces(&service), is_sent, "`{endpoint}`");
    }

    let plain = Served::start(&program, "city", free_ports());
    assert!(!sends_traces(&plain));
}

#[test]
fn an_address_that_cannot_be_read_is_said_at_once() {
    let program = Program::new();
    let mut command = program.command(&["serve", "city"]);
    let output = command.env(ENDPOINT, "not an address").output().unwrap();

    assert!(!output.status.success());
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(
        told.contains("les traces ne peuvent pas être exportées") && told.contains(ENDPOINT),
        "{told}"
    );
}
