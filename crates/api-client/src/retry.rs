use std::time::Duration;

use reqwest::header::RETRY_AFTER;
use reqwest::{Response, StatusCode};

/// Failures that are tried again, and the pause before.
#[derive(Debug, Clone, Copy)]
pub struct Retry {
    /// Tries after the first one.
    pub more: u32,
    /// Pause before the first of them; it doubles each time.
    pub first_pause: Duration,
    /// Longest pause: a service that asks for more is given up.
    pub longest_pause: Duration,
}

impl Retry {
    /// One try, no more.
    pub const NEVER: Self = Self {
        more: 0,
        first_pause: Duration::ZERO,
        longest_pause: Duration::ZERO,
    };

    /// The pause after which the request is sent again, `tried` times after the first one; `None`
    /// when it is not.
    pub(crate) fn pause(&self, tried: u32, response: &Response) -> Option<Duration> {
        if tried >= self.more || !is_passing(response.status()) {
            return None;
        }

        // 2^32 would overflow; 2^16 first pauses pass any longest one.
        let wanted = retry_after(response).unwrap_or(self.first_pause * 2_u32.pow(tried.min(16)));
        (wanted <= self.longest_pause).then_some(wanted)
    }
}

/// Statuses that say "later" rather than "no" (RFC 9110, section 15; RFC 6585 for 429).
fn is_passing(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::TOO_MANY_REQUESTS
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
    )
}

/// Seconds of `Retry-After`; its other form, a date, is one that our services never write.
fn retry_after(response: &Response) -> Option<Duration> {
    let seconds = response.headers().get(RETRY_AFTER)?.to_str().ok()?;
    seconds.trim().parse().ok().map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RETRY: Retry = Retry {
        more: 3,
        first_pause: Duration::from_millis(500),
        longest_pause: Duration::from_secs(4),
    };

    fn answer(status: u16, retry_after: Option<&str>) -> Response {
        let mut response = axum::http::Response::builder().status(status);
        if let Some(seconds) = retry_after {
            response = response.header(RETRY_AFTER, seconds);
        }
        response.body("").unwrap().into()
    }

    #[test]
    fn pauses_double_and_stop_after_the_last_try() {
        let pauses: Vec<_> = (0..4)
            .map(|tried| RETRY.pause(tried, &answer(503, None)))
            .collect();
        assert_eq!(
            pauses[..3],
            [500, 1000, 2000].map(|ms| Some(Duration::from_millis(ms)))
        );
        assert_eq!(pauses[3], None);
    }

    #[test]
    fn a_service_says_how_long_to_wait_but_not_for_ever() {
        let pause = |seconds| RETRY.pause(0, &answer(429, Some(seconds)));
        assert_eq!(pause("3"), Some(Duration::from_secs(3)));
        assert_eq!(pause("60"), None);
        assert_eq!(pause("soon"), Some(RETRY.first_pause));
    }

    #[test]
    fn a_refusal_or_a_bug_is_not_tried_again() {
        for status in [200, 400, 401, 404, 500] {
            assert_eq!(RETRY.pause(0, &answer(status, None)), None, "{status}");
        }
    }
}
