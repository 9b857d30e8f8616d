//! People's rights, on the program itself and the files of a state.

use std::fs::File;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use filrouge_database::{Database, Gdpr, PseudonymKeys, SubscriberNumber};

use crate::data_api::port_base;
use crate::program::{Program, write_clean_files};

const PERSON: &str = "770042";

/// A state with a collection of three subscribers, a lake, a log and a database that imported them.
fn state_with_subscribers() -> Program {
    let program = Program::new();
    write_clean_files(&program);
    let lines: String = ["770041", PERSON, "770043"]
        .map(|number| {
            format!(
                "{{\"district\":\"Centre\",\"plan\":\"annual\",\"subscriber_number\":\"{number}\"}}\n"
            )
        })
        .concat();
    program.write("state/raw/20260301T080000Z/sql/subscribers.jsonl", &lines);
    let manifest = "{\"run_id\":\"20260301T080000Z\",\"profile\":\"test\",\"program_version\":\"1\",\
        \"started_at\":\"2026-03-01T08:00:00Z\",\"ended_at\":\"2026-03-01T08:00:01Z\",\"sources\":[]}";
    program.write("state/raw/20260301T080000Z/manifest.json", manifest);
    program.write("state/lake/README", "trips name nobody");
    program.write("state/logs/data-api.log", "request answered");
    program
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path))
        } else {
            found.push(path)
        }
    }
    found
}

fn files_with(program: &Program, text: &str) -> Vec<PathBuf> {
    let mut found = files(&program.state());
    found.retain(|path| {
        std::fs::read(path)
            .unwrap()
            .windows(text.len())
            .any(|window| window == text.as_bytes())
    });
    found
}

// Preuve: C4.9 après `gdpr erase`, aucun fichier de l’état (base, journal, exports, lac, collectes) ne contient la personne
#[test]
fn an_erased_person_is_in_no_file_of_the_state_and_has_a_receipt() {
    let program = state_with_subscribers();
    program.succeed(&["import"]);
    program.succeed(&["gdpr", "consent", PERSON, "--given"]);
    program.succeed(&["gdpr", "export", PERSON]);

    assert_eq!(
        files_with(&program, PERSON).len(),
        3,
        "the collection and the two files of the export"
    );

    let report = program.succeed(&["gdpr", "erase", PERSON]);

    assert!(
        report.contains("table consents : 1") && report.contains("aucune valeur de la personne"),
        "{report}"
    );
    assert_eq!(files_with(&program, PERSON), Vec::<PathBuf>::new());
    assert_eq!(files_with(&program, "770043").len(), 1, "the others stay");

    let receipt = program.state().join("gdpr/receipt.json");

    assert!(
        program
            .succeed(&["gdpr", "verify", receipt.to_str().unwrap()])
            .contains("authentique")
    );

    let changed =
        std::fs::read_to_string(&receipt)
            .unwrap()
            .replacen("subscribers", "subscriberz", 1);
    std::fs::write(&receipt, changed).unwrap();

    assert!(
        program
            .fail(&["gdpr", "verify", receipt.to_str().unwrap()])
            .contains("modifié")
    );
    assert!(
        program
            .fail(&["gdpr", "export", PERSON])
            .contains("aucune donnée")
    );

    assert!(program.succeed(&["gdpr", "audit"]).contains("intact"));
}

/// The data API of a state, whose log is a file of it; stopped when dropped.
struct Served(Child);

