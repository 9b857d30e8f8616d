use std::fs::{self, DirEntry};
use std::io;
use std::path::PathBuf;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use filrouge_storage::write_private;

use crate::token::random;
use crate::{EmailAddress, Result};

/// A message that no mail program took away goes after this long: its link works no more.
const MESSAGE_LIFETIME: TimeDelta = TimeDelta::days(1);

/// The instant of a message, at the beginning of its name.
const INSTANT: &str = "%Y%m%dT%H%M%SZ";

/// How a mail program reads the body.
const MIME: &str = "MIME-Version: 1.0\r\n\
    Content-Type: text/plain; charset=utf-8\r\n\
    Content-Transfer-Encoding: 8bit\r\n";

/// The messages that the application would send: one private file each, which a mail program takes
/// away. The demonstration has no mail, and somebody reads the folder instead.
#[derive(Debug, Clone)]
pub struct Outbox(PathBuf);

impl Outbox {
    /// The outbox in `folder`, made when a message comes.
    pub fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// Puts a message in the outbox (RFC 5322 and MIME, its headers in UTF-8: RFC 6532), readable
    /// by its owner alone.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn send(
        &self,
        to: &EmailAddress,
        subject: &str,
        body: &str,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let name = format!(
            "{}-{}.eml",
            now.format(INSTANT),
            hex::encode(random::<4>()?)
        );

        // A line break would begin another header.
        let subject = subject.replace(char::is_control, " ");
        let message = format!(
            "Date: {}\r\n{}Subject: {subject}\r\n{MIME}\r\n{body}\r\n",
            now.to_rfc2822(),
            recipient(to),
        );

        write_private(&self.0.join(name), message.as_bytes())?;
        Ok(())
    }

    /// Removes the messages that nobody took away in a day, and counts them.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn purge(&self, now: DateTime<Utc>) -> Result<u64> {
        self.remove(|file| Ok(written_at(file)? <= now - MESSAGE_LIFETIME))
    }

    /// Removes the messages to that address, and counts them.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn forget(&self, to: &EmailAddress) -> Result<u64> {
        let header = recipient(to);

        self.remove(|file| {
            let message = fs::read_to_string(file.path())?;
            // Before the body, which may quote anything.
            Ok(message
                .split("\r\n\r\n")
                .next()
                .is_some_and(|head| format!("{head}\r\n").contains(&header)))
        })
    }

    fn remove(&self, is_removed: impl Fn(&DirEntry) -> io::Result<bool>) -> Result<u64> {
        let files = match fs::read_dir(&self.0) {
            Ok(files) => files,
            // Nothing was ever sent.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
            Err(error) => return Err(error.into()),
        };
        let mut removed = 0;

        for file in files {
            let file = file?;
            let end = match is_removed(&file) {
                Ok(true) => fs::remove_file(file.path()),
                Ok(false) => continue,
                Err(error) => Err(error),
            };
            match end {
                Ok(()) => removed += 1,
                // The mail program was faster.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(removed)
    }
}

/// The header that says to whom a message goes.
fn recipient(to: &EmailAddress) -> String {
    format!("To: {}\r\n", to.as_str())
}

/// The instant of a message; for a draft that a killed process left, that of the file.
fn written_at(file: &DirEntry) -> io::Result<DateTime<Utc>> {
    let path = file.path();
    let name = path.file_stem().and_then(|name| name.to_str());
    let instant = name.and_then(|name| name.split('-').next());
    let named = instant.and_then(|text| NaiveDateTime::parse_from_str(text, INSTANT).ok());

    match named {
        Some(instant) => Ok(instant.and_utc()),
        None => Ok(fs::metadata(&path)?.modified()?.into()),
    }
}
