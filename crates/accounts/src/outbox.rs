use std::path::PathBuf;

use chrono::{DateTime, Utc};
use filrouge_storage::write_private;

use crate::token::random;
use crate::{EmailAddress, Result};

/// The messages that the application would send: one private file each, which a mail program takes
/// away. The demonstration has no mail, and somebody reads the folder instead.
#[derive(Debug, Clone)]
pub struct Outbox(PathBuf);

impl Outbox {
    /// The outbox in `folder`, made when a message comes.
    pub fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// Puts a message in the outbox (RFC 5322, in UTF-8), readable by its owner alone.
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
            now.format("%Y%m%dT%H%M%SZ"),
            hex::encode(random::<4>()?)
        );

        let message = format!(
            "Date: {}\r\nTo: {}\r\nSubject: {subject}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n",
            now.to_rfc2822(),
            to.as_str(),
        );

        write_private(&self.0.join(name), message.as_bytes())?;
        Ok(())
    }
}
