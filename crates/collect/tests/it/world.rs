//! A server, a state folder with the city's files, a profile that names both, and a clock.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use filrouge_collect::{
    CollectOptions, Forgotten, Manifest, Placeholders, Profile, RunReport, SourceEntry, SourceKind,
    SourceState, collect, latest_run,
};
use filrouge_lake::ReadOptions;
use filrouge_types::FixedClock;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use tempfile::TempDir;

use crate::server::Server;

const PROFILE: &str = include_str!("profile.toml");

pub(crate) struct World {
    pub(crate) server: Server,
    pub(crate) state: TempDir,
    pub(crate) clock: FixedClock,
    pub(crate) profile: Profile,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with_limits("").await
    }

    /// `limits` is added to the profile's section of that name, such as `timeout_seconds = 1.0`.
    pub(crate) async fn with_limits(limits: &str) -> Self {
        let server = Server::start().await;
        let state = tempfile::tempdir().unwrap();
        write_files(state.path());
        operator(state.path()).await.close().await.unwrap();
        let trips = [state.path().join("city/trips/2026-03.csv")];
        filrouge_lake::ingest(&state.path().join("lake"), &trips, ReadOptions::default()).unwrap();
        let places = places(&server, &state);

        let limits = format!("first_pause_milliseconds = 1\nmaximum_bytes = 1000000\n{limits}");
        let text = format!("{PROFILE}\n[limits]\n{limits}\n");
        let profile = Profile::parse(&text, Path::new("profile.toml"), &places).unwrap();
        let clock = FixedClock::at("2026-03-01T08:00:00Z".parse().unwrap());

        Self {
            server,
            state,
            clock,
            profile,
        }
    }

    /// Adds a section to the profile, such as `[requests]`.
    pub(crate) fn add_section(&mut self, section: &str) {
        let limits = "[limits]\nfirst_pause_milliseconds = 1\nattempts = 1\n";
        let text = format!("{PROFILE}\n{limits}\n{section}\n");
        self.profile = Profile::parse(&text, Path::new("profile.toml"), &self.places()).unwrap();
    }

    pub(crate) fn places(&self) -> Placeholders {
        places(&self.server, &self.state)
    }

    pub(crate) fn options(&self) -> CollectOptions {
        let clock = Arc::new(self.clock.clone());
        CollectOptions {
            state_dir: self.state.path().to_owned(),
            sources: Vec::new(),
            clock,
            seed: 1,
            forgotten: Forgotten::default(),
        }
    }

    pub(crate) async fn collect(&self) -> RunReport {
        collect(&self.profile, &self.options(), &()).await.unwrap()
    }

    pub(crate) async fn collect_only(&self, sources: &[SourceKind]) -> RunReport {
        let options = CollectOptions {
            sources: sources.to_vec(),
            ..self.options()
        };
        collect(&self.profile, &options, &()).await.unwrap()
    }

    /// The text of a file of the last run.
    pub(crate) fn read(&self, path: &str) -> String {
        let run = latest_run(self.state.path()).unwrap().unwrap();
        fs::read_to_string(run.folder.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub(crate) fn manifest(&self) -> Manifest {
        Manifest::read(&latest_run(self.state.path()).unwrap().unwrap().folder).unwrap()
    }

    pub(crate) fn entry(&self, source: SourceKind) -> SourceEntry {
        self.manifest().entry(source).unwrap().clone()
    }
}

fn places(server: &Server, state: &TempDir) -> Placeholders {
    Placeholders {
        city: server.address.clone(),
        state: state.path().to_owned(),
    }
}

/// The sources of a report that failed.
pub(crate) fn failed(report: &RunReport) -> Vec<SourceKind> {
    let failed = report
        .sources
        .iter()
        .filter(|report| report.state == SourceState::Failed);
    failed.map(|report| report.source).collect()
}

fn write_files(state: &Path) {
    let trips = "ride_id,rideable_type,started_at,ended_at,start_station_name,start_station_id,end_station_name,\
                 end_station_id,start_lat,start_lng,end_lat,end_lng,member_casual\n\
                 a1,classic_bike,2026-03-01 07:00:00,2026-03-01 07:12:00,Gare,RIV-001,Gare,RIV-001,45.6,4.1,45.6,4.1,member\n";
    let counters = b"Compteur;Heure;Passages\n\xc9t\xe9;01/03/2026 07:00;1 200,0\n";
    for (path, content) in [
        ("trips/2026-03.csv", trips.as_bytes()),
        ("counters/2026-03.csv", counters),
    ] {
        let path = state.join("city").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
}

/// The operator's database, opened for writing.
pub(crate) async fn operator(state: &Path) -> SqliteConnection {
    let path = state.join("city/operator.sqlite");
    let mut connection = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .connect()
        .await
        .unwrap();

    for script in [
        include_str!("operator/sqlite.sql"),
        include_str!("operator/rows.sql"),
    ] {
        sqlx::raw_sql(script)
            .execute(&mut connection)
            .await
            .unwrap();
    }

    connection
}
