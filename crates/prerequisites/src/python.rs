//! Which Python the tests use.

use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Names a Python that has the packages of `tests/requirements.txt`.
const VARIABLE: &str = "FILROUGE_PYTHON";

pub(crate) fn that_imports(modules: &[&str]) -> Option<PathBuf> {
    let python = python();
    let import = format!("import {}", modules.join(", "));
    let status = Command::new(&python)
        .args(["-c", &import])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();

    status
        .is_ok_and(|status| status.success())
        .then_some(python)
}

/// The one that is named, else what `.ci/install` made, else the system's.
fn python() -> PathBuf {
    let named = std::env::var_os(VARIABLE).map(PathBuf::from);
    let installed = std::env::home_dir()
        .map(|home| home.join(".cache/filrouge/python/bin/python"))
        .filter(|python| python.exists());

    named.or(installed).unwrap_or_else(|| "python3".into())
}
