//! Content negotiation (RFC 9110, section 12.5.1) between the formats of an export.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT;
use filrouge_dataset::Format;
use filrouge_http::{Problem, problem};

/// The formats offered, the preferred one first.
const OFFERED: [(Format, &str); 2] = [(Format::Csv, "text/csv"), (Format::Parquet, PARQUET)];

/// The media type of Parquet.
pub(crate) const PARQUET: &str = "application/vnd.apache.parquet";

/// The format that the client likes best; CSV when it does not say.
pub(crate) fn negotiate(headers: &HeaderMap) -> Result<(Format, &'static str), Problem> {
    let values: Vec<&str> = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
    if values.is_empty() {
        return Ok(OFFERED[0]);
    }
    let accepted = values.join(",");
    let liked = OFFERED.into_iter().rev().map(|offer| (quality(&accepted, offer.1), offer));
    // The last of equals wins, hence the reversal.
    let best = liked.max_by(|(one, _), (other, _)| one.total_cmp(other)).filter(|(quality, _)| *quality > 0.0);
    best.map(|(_, offer)| offer).ok_or_else(not_acceptable)
}

/// The quality given to a media type by the most precise range that covers it.
fn quality(accept: &str, media_type: &str) -> f32 {
    let family = media_type.split('/').next().unwrap_or_default();
    let precision = |range: &str| match range.split_once('/') {
        Some(("*", "*")) => Some(0),
        Some((one, "*")) if one == family => Some(1),
        _ if range == media_type => Some(2),
        _ => None,
    };
    let ranges = accept.split(',').filter_map(|item| {
        let mut parts = item.split(';').map(|part| part.trim().to_ascii_lowercase());
        let precision = precision(&parts.next()?)?;
        let quality = parts.find_map(|part| part.strip_prefix("q=")?.parse().ok()).unwrap_or(1.0_f32);
        Some((precision, quality))
    });
    ranges.max_by_key(|(precision, _)| *precision).map_or(0.0, |(_, quality)| quality)
}

fn not_acceptable() -> Problem {
    Problem::new(&problem::NOT_ACCEPTABLE, format!("les formats proposés sont text/csv et {PARQUET}"))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn the_client_chooses_and_what_is_not_offered_is_refused() {
        let cases = [
            (None, Some(Format::Csv)),
            (Some("*/*"), Some(Format::Csv)),
            (Some("text/csv"), Some(Format::Csv)),
            (Some("TEXT/CSV; charset=utf-8"), Some(Format::Csv)),
            (Some("text/*"), Some(Format::Csv)),
            (Some("application/vnd.apache.parquet"), Some(Format::Parquet)),
            (Some("application/*"), Some(Format::Parquet)),
            (Some("text/csv;q=0.5, application/vnd.apache.parquet"), Some(Format::Parquet)),
            (Some("*/*;q=0.1, text/csv;q=0"), Some(Format::Parquet)),
            (Some("text/csv;q=0"), None),
            (Some("application/xml"), None),
            (Some("nonsense"), None),
            (Some(""), None),
        ];
        for (accept, expected) in cases {
            let headers =
                accept.into_iter().map(|text| (ACCEPT, HeaderValue::from_static(text))).collect::<HeaderMap>();
            assert_eq!(negotiate(&headers).ok().map(|(format, _)| format), expected, "{accept:?}");
        }
    }
}
