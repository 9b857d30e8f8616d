//! The library in memory.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ort::environment::Environment;

use crate::find::{named_library, system_library};
use crate::install::{self, InstallError};

/// The loaded ONNX Runtime: a process has one, and sessions are made from it. Clones share it.
#[derive(Debug, Clone)]
pub struct Runtime {
    environment: Environment,
    library: PathBuf,
}

/// ONNX Runtime could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum RuntimeError {
    /// A library was found and does not load.
    #[error("the ONNX Runtime library `{}` cannot be used: {reason}", path.display())]
    Unusable {
        /// The library.
        path: PathBuf,
        /// The loader's message.
        reason: String,
    },
    /// None was found, and none could be installed.
    #[error("ONNX Runtime is not on this machine and could not be installed")]
    Install(#[from] InstallError),
}

/// Loads ONNX Runtime, installing it first when the machine has none. The program and the tests
/// call this.
///
/// Looked for in this order: `ORT_DYLIB_PATH`; the system's library path; `folder`. When none is
/// there, the library is taken from the official `onnxruntime` wheel (`pip download`, version and
/// SHA-256 pinned) into `folder`, once, even when several processes ask at the same time. Later
/// calls return the library that the first one loaded.
///
/// # Errors
/// [`RuntimeError`] says which library does not load, or why none could be installed.
pub fn ensure_runtime(folder: &Path) -> Result<Runtime, RuntimeError> {
    static LOADED: Mutex<Option<Runtime>> = Mutex::new(None);

    let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(runtime) = loaded.as_ref() {
        return Ok(runtime.clone());
    }

    let runtime = load_first(folder)?;
    tracing::info!(library = %runtime.library.display(), "ONNX Runtime loaded");
    Ok(loaded.insert(runtime).clone())
}

impl Runtime {
    /// The library that was loaded.
    pub fn library(&self) -> &Path {
        &self.library
    }

    pub(crate) fn environment(&self) -> &Environment {
        &self.environment
    }
}

fn load_first(folder: &Path) -> Result<Runtime, RuntimeError> {
    // A library that was named is the one wanted: if it does not load, no other replaces it.
    if let Some(named) = named_library() {
        return load(&named);
    }

    // The system's may be too old for this program: the pinned one then serves.
    if let Some(runtime) = system_library().and_then(|library| load(&library).ok()) {
        return Ok(runtime);
    }

    load(&install::ensure_installed(folder)?)
}

fn load(library: &Path) -> Result<Runtime, RuntimeError> {
    let unusable = |reason: String| RuntimeError::Unusable {
        path: library.to_owned(),
        reason,
    };

    let path = library
        .canonicalize()
        .map_err(|error| unusable(error.to_string()))?;
    let builder = ort::init_from(&path).map_err(|error| unusable(error.to_string()))?;
    let environment = builder
        // Microsoft's builds for Windows send usage data otherwise.
        .with_telemetry(false)
        .build()
        .map_err(|error| unusable(error.to_string()))?;

    Ok(Runtime {
        environment,
        library: path,
    })
}
