//! Nothing of a person reaches a log, a metric or a trace, whatever door it comes by: every route of every
//! service, in its path, its query, its headers and its body.

use std::fs::File;

use serde_json::Value;

use crate::collector::{Collector, ENDPOINT};
use crate::program::Program;
use crate::service::{FORM, Served, free_ports};
use crate::state::small_state;

/// A name, an address, a telephone number, and the number of a subscriber.
const PERSON: [&str; 4] = ["Jeanne", "jeanne.martin@exemple.fr", "0612345678", "770041"];

/// Method and path of every route of a service.
fn routes(service: &str) -> Vec<(String, String)> {
    // It has no OpenAPI document: its access table has every route.
    if service == "web" {
        let table = filrouge_web::access_table().into_iter();
        return table
            .map(|rule| (rule.method.to_string(), rule.path.to_owned()))
            .collect();
    }

    let path = format!(
        "{}/../../api-spec/{service}.openapi.json",
        env!("CARGO_MANIFEST_DIR")
    );
    let document: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let paths = document["paths"].as_object().unwrap().iter();
    let methods = paths.flat_map(|(path, methods)| {
        let methods = methods.as_object().unwrap().keys();
        methods.map(|method| (method.to_uppercase(), path.clone()))
    });
    methods.collect()
}

/// The path with the person in each of its parameters.
fn path_of(route: &str, datum: &str) -> String {
    let parts = route.split('/').map(|part| match part.starts_with('{') {
        true => datum,
        false => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

/// Sends the person by every door of a service, with a token and without.
fn send_everywhere(served: &Served, service: &str, tokens: &[String]) {
    let person = PERSON.join(" ");
    let encoded = person.replace(' ', "%20");
    let body = format!(r#"{{"name": "{person}", "items": [{{"station_id": "{person}"}}]}}"#);

    for (method, route) in routes(service) {
        for datum in PERSON {
            let path = format!("{}?q={encoded}&{datum}={datum}", path_of(&route, datum));
            for token in tokens {
                let headers = format!(
                    "User-Agent: {person}\r\nReferer: http://a/{encoded}\r\nCookie: who={datum}\r\n\
                     X-Request-Id: {datum}\r\nX-Forwarded-For: {datum}\r\nAccept-Language: {datum}\r\n\
                     If-None-Match: \"{datum}\"\r\nTraceparent: {datum}\r\nTracestate: who={datum}\r\n\
                     Baggage: who={encoded}\r\nAuthorization: Bearer {token}\r\n\
                     Content-Type: application/json\r\n"
                );
                served.ask(&method, &path, &headers, &body);
            }
        }
    }

    let form = format!("grant_type=client_credentials&client_id={encoded}&client_secret={encoded}");
    served.ask("POST", "/oauth/token", FORM, &form);
    served.get(&format!("/nowhere/{}?q={encoded}", PERSON[1]));
}

/// The lines of a text that tell something of the person.
fn told(text: &str) -> Vec<&str> {
    let tells = |line: &&str| PERSON.iter().any(|datum| line.contains(datum));
    text.lines().filter(tells).collect()
}

// Preuve: C20.4 aucune donnée personnelle n’atteint le journal, les métriques ni les traces, par aucune route, aucun en-tête et aucun formulaire
#[test]
fn nothing_of_a_person_is_in_a_log_a_metric_or_a_trace() {
    let program: Program = small_state();
    program.succeed(&["import"]);
    let (base, collector) = (free_ports(), Collector::start());
    let log = |service: &str| program.path(&format!("{service}.log"));
    let start = |service: &str| {
        let file = File::create(log(service)).unwrap();
        Served::start_as(&program, service, base, |mut command| {
            command.env("FILROUGE_LOG", "debug").stderr(file);
            command.env(ENDPOINT, &collector.endpoint);
            command
        })
    };

    let data_api = start("data-api");
    let web = start("web");
    let tokens = ["demo", "dpo"].map(|client| data_api.token(&program, client));
    send_everywhere(&data_api, "data-api", &tokens);
    send_everywhere(&web, "web", &["none".to_owned()]);

    for (service, served) in [("data-api", &data_api), ("web", &web)] {
        let (status, metrics) = served.get("/metrics");
        let journal = std::fs::read_to_string(log(service)).unwrap();

        assert_eq!(status, 200);
        assert!(
            journal.contains("request answered"),
            "{service} logged nothing"
        );
        assert_eq!(told(&journal), [""; 0], "the log of {service}");
        assert_eq!(told(&metrics), [""; 0], "the metrics of {service}");
    }

    // What waits is sent before they end.
    [data_api, web].into_iter().for_each(Served::end);
    for service in ["data-api", "web"] {
        let spans = collector.spans();
        assert!(
            spans.iter().any(|span| span.service == service),
            "{service} sent no trace"
        );
    }
    assert_eq!(told(&collector.text()), [""; 0], "the traces");
}
