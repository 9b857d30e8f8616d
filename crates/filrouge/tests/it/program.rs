//! The built program, its folders and a small data set: what the other modules share.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

/// A state folder of its own, and the program that works in it.
pub(crate) struct Program {
    folder: TempDir,
}

impl Program {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn state(&self) -> PathBuf {
        self.path("state")
    }

    /// Writes a file, its folders included, and gives its path.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_filrouge"));

        command
            .args(arguments)
            .arg("--state")
            .arg(self.state())
            .current_dir(self.folder.path());

        for variable in [
            "DATABASE_URL",
            "FILROUGE_STATE",
            "FILROUGE_PORT_BASE",
            "FILROUGE_SEED",
            "FILROUGE_CLIENT_RATE",
            "FILROUGE_LOG",
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
        ] {
            command.env_remove(variable);
        }

        command
    }

    /// Runs to the end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs to the end, which must be a good one.
    pub(crate) fn succeed(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs to a failure, and gives what the error output says.
    pub(crate) fn fail(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(!output.status.success(), "{arguments:?} succeeded");
        String::from_utf8(output.stderr).unwrap()
    }

    pub(crate) fn start(&self, arguments: &[&str]) -> Child {
        self.command(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }
}

pub(crate) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A data set of three stations whose demand follows the hour of the day, as CSV.
pub(crate) fn dataset(days: i64) -> String {
    let mut csv = "station_id,hour,departures,temperature_c\n".to_owned();
    let start: filrouge_types::Hour = "2026-01-05T00:00:00Z".parse().unwrap();

    for station in 0..3_i64 {
        for index in 0..days * 24 {
            // A small generator of our own: the same rows on every machine, without a dependency.
            let noise = (index * 7919 + station * 104_729) % 5;
            let rush = if [8, 17, 18].contains(&(index % 24)) {
                9
            } else {
                1
            };
            let departures = rush * (station + 1) + noise;

            writeln!(
                csv,
                "S{station},{},{departures},{}.5",
                start + index,
                index % 20
            )
            .unwrap();
        }
    }

    csv
}

/// Writes the cleaned data set of three stations over sixty days.
pub(crate) fn write_clean_files(program: &Program) {
    let station = |id: &str| {
        format!(
            r#"{{"station_id":"{id}","name":"{id}","district":null,"latitude":45.6,"longitude":4.1,"capacity":20}}"#
        )
    };
    let stations = ["S0", "S1", "S2"].map(station).join(",");
    program.write("state/clean/stations.json", format!("[{stations}]"));
    program.write("state/clean/station_status.json", "[]");
    // The content says what a file is, not its name.
    program.write("state/clean/station_hours.parquet", dataset(60));
}
