use std::collections::HashMap;
use std::fmt::Write as _;

use crate::files::{gzip, gzip_of, overlapping_zip, trips, zip};
use crate::peak::{Run, can_be_measured};
use crate::program::{Program, text};
use crate::server::{Content, Server};

const PROFILE: &str = r#"
name = "Essai"
time_zone = "Europe/Paris"

[web_service.gbfs]
address = "ADDRESS/gbfs.json"

[web_page]
pause_seconds = 0.0

[web_page.events]
address = "ADDRESS/agenda"
item = "article"

[web_page.events.fields]
title = "h2"
starts_at = "time@datetime"

[file.trips]
address = "ADDRESS/trips"
time_zone = "UTC"

[file.counters]
address = "ADDRESS/counters"

[file.counters.columns]
counter_id = "Compteur"
hour_local = "Heure"
count = "Passages"
"#;

const COUNTERS: &str = "Compteur;Heure;Passages\n";

/// The answer of an ordinary city, at each path.
fn ordinary(address: &str) -> HashMap<String, Content> {
    let names = [
        "system_information",
        "station_information",
        "station_status",
    ];
    let feeds = names.map(|name| format!(r#"{{"name":"{name}","url":"{address}/{name}.json"}}"#));
    let discovery = format!(r#"{{"data":{{"feeds":[{}]}}}}"#, feeds.join(","));

    let stations = |fields: &dyn Fn(usize) -> String| {
        let stations: Vec<String> = (0..1_500)
            .map(|number| format!(r#"{{"station_id":"S{number}",{}}}"#, fields(number)))
            .collect();
        Content::json(format!(
            r#"{{"data":{{"stations":[{}]}}}}"#,
            stations.join(",")
        ))
    };
    let information = |number| {
        format!(
            r#""name":"Station {number}","lat":45.6,"lon":4.1,"capacity":20,"rental_methods":["key","creditcard"]"#
        )
    };
    let status = |number| {
        format!(
            r#""num_bikes_available":{},"num_docks_available":5,"is_renting":true,"last_reported":1772352000"#,
            number % 20
        )
    };

    [
        ("/robots.txt", Content::html("User-agent: *\nAllow: /\n")),
        ("/gbfs.json", Content::json(discovery)),
        (
            "/system_information.json",
            Content::json(r#"{"data":{"system_id":"x","name":"X"}}"#),
        ),
        ("/station_information.json", stations(&information)),
        ("/station_status.json", stations(&status)),
        ("/agenda", Content::html(agenda())),
        ("/trips", Content::html(trips(200_000))),
        ("/counters", Content::html(counters())),
    ]
    .map(|(path, content)| (path.to_owned(), content))
    .into()
}

fn agenda() -> String {
    let event = |number| {
        format!(
            r#"<article><h2>Fête {number}</h2><time datetime="2026-03-01T20:00">bientôt</time></article>"#
        )
    };
    (0..500).map(event).collect()
}

/// Every paragraph opens again a thousand elements that nobody closed.
fn reopened_tags() -> String {
    let bold: String = (0..1_000)
        .map(|number| format!("<b id={number}>"))
        .collect();
    format!("<p>{bold}</p>{}", "<p>x</p>".repeat(20_000))
}

fn counters() -> String {
    let mut csv = COUNTERS.to_owned();
    for row in 0..200_000 {
        writeln!(
            csv,
            "C{};2026-03-{:02} 07:00;{}",
            row % 50,
            1 + row % 28,
            row % 400
        )
        .unwrap();
    }
    csv
}

/// Collects from an ordinary city, but for one path.
fn collect(bomb: Option<(&str, Content)>) -> Run {
    let server = Server::start(|address| {
        let mut contents = ordinary(address);
        contents.extend(bomb.map(|(path, content)| (path.to_owned(), content)));
        contents
    });
    let program = Program::new();
    let profile = program.write("profile.toml", PROFILE.replace("ADDRESS", &server.address));
    Run::of(program.command(&["collect", "--profile", text(&profile)]))
}

// Preuve: C1.5 ce qu’un serveur envoie ne coûte pas plus de mémoire qu’une collecte ordinaire
#[test]
fn a_server_that_sends_bombs_costs_what_a_collection_costs() {
    if !can_be_measured() {
        return;
    }
    let ordinary = collect(None);
    assert!(ordinary.succeeded, "{}", ordinary.told);

    let status = "/station_status.json";
    for (name, path, content, says) in [
        (
            "JSON gzip : 255 ko, 250 Mio",
            status,
            Content::json(gzip_of("[0", ",0", 250)).gzip(),
            "larger than 16777216 bytes",
        ),
        (
            "JSON : un million de petits objets",
            status,
            Content::json(format!("[{}0]", r#"{"a":0},"#.repeat(1_000_000))),
            "holds more values than 33554432 bytes",
        ),
        (
            "JSON : cent mille niveaux",
            status,
            Content::json("[".repeat(100_000)),
            "recursion limit",
        ),
        (
            "HTML : balises jamais fermées, rouvertes sans fin",
            "/agenda",
            Content::html(reopened_tags()),
            "more than 65536 elements",
        ),
        (
            "HTML : deux millions de balises",
            "/agenda",
            Content::html("<i>".repeat(2_000_000)),
            "more than 65536 elements",
        ),
        (
            "HTML : des articles emboîtés mille fois",
            "/agenda",
            Content::html("<article><h2>A".repeat(1_000)),
            "nested",
        ),
        (
            "CSV gzip : 1 Gio de lignes",
            "/counters",
            Content::html(gzip_of(COUNTERS, "C;2026-03-01 07:00;0\n", 1_024)),
            "once decompressed",
        ),
        (
            "CSV : un guillemet jamais fermé",
            "/counters",
            Content::html(format!("{COUNTERS}\"{}", "C;1;1\n".repeat(8 << 20))),
            "a record is longer than",
        ),
        (
            "CSV : cent mille colonnes",
            "/counters",
            Content::html(format!("{}\n", "Compteur;Heure;Passages;".repeat(33_000))),
            "more than 4096",
        ),
        (
            "zip : la même table listée mille fois",
            "/counters",
            Content::html(overlapping_zip(
                "00000.csv",
                &gzip(counters().as_bytes()),
                1_000,
            )),
            "overlap",
        ),
        (
            "zip dans un zip : 250 Mio de zéros",
            "/trips",
            Content::html(zip(&[(
                "a.zip",
                &zip(&[("a.csv", &vec![b'0'; 250 << 20])]),
            )])),
            "once decompressed",
        ),
    ] {
        collect(Some((path, content))).is_refused(name, &ordinary, says);
    }
}