impl Served {
    fn start(program: &Program) -> Self {
        let base = port_base();
        let log = File::create(program.state().join("logs/data-api.log")).unwrap();
        let mut command = program.command(&["serve", "data-api", "--port-base", &base.to_string()]);
        let child = command.stdout(Stdio::null()).stderr(log).spawn().unwrap();
        while TcpStream::connect(("127.0.0.1", base + 1)).is_err() {
            std::thread::sleep(Duration::from_millis(50));
        }
        Self(child)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The pseudonyms under which the database knows a person.
async fn pseudonyms(program: &Program, person: &str) -> Vec<String> {
    let keys = std::fs::read_to_string(program.state().join("pseudonyms.key")).unwrap();
    let database = Database::open_file(&program.state().join("filrouge.sqlite"))
        .await
        .unwrap();
    let now = "2026-03-01T09:00:00Z".parse().unwrap();

    let gdpr = Gdpr::open(
        &database,
        &PseudonymKeys::parse(&keys).unwrap(),
        "test",
        now,
    )
    .await
    .unwrap();

    let traces = gdpr.traces_of(&SubscriberNumber::from(person.to_owned()));

    database.close().await;
    traces
}

// Preuve: C4.9 effacée pendant que l’API sert, une personne n’est plus dans la base, son journal d’écriture ni les traces
#[tokio::test]
async fn a_person_erased_while_the_service_runs_is_in_no_file_under_any_name() {
    let program = state_with_subscribers();
    let _service = Served::start(&program);

    program.succeed(&["import"]);
    let pseudonyms = pseudonyms(&program, PERSON).await;
    let found = files_with(&program, &pseudonyms[0]);

    assert!(
        found
            .iter()
            .any(|path| path.ends_with("filrouge.sqlite-wal")),
        "{found:?}"
    );

    program.succeed(&["gdpr", "export", PERSON]);
    program.succeed(&["gdpr", "erase", PERSON]);

    for name in pseudonyms.iter().map(String::as_str).chain([PERSON]) {
        assert_eq!(files_with(&program, name), Vec::<PathBuf>::new());
    }
}

/// A state whose operator has these subscribers, and the profile that collects them.
fn operated(python: &Path) -> (Program, PathBuf) {
    let program = Program::new();
    write_clean_files(&program);
    let profile = "name = \"Essai\"\ntime_zone = \"UTC\"\n[sql]\n\
        address = \"sqlite:{state}/city/operator.sqlite\"\n";
    let profile = program.write("essai.toml", profile);
    program.write("state/city/operator.sqlite", "");

    let schema = include_str!("../../../collect/tests/it/operator/sqlite.sql");
    operate(python, &program, schema);
    operate(
        python,
        &program,
        "INSERT INTO subscribers VALUES
            (770041, 'P', 'N', 'a@exemple.invalid', '1991-03-01', 'Centre'),
            (770042, 'P', 'N', 'b@exemple.invalid', '1991-03-02', 'Port');
        INSERT INTO subscriptions VALUES
            (1, 770041, 'annual', '2024-01-01', NULL),
            (2, 770042, 'annual', '2024-01-01', NULL);",
    );

    (program, profile)
}

/// Runs a script on the operator's database, as the operator's own software would.
fn operate(python: &Path, program: &Program, script: &str) {
    let code = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).executescript(sys.argv[2])";
    let status = Command::new(python)
        .args(["-c", code])
        .arg(program.state().join("city/operator.sqlite"))
        .arg(script)
        .status()
        .unwrap();
    assert!(status.success(), "{script}");
}

fn ours_with(program: &Program, text: &str) -> Vec<PathBuf> {
    let mut found = files_with(program, text);
    // The management software is another system of Vélorive: the erasure is done there apart.
    found.retain(|path| !path.starts_with(program.state().join("city")));
    found
}

// Preuve: C4.9 une personne effacée ne revient par aucune collecte, quoi que l’exploitant change
#[test]
fn an_erased_person_comes_back_by_no_collection() {
    let Some(python) = filrouge_prerequisites::python(&["sqlite3"], "apt-get install python3")
    else {
        return;
    };
    let (program, profile) = operated(&python);
    let collect = ["collect", "--profile", profile.to_str().unwrap()];
    program.succeed(&collect);
    program.succeed(&["import"]);
    assert!(!ours_with(&program, PERSON).is_empty(), "she was collected");

    program.succeed(&["gdpr", "erase", PERSON]);

    assert_eq!(ours_with(&program, PERSON), Vec::<PathBuf>::new());
    for change in [
        "UPDATE subscriptions SET plan = 'monthly' WHERE subscriber_id = 770041",
        "UPDATE subscribers SET district = 'Port' WHERE subscriber_id = 770041",
        "UPDATE subscribers SET district = 'Nord'",
    ] {
        operate(&python, &program, change);
        program.succeed(&collect);
        assert_eq!(
            ours_with(&program, PERSON),
            Vec::<PathBuf>::new(),
            "{change}"
        );
        assert!(!ours_with(&program, "770041").is_empty(), "the others stay");
    }
}
