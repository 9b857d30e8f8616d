//! The commands of the program, those of the jobs of the chain.

use std::path::{Path, PathBuf};
use std::process::Command;

use filrouge_artifacts::TrustedKey;
use filrouge_dataset::Dataset;
use filrouge_prerequisites as prerequisites;
use serde_json::Value;
use tempfile::TempDir;

use crate::save;

/// A state, a pair of keys, and the folder of the runs.
pub(crate) struct Commands {
    folder: TempDir,
}

pub(crate) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

impl Commands {
    /// Nothing without the tool that signs: the test is then not played.
    pub(crate) fn new() -> Option<Self> {
        let minisign = prerequisites::program("minisign", "apt-get install minisign")?;
        let commands = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        let mut minisign = Command::new(minisign);
        minisign.args(["-G", "-W", "-s"]).arg(commands.path("key"));
        minisign.arg("-p").arg(commands.path("key.pub"));
        let output = minisign.output().unwrap();
        assert!(output.status.success(), "{output:?}");
        Some(commands)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn state(&self) -> PathBuf {
        self.path("state")
    }

    pub(crate) fn models(&self) -> PathBuf {
        self.state().join("models/demand")
    }

    pub(crate) fn key(&self) -> TrustedKey {
        TrustedKey::read(&self.path("key.pub")).unwrap()
    }

    pub(crate) fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// Secret of a client of the state.
    pub(crate) fn secret(&self, client_id: &str) -> String {
        let credentials = std::fs::read(self.state().join("credentials.json")).unwrap();
        let credentials: Vec<Value> = serde_json::from_slice(&credentials).unwrap();
        let known = credentials.iter().find(|one| one["client_id"] == client_id);
        known.unwrap()["client_secret"].as_str().unwrap().to_owned()
    }

    /// Runs a command to its good end, away from the threads of the services.
    pub(crate) async fn run(&self, words: &[&str]) -> String {
        let mut command = self.command(words);
        let done = tokio::task::spawn_blocking(move || succeed(&mut command));
        done.await.unwrap()
    }

    /// Trains on `past`, keeps it under its hash, judges on `unseen`, packages and signs.
    pub(crate) fn release(&self, run: &str, past: &Dataset, unseen: &Dataset) {
        std::fs::create_dir_all(self.path(run)).unwrap();
        let path = |name: &str| self.path(&format!("{run}/{name}"));
        let (learnt, recent) = (path("past.parquet"), path("recent.parquet"));
        save(&learnt, past);
        save(&recent, unseen);
        let [model, manifest, gate, archive] =
            ["candidate", "dataset.json", "gate.json", "release.tar"].map(path);
        let (key, gates) = (self.path("key"), self.gates());

        let steps: [&[&str]; 4] = [
            &["data", "put", text(&learnt), "--manifest", text(&manifest)],
            &[
                "train",
                "--dataset",
                text(&learnt),
                "--budget",
                "20000",
                "--out",
                text(&model),
            ],
            &[
                "model",
                "gate",
                "--model",
                text(&model),
                "--history",
                text(&learnt),
                "--dataset",
                text(&recent),
                "--gates",
                text(&gates),
                "--json",
                text(&gate),
            ],
            &[
                "model",
                "package",
                "--model",
                text(&model),
                "--gate",
                text(&gate),
                "--manifest",
                text(&manifest),
                "--key",
                text(&key),
                "--out",
                text(&archive),
            ],
        ];
        for words in steps {
            succeed(&mut self.command(words));
        }

        // The data set that it learnt from comes back, byte for byte.
        let back = path("back.parquet");
        succeed(&mut self.command(&["data", "get", text(&manifest), "--out", text(&back)]));
        assert_eq!(
            std::fs::read(&back).unwrap(),
            std::fs::read(&learnt).unwrap()
        );
    }

    /// Installs the release of a run in the state, and gives its version.
    pub(crate) fn install(&self, run: &str) -> String {
        let archive = self.path(&format!("{run}/release.tar"));
        let key = self.path("key.pub");
        let words = [
            "model",
            "install",
            text(&archive),
            "--public-key",
            text(&key),
        ];
        let told = succeed(&mut self.command(&words));
        told.split(' ').nth(1).unwrap().to_owned()
    }

    /// The gates of the project, but for the few days and few stations of this city.
    fn gates(&self) -> PathBuf {
        let shipped = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../models/demand/gates.toml"
        );
        let gates = std::fs::read_to_string(shipped).unwrap();
        let gates = gates.replace("coverage = [0.75, 0.95]", "coverage = [0.5, 1.0]");
        let gates = gates.replace("worst_slice_skill = -0.5", "worst_slice_skill = -9.0");
        self.file("gates.toml", &gates)
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_filrouge"));
        command
            .args(words)
            .arg("--state")
            .arg(self.state())
            .env_remove("FILROUGE_STORE")
            .env_remove("FILROUGE_LOG");
        command
    }
}

fn succeed(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let complained = String::from_utf8_lossy(&output.stderr);
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{command:?}: {told}\n{complained}");
    told.into_owned()
}
