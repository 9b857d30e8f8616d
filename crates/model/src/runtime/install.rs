use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use sha2::{Digest, Sha256};
use tempfile::{NamedTempFile, TempDir};

use super::pins::{self, Wheel};

/// Why the library could not be installed.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// There is no official build for this machine.
    #[error(
        "no official ONNX Runtime wheel exists for {0}: install the library and set ORT_DYLIB_PATH"
    )]
    Platform(String),
    /// Neither `python3` nor `python` has pip.
    #[error(
        "python with pip is needed to download ONNX Runtime: install it, or set ORT_DYLIB_PATH to a library"
    )]
    NoPip,
    /// `pip download` failed: no network, a proxy, a version that was withdrawn.
    #[error("`pip download onnxruntime=={version}` failed: {reason}", version = pins::VERSION)]
    Download {
        /// The last line that pip wrote.
        reason: String,
    },
    /// The file that came is not the one that was pinned.
    #[error("`{file}` has SHA-256 {found}, {expected} was expected: it was not installed")]
    WrongHash {
        /// Name of the wheel.
        file: String,
        /// Its hash.
        found: String,
        /// The pinned hash.
        expected: String,
    },
    /// The wheel is damaged or holds no library.
    #[error("the wheel `{file}` holds no ONNX Runtime library: {reason}")]
    Wheel {
        /// Name of the wheel.
        file: String,
        /// What was wrong.
        reason: String,
    },
    /// The folder cannot be written.
    #[error("cannot write `{}`", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
}

/// The installed library, if it is there.
pub(super) fn installed(folder: &Path) -> Option<PathBuf> {
    let library = library_path(folder);
    library.is_file().then_some(library)
}

/// The installed library, installed first if need be. A lock file keeps processes that start
/// together from downloading it twice; the system frees the lock of a process that dies.
pub(super) fn ensure_installed(folder: &Path) -> Result<PathBuf, InstallError> {
    if let Some(library) = installed(folder) {
        return Ok(library);
    }

    let write_error = |path: &Path| {
        let path = path.to_owned();
        move |source| InstallError::Write { path, source }
    };
    fs::create_dir_all(folder).map_err(write_error(folder))?;
    let lock_path = folder.join(".lock");
    let lock = File::create(&lock_path).map_err(write_error(&lock_path))?;

    lock.lock().map_err(write_error(&lock_path))?;
    match installed(folder) {
        Some(library) => Ok(library),
        None => install(folder),
    }
}

fn install(folder: &Path) -> Result<PathBuf, InstallError> {
    let machine = || format!("{} {}", std::env::consts::OS, std::env::consts::ARCH);
    let wheel = pins::wheel().ok_or_else(|| InstallError::Platform(machine()))?;
    let progress = progress_line();
    let download =
        TempDir::with_prefix_in("download-", folder).map_err(|source| InstallError::Write {
            path: folder.to_owned(),
            source,
        })?;

    let file = download_wheel(&wheel, download.path())?;
    verify(&file, wheel.sha256)?;
    let library = unpack(&file, folder);

    progress.finish_and_clear();
    library
}

/// One folder a version, so that a newer program does not load an older library.
fn library_path(folder: &Path) -> PathBuf {
    folder.join(pins::VERSION).join(pins::library_name())
}

fn progress_line() -> ProgressBar {
    let progress = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
        progress.set_style(style);
    }
    progress.set_message(format!(
        "Installation d’ONNX Runtime {} (une seule fois)",
        pins::VERSION
    ));
    progress.enable_steady_tick(Duration::from_millis(120));
    progress
}

