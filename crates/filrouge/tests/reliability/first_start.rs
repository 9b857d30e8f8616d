//! `kill -9` at ten moments of a first start, each named by what the state then holds; then the
//! start goes to its end, and what was acknowledged is there.

use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use filrouge_database::Database;

use crate::program::Program;
use crate::service::free_ports;

/// One moment takes no longer on the slowest machine.
const PATIENCE: Duration = Duration::from_secs(240);

/// A moment, in French, and how it is seen from outside.
pub(crate) struct StartMoment(pub(crate) &'static str, pub(crate) fn(&Path) -> bool);

/// In the order of the start.
pub(crate) const MOMENTS: [StartMoment; 10] = [
    StartMoment("la ville écrit ses fichiers", |state| {
        count(&state.join("city"), "") > 3
    }),
    StartMoment("le lac ingère son premier fichier", |state| {
        state.join("lake/.staging").exists()
    }),
    StartMoment("le lac a un registre", |state| {
        state.join("lake/ingested.json").exists()
    }),
    StartMoment("la collecte est en cours", |state| {
        count(&state.join("raw"), ".unfinished-") > 0
    }),
    StartMoment("la collecte est finie", |state| {
        count(&state.join("raw"), "manifest.json") > 0
    }),
    StartMoment("le nettoyage écrit ses fichiers", |state| {
        count(&state.join("clean"), ".unfinished-") > 0
    }),
    StartMoment("le jeu est nettoyé", |state| {
        state.join("clean/summary.json").exists()
    }),
    StartMoment("l’import écrit dans la base", |state| {
        fs::metadata(state.join("filrouge.sqlite-wal")).is_ok_and(|file| file.len() > 1 << 20)
    }),
    StartMoment("une version du modèle est à moitié écrite", |state| {
        count(&state.join("models"), ".draft-") > 0
    }),
    StartMoment("la première version est nommée", |state| {
        state.join("models/demand/champion").exists()
    }),
];

/// Files and folders under `folder` whose name begins so. What is being written comes and goes while
/// it is counted.
fn count(folder: &Path, start: &str) -> usize {
    let Ok(entries) = fs::read_dir(folder) else {
        return 0;
    };
    let counted = entries.flatten().map(|entry| {
        let is_one = entry.file_name().to_string_lossy().starts_with(start);
        usize::from(is_one) + count(&entry.path(), start)
    });
    counted.sum()
}

/// The whole case of a state; killed when dropped.
struct FirstStart(Child);

impl FirstStart {
    fn start(program: &Program, base: u16) -> Self {
        let mut command = program.command(&["up", "--port-base", &base.to_string()]);
        Self(
            command
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap(),
        )
    }

    /// Waits until `is_reached`.
    fn wait_for(&mut self, name: &str, is_reached: impl Fn() -> bool) {
        let start = Instant::now();
        while !is_reached() {
            let ended = self.0.try_wait().unwrap();
            assert!(ended.is_none(), "`up` ended before: {name}");
            assert!(start.elapsed() < PATIENCE, "never: {name}");
            sleep(Duration::from_millis(2));
        }
    }
}

impl Drop for FirstStart {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What a start has acknowledged: files of the lake's ledger, whole collections.
fn acknowledged(state: &Path) -> (usize, usize) {
    let ledger = fs::read(state.join("lake/ingested.json")).unwrap_or_else(|_| b"{}".to_vec());
    let ledger: serde_json::Value = serde_json::from_slice(&ledger).unwrap();
    let collections = count(&state.join("raw"), "manifest.json");
    (ledger.as_object().unwrap().len(), collections)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_start_killed_at_ten_moments_goes_to_its_end() {
    let program = Program::new();
    let (state, base) = (program.state(), free_ports());
    let mut before = (0, 0);

    for StartMoment(name, is_reached) in MOMENTS {
        let mut up = FirstStart::start(&program, base);
        up.wait_for(name, || is_reached(&state));
        drop(up);

        let now = acknowledged(&state);
        assert!(now.0 >= before.0 && now.1 >= before.1, "lost at: {name}");
        before = now;
    }

    let mut up = FirstStart::start(&program, base);
    let ready = || is_ready(base + 2);
    up.wait_for("la première prévision", ready);
    assert_eq!(rows(&state).await, summary(&state)["station_hours"]);

    two_beside(&program);
}

fn is_ready(port: u16) -> bool {
    use std::io::{Read, Write};

    let asked = || -> std::io::Result<String> {
        let mut stream = std::net::TcpStream::connect(("127.0.0.1", port))?;
        stream.write_all(b"GET /health/ready HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    asked().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
}

fn summary(state: &Path) -> serde_json::Value {
    serde_json::from_slice(&fs::read(state.join("clean/summary.json")).unwrap()).unwrap()
}

async fn rows(state: &Path) -> u64 {
    let database = Database::open_file(&state.join("filrouge.sqlite"))
        .await
        .unwrap();
    assert_eq!(
        database.check_integrity().await.unwrap(),
        Vec::<String>::new()
    );
    let report = database.last_hour().await.unwrap();
    assert!(report.is_some());
    let all = filrouge_database::HourFilter::default();
    let rows = database.station_hours(&all, None, u32::MAX).await.unwrap();
    rows.len() as u64
}

/// While the case is up: a second one is refused by the name of the first, and an import waits for
/// its turn.
fn two_beside(program: &Program) {
    let other = free_ports().to_string();
    let told = program.fail(&["up", "--port-base", &other]);
    assert!(told.contains("filrouge up (processus"), "{told}");

    let report = program.succeed(&["import"]);
    assert!(report.contains("en base"), "{report}");
}
