//! The real server of llama.cpp, started as a machine of ours starts it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use filrouge_prerequisites as prerequisites;

use crate::harness::Target;

const KEY: &str = "real-key-of-more-than-thirty-two-characters";

/// The name under which the model answers.
const MODEL: &str = "smollm2-135m-instruct";

/// The Python that `.ci/install` prepares; the test is not played without it.
#[track_caller]
pub(crate) fn python() -> Option<PathBuf> {
    let installed = std::env::home_dir()
        .map(|home| home.join(".cache/filrouge/llama/bin/python"))
        .filter(|python| python.exists());

    prerequisites::require(installed, "the AI server (llama.cpp)", ".ci/install")
}

/// A server at work; dropping it kills it.
pub(crate) struct Llama {
    pub(crate) base: String,
    child: Child,
    folder: tempfile::TempDir,
}

impl Llama {
    /// Starts one on a free port, and waits until it listens.
    pub(crate) fn start(python: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key = key_file(folder.path(), KEY, 0o600);
        let log = std::fs::File::create(folder.path().join("log")).unwrap();
        let mut child = command(python, &key).stderr(log).spawn().unwrap();

        let mut base = String::new();
        let output = child.stdout.take().unwrap();
        BufReader::new(output).read_line(&mut base).unwrap();
        let log = std::fs::read_to_string(folder.path().join("log")).unwrap();
        assert!(
            base.starts_with("http://127.0.0.1:"),
            "it did not start:\n{log}"
        );

        Self {
            base: base.trim().to_owned(),
            child,
            folder,
        }
    }

    pub(crate) fn target(&self) -> Target {
        Target {
            base: self.base.clone(),
            key: Some(KEY.to_owned()),
            model: MODEL.to_owned(),
            timeout: Duration::from_mins(2),
        }
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Llama {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The file of a key, with these rights.
pub(crate) fn key_file(folder: &Path, key: &str, mode: u32) -> PathBuf {
    let path = folder.join("key");
    let mut file = std::fs::OpenOptions::new()
        .create(true)
        .truncate(true)
        .write(true)
        .mode(mode)
        .open(&path)
        .unwrap();

    file.write_all(key.as_bytes()).unwrap();
    path
}

/// A start that is refused, and its reason.
pub(crate) fn refused(python: &Path, key: &Path, variables: &[(&str, &str)]) -> Output {
    let mut command = command(python, key);
    command
        .envs(variables.iter().copied())
        .stderr(Stdio::piped());

    command.spawn().unwrap().wait_with_output().unwrap()
}

fn command(python: &Path, key: &Path) -> Command {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut command = Command::new(python);

    command
        .arg(root.join("deployment/llama/serve"))
        .env("LLAMA_KEY_FILE", key)
        .env("LLAMA_PORT", "0")
        .stdout(Stdio::piped());
    command
}
