//! Cargo started by this program, itself started by cargo.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// Variables by which `cargo run` describes its package to the program that it runs. A cargo that
/// inherits them rebuilds every crate that watches them (`ring`, hence all that encrypts or reads
/// Parquet), and the next build by hand does it all again.
const INHERITED: [&str; 2] = ["CARGO_MANIFEST_", "CARGO_PKG_"];

/// Cargo in the top folder, as a person would start it there.
pub(crate) fn cargo(root: &Path) -> Command {
    let mut command = Command::new(env!("CARGO"));
    forget_package(&mut command);
    command.current_dir(root);
    command
}

/// Keeps from a command the variables that describe this program's package.
pub(crate) fn forget_package(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let name_bytes = name.as_encoded_bytes();
        if INHERITED
            .iter()
            .any(|prefix| name_bytes.starts_with(prefix.as_bytes()))
        {
            command.env_remove(name);
        }
    }
}

/// The standard output of `filrouge ARGUMENTS…`, built first where it must be.
pub(crate) fn printed<'word>(
    root: &Path,
    arguments: impl IntoIterator<Item = &'word str>,
) -> Result<String> {
    let mut command = cargo(root);
    command.args(["run", "--quiet", "--"]).args(arguments);
    // Help wraps at the width of the terminal: the same page comes out of every one.
    let output = command
        .env("COLUMNS", "100")
        .output()
        .context("cannot run cargo")?;

    ensure!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).context("the output is not UTF-8")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cargo_told_this_program_is_not_told_to_the_next_cargo() {
        // These very tests run under cargo, which sets the variables.
        assert!(std::env::var_os("CARGO_MANIFEST_DIR").is_some());

        let command = cargo(Path::new("/"));

        assert!(
            command
                .get_envs()
                .any(|(name, value)| name == "CARGO_MANIFEST_DIR" && value.is_none())
        );
        assert!(
            command
                .get_envs()
                .any(|(name, value)| name == "CARGO_PKG_NAME" && value.is_none())
        );
    }
}
