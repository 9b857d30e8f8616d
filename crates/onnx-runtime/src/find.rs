//! Places where the library may already be.

use std::path::{Path, PathBuf};

use crate::{install, pins};

/// Environment variable that names the folder of the installed library.
pub const RUNTIME_DIR_VARIABLE: &str = "FILROUGE_RUNTIME_DIR";

/// The folder of the installed library in this workspace: `FILROUGE_RUNTIME_DIR`, or
/// `models/runtime` at its root.
pub fn default_runtime_dir() -> PathBuf {
    match std::env::var_os(RUNTIME_DIR_VARIABLE) {
        Some(folder) if !folder.is_empty() => PathBuf::from(folder),
        _ => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models/runtime"),
    }
}

/// The library that [`ensure_runtime`](crate::ensure_runtime) would load without installing
/// anything, if there is one. For `doctor`.
pub fn find_runtime(folder: &Path) -> Option<PathBuf> {
    named_library()
        .or_else(system_library)
        .or_else(|| install::installed(folder))
}

/// The library that `ORT_DYLIB_PATH` names.
pub(crate) fn named_library() -> Option<PathBuf> {
    std::env::var_os("ORT_DYLIB_PATH")
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
}

/// The library of the system, when a folder of its library path has one.
pub(crate) fn system_library() -> Option<PathBuf> {
    let usual = [
        "/usr/local/lib",
        "/usr/lib",
        "/usr/lib64",
        "/opt/homebrew/lib",
    ];
    // Debian keeps the libraries of each architecture apart.
    let triplet = format!("/usr/lib/{}-linux-gnu", std::env::consts::ARCH);

    listed_folders()
        .into_iter()
        .chain(usual.map(PathBuf::from))
        .chain([PathBuf::from(triplet)])
        .map(|folder| folder.join(pins::library_name()))
        .find(|library| library.is_file())
}

/// The folders that the environment adds to the loader's path, on Linux and on macOS.
fn listed_folders() -> Vec<PathBuf> {
    ["LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"]
        .into_iter()
        .filter_map(std::env::var_os)
        .flat_map(|paths| std::env::split_paths(&paths).collect::<Vec<_>>())
        .collect()
}
