//! When a request may come back.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::header::{HeaderMap, RETRY_AFTER};

/// The wait that a server asks for by `Retry-After`, from `now`: seconds, or a date (RFC 9110, section
/// 10.2.3). None when it asks for none that can be read.
pub fn asked_wait(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();

    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    // A date already past asks for no wait.
    Some((date(text)? - now).to_std().unwrap_or_default())
}

/// A date of HTTP, in its three forms (section 5.6.7); in that of mail too, which some servers write.
fn date(text: &str) -> Option<DateTime<Utc>> {
    let of_http = httpdate::parse_http_date(text).map(DateTime::from);
    let of_mail = || DateTime::parse_from_rfc2822(text).map(|date| date.to_utc());
    of_http.ok().or_else(|| of_mail().ok())
}

#[cfg(test)]
mod tests;
