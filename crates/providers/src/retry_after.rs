//! The wait that a service asks for (RFC 9110, section 10.2.3): seconds, or a date.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::header::{HeaderMap, RETRY_AFTER};

/// The wait of these headers, counted from `now`; `None` when there is none that can be read.
pub(crate) fn retry_after(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();

    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }

    // A date that has passed asks for no wait.
    Some((date(text)? - now).to_std().unwrap_or_default())
}

/// A date of HTTP, in its three forms; in that of mail too, which some services write.
fn date(text: &str) -> Option<DateTime<Utc>> {
    let of_http = httpdate::parse_http_date(text).map(DateTime::from);
    let of_mail = || DateTime::parse_from_rfc2822(text).map(|date| date.to_utc());
    of_http.ok().or_else(|| of_mail().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_given_in_seconds_or_as_a_date() {
        let now: DateTime<Utc> = "2026-11-30T08:00:00Z".parse().unwrap();
        let read = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, text.parse().unwrap());
            retry_after(&headers, now).map(|wait| wait.as_secs())
        };

        for (text, wait) in [
            ("3", Some(3)),
            (" 120 ", Some(120)),
            ("Mon, 30 Nov 2026 08:00:10 GMT", Some(10)),
            ("Mon, 30 Nov 2026 07:00:00 GMT", Some(0)),
            // The two older forms of a date, which a client reads too (RFC 9110, section 5.6.7).
            ("Monday, 30-Nov-26 08:00:10 GMT", Some(10)),
            ("Mon Nov 30 08:00:10 2026", Some(10)),
            ("soon", None),
            ("-4", None),
        ] {
            assert_eq!(read(text), wait, "{text}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), now), None);
    }
}
