//! Cargo, started by a program that cargo started.

use std::path::Path;
use std::process::Command;

/// Cargo as a person would start it at `root`.
pub(crate) fn command(root: &Path) -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(root);
    forget_package(&mut command);
    command
}

/// Takes away the variables by which `cargo run` describes this package: a cargo that inherits them
/// rebuilds the dependencies that watch them.
pub(crate) fn forget_package(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let bytes = name.as_encoded_bytes();
        if bytes.starts_with(b"CARGO_MANIFEST_") || bytes.starts_with(b"CARGO_PKG_") {
            command.env_remove(name);
        }
    }
}
