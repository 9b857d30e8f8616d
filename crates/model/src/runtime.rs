use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ort::environment::Environment;

mod install;
mod pins;

pub use install::InstallError;

/// Where the installed library goes and is looked for when the caller names no folder.
pub const RUNTIME_DIR_VARIABLE: &str = "FILROUGE_RUNTIME_DIR";

/// The loaded ONNX Runtime: a process has one, and sessions are made from it. Clones share it.
#[derive(Debug, Clone)]
pub struct Runtime {
    environment: Environment,
    library: PathBuf,
}

/// Why ONNX Runtime could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum RuntimeError {
    /// A library was found and does not load.
    #[error("the ONNX Runtime library `{}` cannot be used: {reason}", path.display())]
    Unusable {
        /// The library.
        path: PathBuf,
        /// What the loader said.
        reason: String,
    },
    /// None was found, and none could be installed.
    #[error("ONNX Runtime is not on this machine and could not be installed")]
    Install(#[from] InstallError),
}

/// The folder of the installed library in this workspace: `FILROUGE_RUNTIME_DIR`, or
/// `models/runtime` at its root.
pub fn default_runtime_dir() -> PathBuf {
    match std::env::var_os(RUNTIME_DIR_VARIABLE) {
        Some(folder) if !folder.is_empty() => PathBuf::from(folder),
        _ => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models/runtime"),
    }
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

/// The library that [`ensure_runtime`] would load without installing anything, if there is one. For
/// `doctor`.
pub fn find_runtime(folder: &Path) -> Option<PathBuf> {
    named_library()
        .or_else(system_library)
        .or_else(|| install::installed(folder))
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
    if let Some(named) = named_library() {
        return load(&named);
    }
    if let Some(runtime) = system_library().and_then(|library| load(&library).ok()) {
        return Ok(runtime);
    }
    load(&install::ensure_installed(folder)?)
}

fn named_library() -> Option<PathBuf> {
    std::env::var_os("ORT_DYLIB_PATH")
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
}

/// The library of the system, when a folder of its library path has one. An unsuitable one (too
/// old) is passed over.
fn system_library() -> Option<PathBuf> {
    let listed = ["LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"]
        .into_iter()
        .filter_map(std::env::var_os);
    let listed: Vec<PathBuf> = listed
        .flat_map(|paths| std::env::split_paths(&paths).collect::<Vec<_>>())
        .collect();

    let usual = [
        "/usr/local/lib",
        "/usr/lib",
        "/usr/lib64",
        "/opt/homebrew/lib",
    ]
    .map(PathBuf::from);

    let triplet = PathBuf::from(format!("/usr/lib/{}-linux-gnu", std::env::consts::ARCH));
    let folders = listed.into_iter().chain(usual).chain([triplet]);

    folders
        .map(|folder| folder.join(pins::library_name()))
        .find(|library| library.is_file())
}

fn load(library: &Path) -> Result<Runtime, RuntimeError> {
    let unusable = |reason: String| RuntimeError::Unusable {
        path: library.to_owned(),
        reason,
    };
    let library = library
        .canonicalize()
        .map_err(|error| unusable(error.to_string()))?;

    let builder = ort::init_from(&library).map_err(|error| unusable(error.to_string()))?;
    let environment = builder
        .with_telemetry(false)
        .build()
        .map_err(|error| unusable(error.to_string()))?;

    Ok(Runtime {
        environment,
        library,
    })
}
