//! The cookie that holds the token of a session, and nothing else.

use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use filrouge_accounts::ABSOLUTE_LIFETIME;
use filrouge_types::Secret;

/// The cookie of one application.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SessionCookie {
    /// True behind TLS: the browser then sends it there only, and takes it from no other host
    /// (prefix `__Host-`, RFC 6265bis, section 4.1.3.2).
    pub(crate) is_secure: bool,
}

impl SessionCookie {
    fn name(self) -> &'static str {
        if self.is_secure {
            "__Host-session"
        } else {
            "session"
        }
    }

    /// The token that a request holds. Of several, which somebody may have planted, none is taken.
    pub(crate) fn read(self, headers: &HeaderMap) -> Option<Secret> {
        let cookies = headers.get_all(COOKIE).into_iter();
        let pairs = cookies
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'));
        let mut tokens = pairs.filter_map(|pair| {
            let (name, value) = pair.trim().split_once('=')?;
            (name == self.name()).then(|| value.to_owned())
        });

        let token = tokens.next()?;
        tokens.next().is_none().then(|| token.into())
    }

    /// `response`, which starts the session of `token`.
    pub(crate) fn start(self, token: &Secret, response: Response) -> Response {
        self.with_value(token.reveal(), ABSOLUTE_LIFETIME.num_seconds(), response)
    }

    /// `response`, which makes the browser forget the session.
    pub(crate) fn end(self, response: Response) -> Response {
        self.with_value("", 0, response)
    }

    fn with_value(self, value: &str, seconds: i64, mut response: Response) -> Response {
        let secure = if self.is_secure { "; Secure" } else { "" };
        let cookie = format!(
            "{}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}",
            self.name()
        );

        match HeaderValue::try_from(cookie) {
            Ok(cookie) => {
                response.headers_mut().insert(SET_COOKIE, cookie);
            }
            // Tokens are hexadecimal: it does not happen.
            Err(error) => tracing::error!(%error, "a session cannot be written in a cookie"),
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse;

    use super::*;

    const PLAIN: SessionCookie = SessionCookie { is_secure: false };
    const SECURE: SessionCookie = SessionCookie { is_secure: true };

    fn written(cookie: SessionCookie) -> String {
        let token = Secret::from("abc".to_owned());
        let response = cookie.start(&token, ().into_response());
        response.headers()[SET_COOKIE].to_str().unwrap().to_owned()
    }

    #[test]
    fn the_cookie_is_closed_to_scripts_to_other_sites_and_behind_tls_to_other_hosts() {
        let rest = "=abc; Path=/; Max-Age=43200; HttpOnly; SameSite=Lax";
        assert_eq!(written(PLAIN), format!("session{rest}"));
        assert_eq!(written(SECURE), format!("__Host-session{rest}; Secure"));
    }

    #[test]
    fn one_token_is_read_and_of_two_none() {
        let table = [
            (PLAIN, "session=abc", Some("abc")),
            (PLAIN, "other=1; session=abc", Some("abc")),
            (PLAIN, "session=abc; session=def", None),
            (PLAIN, "__Host-session=abc", None),
            (SECURE, "session=planted", None),
            (SECURE, "session=planted; __Host-session=abc", Some("abc")),
            (PLAIN, "session", None),
            (PLAIN, "", None),
        ];

        for (cookie, header, expected) in table {
            let headers = HeaderMap::from_iter([(COOKIE, HeaderValue::from_static(header))]);
            let expected = expected.map(|token| Secret::from(token.to_owned()));
            assert_eq!(cookie.read(&headers), expected, "{header}");
        }
    }
}
