//! The reading of an archive: nothing of it is believed before its hash.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use filrouge_bounded::{Allowance, Line, read_line};
use filrouge_storage::{AtomicFile, make_folder};
use zip::ZipArchive;
use zip::result::ZipError;

use crate::content::hashed_copy;
use crate::manifest::{BackupFile, BackupHeader};
use crate::writing::{DATABASE, MANIFEST, entry_of};
use crate::{BackupError, Result};

/// Files of one backup: a year of hourly collections has a fifth of them.
const MOST_FILES: u64 = 1_000_000;

/// Files of the collections are shared between them where they were: nothing writes in them.
const SHARED: &str = "raw/";

/// An archive whose manifest was read.
#[derive(Debug)]
pub struct BackupArchive {
    archive: ZipArchive<BufReader<File>>,
    path: PathBuf,
    header: BackupHeader,
    database: BackupFile,
    files: Vec<BackupFile>,
    /// Length of the archive, which bounds all that comes out of it.
    length: u64,
}

impl BackupArchive {
    /// Opens the archive at `path` and reads its manifest.
    ///
    /// # Errors
    /// When it cannot be read, is no backup of this program, is damaged or passes a bound.
    pub fn open(path: &Path) -> Result<Self> {
        let file = File::open(path).map_err(BackupError::at(path))?;
        let length = file.metadata().map_err(BackupError::at(path))?.len();
        let mut archive = ZipArchive::new(BufReader::new(file))
            .map_err(|error| BackupError::Foreign(error.to_string()))?;
        let (header, database, files) = read_manifest(&mut archive, length)?;

        Ok(Self {
            archive,
            path: path.to_owned(),
            header,
            database,
            files,
            length,
        })
    }

    /// The program, the instant and the engine of the backup.
    pub fn header(&self) -> &BackupHeader {
        &self.header
    }

    /// The files of the state, the database left out.
    pub fn files(&self) -> &[BackupFile] {
        &self.files
    }

    /// Reads every content and compares it with the manifest; nothing is written.
    ///
    /// # Errors
    /// The first content that is cut, altered or missing.
    pub fn verify(&mut self) -> Result<()> {
        let allowance = Allowance::of_file(self.length);
        let mut seen = HashSet::new();
        for file in self.files.clone() {
            if seen.insert(file.sha256.clone()) {
                let entry = entry_of(&file.sha256);
                self.copy_entry(&entry, &file, &allowance, &mut io::sink())?;
            }
        }

        let database = self.database.clone();
        self.copy_entry(DATABASE, &database, &allowance, &mut io::sink())
    }

    /// Writes the files of the state in `folder`, which the caller made private.
    ///
    /// # Errors
    /// Those of [`BackupArchive::verify`] and of the file system: `folder` is then to be thrown away.
    pub fn extract(&mut self, folder: &Path) -> Result<()> {
        let allowance = Allowance::of_file(self.length);
        let mut written: HashMap<(String, i64), PathBuf> = HashMap::new();

        for file in self.files.clone() {
            let path = folder.join(&file.path);
            let key = (file.sha256.clone(), file.modified);
            let shared = written.get(&key).filter(|_| file.path.starts_with(SHARED));
            match shared {
                Some(same) => link(same, &path)?,
                None => self.extract_one(&entry_of(&file.sha256), &file, &allowance, &path)?,
            }
            if file.path.starts_with(SHARED) {
                written.entry(key).or_insert(path);
            }
        }
        Ok(())
    }

    /// Writes the copy of the database at `path`.
    ///
    /// # Errors
    /// When it is cut or altered, or cannot be written.
    pub fn extract_database(&mut self, path: &Path) -> Result<()> {
        let database = self.database.clone();
        self.extract_one(DATABASE, &database, &Allowance::of_file(self.length), path)
    }

    fn extract_one(
        &mut self,
        entry: &str,
        file: &BackupFile,
        allowance: &Allowance,
        path: &Path,
    ) -> Result<()> {
        let target = AtomicFile::create(path).map_err(BackupError::at(path))?;
        self.copy_entry(entry, file, allowance, &mut target.as_file())?;

        let modified = UNIX_EPOCH + Duration::from_secs(file.modified.max(0).cast_unsigned());
        target
            .as_file()
            .set_modified(modified)
            .and_then(|()| target.commit())
            .map_err(BackupError::at(path))
    }

    fn copy_entry(
        &mut self,
        entry: &str,
        file: &BackupFile,
        allowance: &Allowance,
        writer: &mut impl Write,
    ) -> Result<()> {
        let damaged = |reason: &str| BackupError::Damaged(format!("`{}` {reason}", file.path));
        let content = self
            .archive
            .by_name(entry)
            .map_err(|error| damaged(&error.to_string()))?;
        // One byte more than announced is enough to know.
        let mut content = allowance.reader(content.take(file.bytes.saturating_add(1)));

        let copied = hashed_copy(&mut content, writer).map_err(|error| match error.kind() {
            io::ErrorKind::StorageFull => BackupError::at(&self.path)(error),
            _ => damaged(&error.to_string()),
        })?;
        if copied != (file.bytes, file.sha256.clone()) {
            return Err(damaged("is not what the manifest says"));
        }
        Ok(())
    }
}

fn link(from: &Path, to: &Path) -> Result<()> {
    let folder = to.parent().unwrap_or(to);
    make_folder(folder)
        .and_then(|()| fs::hard_link(from, to))
        .map_err(BackupError::at(to))
}

fn read_manifest(
    archive: &mut ZipArchive<BufReader<File>>,
    length: u64,
) -> Result<(BackupHeader, BackupFile, Vec<BackupFile>)> {
    let manifest = archive.by_name(MANIFEST).map_err(|error| match error {
        ZipError::FileNotFound => BackupError::Foreign(format!("it has no `{MANIFEST}`")),
        error => BackupError::Damaged(error.to_string()),
    })?;
    let allowance = Allowance::of_file(length);
    let mut reader = BufReader::new(allowance.reader(manifest));
    let cut = || BackupError::Damaged("its manifest is cut".to_owned());

    let header = BackupHeader::read(&next_line(&mut reader)?.ok_or_else(cut)?)?;
    let database = BackupFile::read(&next_line(&mut reader)?.ok_or_else(cut)?)?;
    let mut files = Vec::new();
    while let Some(line) = next_line(&mut reader)? {
        if files.len() as u64 == MOST_FILES {
            return Err(BackupError::Unbounded(format!(
                "more than {MOST_FILES} files"
            )));
        }
        files.push(BackupFile::read(&line)?);
    }
    Ok((header, database, files))
}

fn next_line(reader: &mut impl io::BufRead) -> Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    match read_line(reader, &mut line) {
        Ok(Line::End) => Ok(None),
        Ok(Line::Whole) => Ok(Some(line)),
        Ok(_) => Err(BackupError::Unbounded("a line of its manifest".to_owned())),
        Err(error) => Err(BackupError::Damaged(error.to_string())),
    }
}
