//! Programs of the machine, with an error that names the one that is missing.

use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use anyhow::{Context, Result, bail, ensure};

/// Runs a program whose output goes to the terminal.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().or_else(|error| missing(command, error))?;
    ensure!(status.success(), "{} failed", told(command));
    Ok(())
}

/// The standard output of a program, without the last line break.
pub(crate) fn printed(command: &mut Command) -> Result<String> {
    let Output {
        status,
        stdout,
        stderr,
    } = command
        .stdin(Stdio::null())
        .output()
        .or_else(|error| missing(command, error))?;

    // `sha256sum --check` names a file on the one, and says why it fails on the other.
    ensure!(
        status.success(),
        "{} failed: {}",
        told(command),
        String::from_utf8_lossy(&[&stdout[..], &stderr].concat()).trim()
    );
    let text =
        String::from_utf8(stdout).with_context(|| format!("{}: not UTF-8", told(command)))?;
    Ok(text.trim_end().to_owned())
}

/// An archive of a folder that depends on its files alone: names, contents, rights to execute.
pub(crate) fn tar(folder: &Path, archive: &Path) -> Result<()> {
    let mut tar = Command::new("tar");
    tar.args(["--sort=name", "--mtime=@0", "--owner=0", "--group=0"])
        .args(["--numeric-owner", "--format=gnu", "--mode=u+rw,go=rX"])
        // By its name: .tar, .tar.gz, whose header then has no date, .tar.zst.
        .args(["--auto-compress", "--create", "--file"])
        .arg(archive)
        .arg("--directory")
        .args([folder, Path::new(".")])
        .env("GZIP", "-n");
    run(&mut tar)
}

/// Copies a file with its mode, and makes the folders above.
pub(crate) fn install(from: &Path, to: &Path, mode: &str) -> Result<()> {
    run(Command::new("install")
        .args(["-D", "-m", mode])
        .args([from, to]))
}

/// SHA-256 of a file, in hexadecimal.
pub(crate) fn sha256(file: &Path) -> Result<String> {
    let line = printed(Command::new("sha256sum").arg("--").arg(file))?;
    let (hash, _) = line.split_once(' ').context("sha256sum gave no hash")?;
    Ok(hash.to_owned())
}

/// File of the hashes of a folder, which a signature then covers.
pub(crate) const SUMS: &str = "SHA256SUMS";

/// Writes the hashes of all the files of a folder, as `sha256sum --check` reads them.
pub(crate) fn write_sums(folder: &Path) -> Result<()> {
    let mut names = Vec::new();
    for entry in
        std::fs::read_dir(folder).with_context(|| format!("cannot read `{}`", folder.display()))?
    {
        names.push(entry?.file_name());
    }
    names.retain(|name| name != SUMS);
    names.sort();

    let sums = printed(Command::new("sha256sum").args(names).current_dir(folder))?;
    std::fs::write(folder.join(SUMS), sums + "\n")
        .with_context(|| format!("cannot write `{}`", folder.join(SUMS).display()))
}

fn missing<T>(command: &Command, error: std::io::Error) -> Result<T> {
    let program = command.get_program().display().to_string();
    if error.kind() == ErrorKind::NotFound {
        bail!("`{program}` is missing: .ci/install brings it");
    }
    Err(error).with_context(|| format!("cannot run `{program}`"))
}

/// The program and its first word, without paths that would hide the cause.
fn told(command: &Command) -> String {
    let first = command.get_args().next().unwrap_or_default();
    format!("`{} {}`", command.get_program().display(), first.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_program_is_named_with_what_brings_it() {
        let error = run(&mut Command::new("no-such-program")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`no-such-program` is missing: .ci/install brings it"
        );
    }

    #[test]
    fn an_archive_depends_on_the_files_alone() {
        let hash = |names: [&str; 2]| {
            let folder = tempfile::tempdir().unwrap();
            let archive = tempfile::Builder::new()
                .suffix(".tar.gz")
                .tempfile()
                .unwrap();
            for name in names {
                std::fs::write(folder.path().join(name), name).unwrap();
            }
            tar(folder.path(), archive.path()).unwrap();
            sha256(archive.path()).unwrap()
        };

        assert_eq!(hash(["a", "b"]), hash(["b", "a"]));
        assert_ne!(hash(["a", "b"]), hash(["a", "c"]));
    }
}
