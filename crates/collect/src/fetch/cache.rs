//! What servers said last time, so that an unchanged document is not sent again.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use url::Url;

use super::Received;
use crate::output::{hexadecimal, write_atomically};

/// Bodies and validators, one pair of files an address. Losing it costs bytes, never data: its failures are logged.
pub(super) struct Cache(PathBuf);

/// What makes a request conditional, and how long no request is needed.
#[derive(Debug, Clone, Serialize, Deserialize)]
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
        serde_json::from_slice(&text).ok().filter(|_| self.path(url, "body").exists())
    }

    /// The body of `url`, as it was last received.
    pub(super) fn body(&self, url: &Url) -> Option<Received> {
        let content_type = self.validators(url)?.content_type;
        fs::read(self.path(url, "body")).ok().map(|body| Received { body, content_type })
    }

    /// The body of `url`, when its publisher said that it would not change before a later instant than `now`.
    pub(super) fn fresh(&self, url: &Url, now: DateTime<Utc>) -> Option<Received> {
        self.validators(url)?.fresh_until.filter(|until| *until > now)?;
        self.body(url)
    }

    /// Keeps a body. Its validators are written after it, so that they never speak of another body.
    pub(super) fn store(&self, url: &Url, validators: Validators, received: &Received) {
        let forgotten = fs::remove_file(self.path(url, "json"));
        if forgotten.is_err() && self.path(url, "json").exists() {
            return;
        }
        let written = fs::create_dir_all(&self.0)
            .map_err(anyhow::Error::from)
            .and_then(|()| write_atomically(&self.path(url, "body"), &received.body))
            .and_then(|()| self.write_validators(url, &validators));
        if let Err(error) = written {
            tracing::warn!(error = format!("{error:#}"), "a body could not be kept for conditional requests");
        }
    }

    /// Says that the body of `url` will not change before `until`.
    pub(super) fn keep_fresh(&self, url: &Url, until: DateTime<Utc>) {
        let Some(mut validators) = self.validators(url) else { return };
        if validators.fresh_until.is_some_and(|known| known >= until) {
            return;
        }
        validators.fresh_until = Some(until);
        if let Err(error) = self.write_validators(url, &validators) {
            tracing::warn!(error = format!("{error:#}"), "the freshness of a body could not be kept");
        }
    }

    fn write_validators(&self, url: &Url, validators: &Validators) -> anyhow::Result<()> {
        write_atomically(&self.path(url, "json"), &serde_json::to_vec(validators)?)
    }

    /// Named by a hash: an address may hold what a folder must not show.
    fn path(&self, url: &Url, extension: &str) -> PathBuf {
        let hash = hexadecimal(&Sha256::digest(url.as_str())[..16]);
        self.0.join(format!("{hash}.{extension}"))
    }
}
