//! The faults, and the case that they are played on: four processes on a small disk.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use filrouge_prerequisites as prerequisites;

use super::load::PERSON;
use super::report::Recovery;
use super::test_bed::TestBed;
use crate::clock::shifted;
use crate::disk::SmallDisk;
use crate::postgres::Server;
use crate::program::text;
use crate::real::fill_with_real_state;
use crate::service::{Served, free_ports, try_ask};

const SERVICES: [&str; 4] = ["data-api", "model-api", "web", "city"];

/// The state has a few megabytes; what a service writes must have room.
const DISK_MEBIBYTES: u32 = 96;

/// A fault that lasts does so for as long.
const LASTS: Duration = Duration::from_secs(2);

/// Ready or not, nothing is waited for longer.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FaultKind {
    Kill,
    Stop,
    FullDisk,
    ClockAhead,
    TruncatedModel,
    /// PostgreSQL, where it holds the database.
    DatabaseCrash,
}

impl FaultKind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Kill => "tué (kill -9)",
            Self::Stop => "arrêté et relancé",
            Self::FullDisk => "disque plein",
            Self::ClockAhead => "horloge avancée de trois jours",
            Self::TruncatedModel => "modèle tronqué",
            Self::DatabaseCrash => "PostgreSQL arrêté net et relancé",
        }
    }
}

/// Numbers drawn from a seed: the same on every machine (SplitMix64).
#[derive(Debug, Clone)]
pub(super) struct Draws(u64);

impl Draws {
    pub(super) fn of(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `bound`.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % bound as u64).unwrap()
    }

    pub(super) fn shuffled(&mut self, kinds: &[FaultKind]) -> Vec<FaultKind> {
        let mut kinds = kinds.to_vec();
        for last in (1..kinds.len()).rev() {
            kinds.swap(last, self.below(last + 1));
        }
        kinds
    }

    pub(super) fn endless(mut self, kinds: &[FaultKind]) -> impl Iterator<Item = FaultKind> {
        std::iter::repeat_with(move || kinds[self.below(kinds.len())])
    }
}

/// The case under fire.
pub(super) struct Case {
    place: Arc<TestBed>,
    base: u16,
    served: Vec<Option<Served>>,
    disk: Option<SmallDisk>,
    faketime: Option<PathBuf>,
    server: Option<&'static Server>,
    kinds: Vec<FaultKind>,
}

impl Case {
    /// The case on a small disk, its database in the state or in `server`.
    pub(super) fn start(place: Arc<TestBed>, server: Option<&'static Server>) -> Self {
        let disk = SmallDisk::under(&place.program, DISK_MEBIBYTES);
        let faketime = prerequisites::program("faketime", "apt-get install faketime");
        fill_with_real_state(&place.program);
        if server.is_some() {
            place.succeed(&["import"]);
        }
        let mut kinds = vec![FaultKind::Kill, FaultKind::Stop, FaultKind::TruncatedModel];
        kinds.extend(disk.is_some().then_some(FaultKind::FullDisk));
        kinds.extend(faketime.is_some().then_some(FaultKind::ClockAhead));
        kinds.extend(server.is_some().then_some(FaultKind::DatabaseCrash));

        let base = free_ports();
        let start = |name: &&str| Some(place.serve(name, base));
        let case = Self {
            base,
            served: SERVICES.iter().map(start).collect(),
            disk,
            faketime,
            server,
            kinds,
            place,
        };
        case.settle("the start");
        case
    }

    pub(super) fn base(&self) -> u16 {
        self.base
    }

    /// The kinds that this machine can play.
    pub(super) fn kinds(&self) -> &[FaultKind] {
        &self.kinds
    }

    /// Plays one fault; gives the time from its end until every service is ready.
    pub(super) fn play(&mut self, kind: FaultKind, draws: &mut Draws) -> Recovery {
        let number = draws.below(SERVICES.len());
        let mut service = SERVICES[number];

        match kind {
            FaultKind::FullDisk => service = "disque de l’état",
            FaultKind::TruncatedModel => service = "model-api",
            FaultKind::DatabaseCrash => service = "PostgreSQL",
            FaultKind::Kill | FaultKind::Stop | FaultKind::ClockAhead => {}
        }
        let start = match kind {
            FaultKind::Kill => self.start_again(number, drop),
            FaultKind::Stop => self.start_again(number, Served::end),
            FaultKind::FullDisk => self.fill_the_disk(),
            FaultKind::ClockAhead => self.shift_the_clock(number),
            FaultKind::TruncatedModel => self.truncate_the_model(),
            FaultKind::DatabaseCrash => self.crash_the_database(),
        };

        self.settle(&format!("« {} », {service}", kind.name()));
        Recovery {
            kind,
            service,
            seconds: start.elapsed().as_secs_f64(),
        }
    }

