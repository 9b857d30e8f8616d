//! A real state, made once by the commands that a person types and by the services; each case works
//! on a copy of its own.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use filrouge_types::{Clock, Hour, SystemClock};

use crate::program::{Program, text};
use crate::service::{FORM, Served, form_of, free_ports};

const PROFILE: &str = "name = \"Essai\"\ntime_zone = \"UTC\"\n\
    [file.trips]\naddress = \"{state}/../received\"\ntime_zone = \"UTC\"\n\
    [lake]\nfolder = \"{state}/lake\"\n";

/// Days of trips: enough to train on.
const DAYS: i64 = 100;

/// A copy of the state, with the profile and the files that it was collected from.
pub(crate) fn real_state() -> Program {
    let program = Program::new();
    fill_with_real_state(&program);
    program
}

/// The same, in the folders of a program, where a disk may be mounted already.
pub(crate) fn fill_with_real_state(program: &Program) {
    static MADE: LazyLock<PathBuf> = LazyLock::new(|| {
        let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("reliability");
        let _ = fs::remove_dir_all(&kept);
        copy(&make().path(""), &kept);
        kept
    });

    copy(&MADE, &program.path(""));
}

fn make() -> Program {
    let program = Program::new();
    let now = Hour::containing(SystemClock.now());
    let files = [(DAYS, 50), (50, 0)].map(|(from, to)| {
        let name = format!("received/{from}.csv");
        program.write(&name, trips(now - 24 * from, now - 24 * to))
    });
    let profile = program.write("essai.toml", PROFILE);

    for file in &files {
        program.succeed(&["lake", "ingest", text(file)]);
    }
    for _ in 0..2 {
        program.succeed(&["collect", "--profile", text(&profile)]);
    }
    for step in ["aggregate", "profile"] {
        program.succeed(&[step]);
    }
    subscribers(&program);
    program.succeed(&["import"]);
    program.succeed(&["gdpr", "consent", "770041", "--given"]);
    program.succeed(&["gdpr", "export", "770041"]);
    program.succeed(&["gdpr", "erase", "770042"]);
    program.succeed(&["train", "--time-zone", "UTC"]);
    serve(&program);
    program.succeed(&["credentials", "renew-key", "data-api"]);
    program
}

/// Trips from three stations, more at some hours of the day, from `first` on and before `end`.
fn trips(first: Hour, end: Hour) -> String {
    let mut csv = "Trip Id;Start date;Start station number;End date\n".to_owned();
    let mut hour = first;

    while hour < end {
        let instant = hour.start().format("%d/%m/%Y %H");
        let rush = i64::from([8, 17, 18].contains(&hour.hours_since_epoch().rem_euclid(24)));
        for station in 1..=3 {
            // A small generator of our own: the same rows on every machine.
            let noise = (hour.hours_since_epoch() * 7919 + station * 104_729).rem_euclid(3);
            for trip in 0..1 + noise + 3 * rush * station {
                writeln!(
                    csv,
                    "{hour}-{station}-{trip};{instant}:05;S{station};{instant}:20"
                )
                .unwrap();
            }
        }
        hour = hour + 1;
    }
    csv
}

/// Two subscribers in the last collection, as an operator's database would give them.
fn subscribers(program: &Program) {
    let run = last_run(program);
    let lines: String = ["770041", "770042"]
        .map(|number| format!("{{\"subscriber_number\":\"{number}\"}}\n"))
        .concat();
    program.write(&format!("state/raw/{run}/sql/subscribers.jsonl"), lines);
}

/// The name of the last collection.
pub(crate) fn last_run(program: &Program) -> String {
    let runs = fs::read_dir(program.state().join("raw")).unwrap();
    let names = runs.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| !name.starts_with('.')).max().unwrap()
}

/// The services write too: the version that served, the outcomes, a token given back.
fn serve(program: &Program) {
    let base = free_ports();
    let _data_api = Served::start(program, "data-api", base);
    let model_api = Served::start(program, "model-api", base);
    model_api.until(200);

    let token = model_api.token(program, "operator");
    let hour = Hour::containing(SystemClock.now()) - 1;
    let outcomes =
        format!("{{\"items\":[{{\"station_id\":\"S1\",\"hour\":\"{hour}\",\"departures\":3}}]}}");
    let headers = format!("Authorization: Bearer {token}\r\nContent-Type: application/json\r\n");
    let (status, answer) = model_api.ask("POST", "/v1/outcomes", &headers, &outcomes);
    assert_eq!(status, 200, "{answer}");

    let form = format!("token={token}&{}", form_of(program, "operator"));
    assert_eq!(model_api.ask("POST", "/oauth/revoke", FORM, &form).0, 200);
}

/// Copies a tree, modes included, so that no two states share a file.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    fs::set_permissions(to, fs::metadata(from).unwrap().permissions()).unwrap();

    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).unwrap();
        }
    }
}
