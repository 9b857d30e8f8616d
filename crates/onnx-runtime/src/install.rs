//! Installing the library once, from the official Python wheel.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use filrouge_storage::write_atomically;
use indicatif::{ProgressBar, ProgressStyle};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use zip::ZipArchive;

use crate::pins::{self, Wheel};

#[cfg(test)]
mod tests;

/// The library could not be installed.
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
        /// The defect.
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
pub(crate) fn installed(folder: &Path) -> Option<PathBuf> {
    let library = library_path(folder);
    library.is_file().then_some(library)
}

/// The installed library, installed first if need be. A lock file keeps processes that start
/// together from downloading it twice; the system frees the lock of a process that dies.
pub(crate) fn ensure_installed(folder: &Path) -> Result<PathBuf, InstallError> {
    if let Some(library) = installed(folder) {
        return Ok(library);
    }

    let lock_path = folder.join(".lock");
    fs::create_dir_all(folder).map_err(write_error(folder))?;
    let lock = File::create(&lock_path).map_err(write_error(&lock_path))?;
    lock.lock().map_err(write_error(&lock_path))?;

    // Another process may have installed it while this one waited.
    match installed(folder) {
        Some(library) => Ok(library),
        None => install(folder),
    }
}

fn install(folder: &Path) -> Result<PathBuf, InstallError> {
    let machine = || format!("{} {}", std::env::consts::OS, std::env::consts::ARCH);
    let wheel = pins::wheel().ok_or_else(|| InstallError::Platform(machine()))?;
    let progress = progress_line();

    // In the same file system as the library: a small /tmp need not hold the wheel.
    let download = TempDir::with_prefix_in("download-", folder).map_err(write_error(folder))?;
    let file = download_wheel(&wheel, download.path())?;
    verify(&file, wheel.sha256)?;
    let library = unpack(&file, folder);

    progress.finish_and_clear();
    library
}

fn write_error(path: &Path) -> impl FnOnce(io::Error) -> InstallError {
    let path = path.to_owned();
    move |source| InstallError::Write { path, source }
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
    let output = pip_download(python, wheel, folder).map_err(|_| InstallError::NoPip)?;

    // With `--no-deps`, the folder holds the wheel and nothing else.
    let mut files = fs::read_dir(folder).into_iter().flatten().flatten();
    match files.next() {
        Some(file) if output.status.success() => Ok(file.path()),
        _ => Err(InstallError::Download {
            reason: last_line(&output.stderr),
        }),
    }
}

fn pip_download(python: &str, wheel: &Wheel, folder: &Path) -> io::Result<Output> {
    let platforms = wheel
        .platforms
        .iter()
        .flat_map(|platform| ["--platform", platform]);

    Command::new(python)
        .args(["-m", "pip", "download", "--disable-pip-version-check"])
        .args(["--quiet", "--no-deps", "--only-binary=:all:"])
        .args(["--implementation", "cp"])
        .args(["--python-version", pins::PYTHON_TAG])
        .args(platforms)
        .arg("--dest")
        .arg(folder)
        .arg(format!("onnxruntime=={}", pins::VERSION))
        .output()
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
    let found = sha256(file).map_err(write_error(file))?;
    if found == expected {
        return Ok(());
    }

    Err(InstallError::WrongHash {
        file: file_name(file),
        found,
        expected: expected.to_owned(),
    })
}

fn sha256(file: &Path) -> io::Result<String> {
    let mut hasher = Sha256::new();
    io::copy(&mut File::open(file)?, &mut hasher)?;
    Ok(format!("{:x}", hasher.finalize()))
}

fn unpack(wheel: &Path, folder: &Path) -> Result<PathBuf, InstallError> {
    let bad_wheel = |reason: String| InstallError::Wheel {
        file: file_name(wheel),
        reason,
    };
    let unreadable = |error: zip::result::ZipError| bad_wheel(error.to_string());

    let reader = File::open(wheel).map_err(|error| bad_wheel(error.to_string()))?;
    // A wheel is a zip archive (PEP 427).
    let mut archive = ZipArchive::new(reader).map_err(unreadable)?;
    let entry = library_entry(&archive).ok_or_else(|| bad_wheel("no such entry".to_owned()))?;
    let mut library = archive.by_name(&entry).map_err(unreadable)?;

    let path = library_path(folder);
    write_atomically(&path, |file| io::copy(&mut library, file)).map_err(write_error(&path))?;
    Ok(path)
}

fn library_entry(archive: &ZipArchive<File>) -> Option<String> {
    let names = archive.file_names().flatten();
    names
        .map(|name| name.into_owned())
        .find(|name| pins::is_library(name))
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}
