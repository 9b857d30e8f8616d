//! The tags by which a client says what it has already (RFC 9110, section 13.1.2).

use axum::http::HeaderMap;
use axum::http::header::IF_NONE_MATCH;

/// True when `If-None-Match` names `tag`. It is a list, and compares weakly.
pub fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|known| known == "*" || opaque(known) == opaque(tag))
}

/// The tag without the mark of a weak one.
fn opaque(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_tag_is_recognised_alone_in_a_list_or_weak() {
        let cases = [
            (r#""a""#, true),
            (r#"W/"a""#, true),
            (r#""other", "a""#, true),
            (r#"W/"other",W/"a""#, true),
            ("*", true),
            (r#""other""#, false),
            ("a", false),
            ("", false),
        ];

        for (sent, expected) in cases {
            let headers = HeaderMap::from_iter([(IF_NONE_MATCH, HeaderValue::from_static(sent))]);
            for tag in [r#""a""#, r#"W/"a""#] {
                assert_eq!(is_known(&headers, tag), expected, "{sent} {tag}");
            }
        }
        assert!(!is_known(&HeaderMap::new(), r#""a""#));
    }
}
