//! Bodies and validators received before, so that an unchanged document is not sent again (RFC
//! 9111).

use std::fs;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use filrouge_storage::{make_folder, replace_file, write_atomically};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use url::Url;

use super::LONGEST_FRESH;
use super::received::Received;

/// Bodies and validators, one pair of files an address. Losing it costs bytes, never data: its
/// failures are logged.
pub(super) struct Cache(PathBuf);

/// Headers that make a request conditional, and the instant until which no request is needed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Validators {
    pub(super) etag: Option<String>,
    pub(super) last_modified: Option<String>,
    pub(super) content_type: Option<String>,
    pub(super) fresh_until: Option<DateTime<Utc>>,
}

impl Cache {
    pub(super) fn new(folder: &Path) -> Self {
        Self(folder.to_owned())
    }

    /// The validators of `url`, when its body is here too.
    pub(super) fn validators(&self, url: &Url) -> Option<Validators> {
        let path = self.path(url, "json");
        let text = fs::read(path).ok()?;
        serde_json::from_slice(&text)
            .ok()
            .filter(|_| self.path(url, "body").exists())
    }

    /// The body of `url`, as it was last received.
    pub(super) fn body(&self, url: &Url) -> Option<Received> {
        let content_type = self.validators(url)?.content_type;
        fs::read(self.path(url, "body"))
            .ok()
            .map(|body| Received { body, content_type })
    }

    /// The body of `url`, when its publisher said that it would not change before a later instant
    /// than `now`. An instant further away than [`LONGEST_FRESH`] was written by a clock that was
    /// ahead: it is not believed.
    pub(super) fn fresh(&self, url: &Url, now: DateTime<Utc>) -> Option<Received> {
        self.validators(url)?
            .fresh_until
            .filter(|until| (now..=now + LONGEST_FRESH).contains(until) && *until > now)?;
        self.body(url)
    }

    /// Copies the body of `url`, as it was last received, to `path`; tells whether it is here.
    pub(super) fn copy_body(&self, url: &Url, path: &Path) -> bool {
        let copy = || {
            let mut body = fs::File::open(self.path(url, "body"))?;
            write_atomically(path, |file| std::io::copy(&mut body, file))
        };
        self.validators(url).is_some() && copy().is_ok()
    }

    /// Keeps a body that a later request may be spared; another one would only take place.
    pub(super) fn store(&self, url: &Url, validators: &Validators, received: &Received) {
        self.keep(url, validators, &mut received.body.as_slice());
    }

    /// The same, for a body that was written to `path`.
    pub(super) fn store_file(&self, url: &Url, validators: &Validators, path: &Path) {
        match fs::File::open(path) {
            Ok(mut file) => self.keep(url, validators, &mut file),
            Err(error) => tracing::warn!(%error, "a body could not be kept"),
        }
    }

    fn keep(&self, url: &Url, validators: &Validators, body: &mut impl Read) {
        let is_useful = validators.etag.is_some()
            || validators.last_modified.is_some()
            || validators.fresh_until.is_some();
        if let Err(error) = self.write(url, validators, body, is_useful) {
            tracing::warn!(
                error = format!("{error:#}"),
                "a body could not be kept for conditional requests"
            );
        }
    }

    /// Says that `received`, the body of `url`, will not change before `until`.
    pub(super) fn keep_fresh(&self, url: &Url, received: &Received, until: DateTime<Utc>) {
        let known = self.validators(url).unwrap_or_default();
        if known.fresh_until != Some(until) {
            let content_type = received.content_type.clone();

            self.store(
                url,
                &Validators {
                    content_type,
                    fresh_until: Some(until),
                    ..known
                },
                received,
            );
        }
    }

    /// The validators are removed first and written last, so that they never speak of another body.
    fn write(
        &self,
        url: &Url,
        validators: &Validators,
        body: &mut impl Read,
        is_useful: bool,
    ) -> anyhow::Result<()> {
        match fs::remove_file(self.path(url, "json")) {
            // Removed first: killed between the two writings, the next run asks again without
            // conditions.
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            _ if !is_useful => return Ok(()),
            _ => make_folder(&self.0)?,
        }

        write_atomically(&self.path(url, "body"), |file| std::io::copy(body, file))?;
        replace_file(&self.path(url, "json"), serde_json::to_vec(validators)?)?;

        Ok(())
    }

    /// Named by a hash: an address may hold a secret, which a folder must not show.
    fn path(&self, url: &Url, extension: &str) -> PathBuf {
        // An address may be longer than a file name, and hold a secret.
        let hash = hex::encode(&Sha256::digest(url.as_str())[..16]);
        self.0.join(format!("{hash}.{extension}"))
    }
}