fn download_wheel(wheel: &Wheel, folder: &Path) -> Result<PathBuf, InstallError> {
    let python = ["python3", "python"]
        .into_iter()
        .find(|python| has_pip(python))
        .ok_or(InstallError::NoPip)?;
    let requirement = format!("onnxruntime=={}", pins::VERSION);
    let mut command = Command::new(python);

    command.args([
        "-m",
        "pip",
        "download",
        &requirement,
        "--no-deps",
        "--only-binary=:all:",
        "--quiet",
    ]);

    command.args([
        "--disable-pip-version-check",
        "--implementation",
        "cp",
        "--python-version",
        pins::PYTHON_TAG,
    ]);

    command.args(
        wheel
            .platforms
            .iter()
            .flat_map(|platform| ["--platform", platform]),
    );

    let output = command
        .arg("--dest")
        .arg(folder)
        .output()
        .map_err(|_| InstallError::NoPip)?;

    let found = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .next();

    match found {
        Some(file) if output.status.success() => Ok(file),
        _ => Err(InstallError::Download {
            reason: last_line(&output.stderr),
        }),
    }
}

fn has_pip(python: &str) -> bool {
    Command::new(python)
        .args(["-m", "pip", "--version"])
        .output()
        .is_ok_and(|output| output.status.success())
}

fn last_line(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    text.lines()
        .rfind(|line| !line.trim().is_empty())
        .unwrap_or("no message")
        .trim()
        .to_owned()
}

fn verify(file: &Path, expected: &str) -> Result<(), InstallError> {
    let read_error = |source| InstallError::Write {
        path: file.to_owned(),
        source,
    };
    let mut reader = File::open(file).map_err(read_error)?;
    let mut hasher = Sha256::new();

    io::copy(&mut reader, &mut hasher).map_err(read_error)?;
    let found = format!("{:x}", hasher.finalize());
    if found == expected {
        return Ok(());
    }

    Err(InstallError::WrongHash {
        file: file_name(file),
        found,
        expected: expected.to_owned(),
    })
}

fn unpack(wheel: &Path, folder: &Path) -> Result<PathBuf, InstallError> {
    let bad_wheel = |reason: String| InstallError::Wheel {
        file: file_name(wheel),
        reason,
    };
    let reader = File::open(wheel).map_err(|error| bad_wheel(error.to_string()))?;
    let mut archive = zip::ZipArchive::new(reader).map_err(|error| bad_wheel(error.to_string()))?;
    let names = archive.file_names().flatten();

    let entry = names
        .map(std::borrow::Cow::into_owned)
        .find(|name| pins::is_library(name));
    let entry = entry.ok_or_else(|| bad_wheel("no such entry".to_owned()))?;
    let mut library = archive
        .by_name(&entry)
        .map_err(|error| bad_wheel(error.to_string()))?;

    let path = library_path(folder);

    write_atomically(&mut library, &path).map_err(|source| InstallError::Write {
        path: path.clone(),
        source,
    })?;

    Ok(path)
}

fn write_atomically(reader: &mut impl Read, path: &Path) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = NamedTempFile::new_in(folder)?;
    io::copy(reader, &mut file)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_with_another_hash_is_refused_and_both_hashes_are_named() {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("onnxruntime.whl");
        fs::write(&file, "not the wheel").unwrap();
        let error = verify(&file, &"0".repeat(64)).unwrap_err().to_string();
        assert!(
            error.starts_with("`onnxruntime.whl` has SHA-256 ") && error.contains("was expected"),
            "{error}"
        );
    }

    #[test]
    fn a_damaged_wheel_installs_nothing() {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("onnxruntime.whl");
        fs::write(&file, "not a zip archive").unwrap();
        assert!(matches!(
            unpack(&file, folder.path()),
            Err(InstallError::Wheel { .. })
        ));
        assert_eq!(installed(folder.path()), None);
    }

    #[test]
    fn a_library_that_is_there_is_not_installed_again() {
        let folder = TempDir::new().unwrap();
        let library = library_path(folder.path());
        write_atomically(&mut &b"library"[..], &library).unwrap();
        assert_eq!(ensure_installed(folder.path()).unwrap(), library);
    }

    #[test]
    fn the_reason_of_a_failed_download_is_the_last_line_of_pip() {
        assert_eq!(
            last_line(b"WARNING: retry\nERROR: no matching distribution\n\n"),
            "ERROR: no matching distribution"
        );
        assert_eq!(last_line(b""), "no message");
    }
}