    /// Waits until every service is ready.
    pub(super) fn settle(&self, after: &str) {
        let start = Instant::now();
        loop {
            let waiting = self.not_ready();
            if waiting.is_empty() {
                return;
            }
            let told = waiting.join("; ");
            assert!(
                start.elapsed() < PATIENCE,
                "never ready again after {after}: {told}"
            );
            sleep(Duration::from_millis(50));
        }
    }

    /// The services that are not ready, each with what it answers.
    fn not_ready(&self) -> Vec<String> {
        let told = |(service, offset): (&str, u16)| match try_ask(
            self.base + offset,
            "GET",
            "/health/ready",
            "",
            "",
        ) {
            Ok((200, _)) => None,
            Ok((status, body)) => Some(format!("{service}: {status} {body}")),
            Err(error) => Some(format!("{service}: {error}")),
        };
        let offsets = [1, 2, 0, 10];
        SERVICES.into_iter().zip(offsets).filter_map(told).collect()
    }

    /// Tokens that are accepted again.
    pub(super) fn revived(&self, revoked: &[String]) -> u64 {
        let is_accepted = |token: &&String| {
            let header = format!("Authorization: Bearer {token}\r\n");
            let asked = try_ask(self.base + 1, "GET", "/v1/stations", &header, "");
            asked.unwrap().0 == 200
        };
        revoked.iter().filter(is_accepted).count() as u64
    }

    /// The consents that the person has.
    pub(super) fn consents(&self) -> u64 {
        self.place.succeed(&["gdpr", "export", PERSON]);
        let exports = fs::read_dir(self.place.program.state().join("gdpr/exports")).unwrap();
        let files = exports.map(|entry| entry.unwrap().path());
        let mut files: Vec<PathBuf> = files
            .filter(|path| path.extension().is_some_and(|end| end == "json"))
            .collect();
        files.sort_by_key(|path| fs::metadata(path).unwrap().modified().unwrap());

        let text = fs::read_to_string(files.last().unwrap()).unwrap();
        text.matches("\"decided_at\"").count() as u64
    }

    /// Ends a service and starts it again; gives the instant between the two, as each fault does.
    fn start_again(&mut self, number: usize, end: fn(Served)) -> Instant {
        self.served[number].take().map(end);
        let ended = Instant::now();
        self.served[number] = Some(self.place.serve(SERVICES[number], self.base));
        ended
    }

    fn fill_the_disk(&self) -> Instant {
        let filler = self.disk.as_ref().unwrap().fill();
        sleep(LASTS);
        fs::remove_file(filler).unwrap();
        Instant::now()
    }

    fn crash_the_database(&self) -> Instant {
        let start = Instant::now();
        self.server.unwrap().crash_and_start();
        start
    }

    fn shift_the_clock(&mut self, number: usize) -> Instant {
        let faketime = self.faketime.clone().unwrap();
        if let Some(served) = self.served[number].take() {
            served.end();
        }
        let ahead = self.place.serve_as(SERVICES[number], self.base, |command| {
            let mut command = shifted(&faketime, "+3d", command);
            command.stdout(Stdio::null()).stderr(Stdio::null());
            // `faketime` starts the program as a child: both end with their group.
            command.process_group(0);
            command
        });
        sleep(LASTS);
        ahead.kill_group();
        self.start_again(number, drop)
    }

    /// The file is damaged, the service starts on it, and the file is put back.
    fn truncate_the_model(&mut self) -> Instant {
        let models = self.place.program.state().join("models/demand");
        let version = filrouge_model::champion::read(&models).unwrap();
        let file = models.join(version).join("model.onnx");
        let whole = fs::read(&file).unwrap();

        write_over(&file, &whole[..whole.len() / 2]);
        let ended = self.start_again(1, drop);
        self.settle("a model cut short");
        write_over(&file, &whole);
        ended
    }
}

fn write_over(path: &Path, content: &[u8]) {
    fs::write(path, content).unwrap_or_else(|error| panic!("{}: {error}", text(path)));
}
