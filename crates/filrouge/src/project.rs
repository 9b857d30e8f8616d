//! The folder of the project: profiles, queries and the shipped model are files, not code.

use std::path::{Path, PathBuf};

/// `FILROUGE_HOME`, else the working folder when it is the project, else where the program was
/// built.
pub(crate) fn home() -> PathBuf {
    if let Some(home) = std::env::var_os("FILROUGE_HOME") {
        return home.into();
    }
    let here = PathBuf::from(".");
    // A clone that was moved after the build is used where it is.
    if is_project(&here) {
        here
    } else {
        built_in().to_owned()
    }
}

fn is_project(folder: &Path) -> bool {
    folder.join("data/profiles").is_dir() && folder.join("data/queries").is_dir()
}

fn built_in() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        // `crates/filrouge` is two folders down.
        .nth(2)
        .unwrap_or(Path::new("."))
}

/// The folder of the project's own ONNX Runtime.
pub(crate) fn runtime_folder() -> PathBuf {
    home().join("models/runtime")
}

/// The model that the project ships.
pub(crate) fn shipped_models() -> PathBuf {
    home().join("models/demand")
}

/// The habits of the stations that the project ships, from which the chances of finding a bike are
/// told.
pub(crate) fn shipped_availability() -> PathBuf {
    home().join("models/availability/profile.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_where_the_program_was_built_is_the_project() {
        assert!(is_project(built_in()));
    }
}
