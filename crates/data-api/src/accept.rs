//! Content negotiation (RFC 9110, section 12.5.1) between the formats of an export.

#[cfg(test)]
mod tests;

use axum::http::HeaderMap;
use axum::http::header::ACCEPT;
use filrouge_http::{Problem, problem};

/// Format of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Media {
    Json,
    Csv,
    Parquet,
    ArrowStream,
    ArrowFile,
}

impl Media {
    /// Formats of lists, the preferred one first.
    pub(crate) const OF_LISTS: [Self; 2] = [Self::Json, Self::Csv];
    /// Formats of whole periods, the preferred one first.
    pub(crate) const OF_EXPORTS: [Self; 5] = [
        Self::Csv,
        Self::Parquet,
        Self::Json,
        Self::ArrowStream,
        Self::ArrowFile,
    ];

    /// Its media type.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Csv => "text/csv",
            Self::Parquet => "application/vnd.apache.parquet",
            Self::ArrowStream => "application/vnd.apache.arrow.stream",
            Self::ArrowFile => "application/vnd.apache.arrow.file",
        }
    }

    /// The end of the names of its files; it also tells the tags of its answers apart.
    pub(crate) fn extension(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Parquet => "parquet",
            Self::ArrowStream => "arrows",
            Self::ArrowFile => "arrow",
        }
    }
}

/// The format that the client likes best among those offered; the first one when it does not say.
pub(crate) fn negotiate(headers: &HeaderMap, offered: &[Media]) -> Result<Media, Problem> {
    let values: Vec<&str> = headers
        .get_all(ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    // No header accepts everything (RFC 9110, section 12.5.1).
    let accepted = if values.is_empty() {
        "*/*".to_owned()
    } else {
        values.join(",")
    };

    let liked = offered
        .iter()
        .rev()
        .map(|media| (quality(&accepted, media.name()), *media));

    // The last of equals wins, hence the reversal.
    let best = liked
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .filter(|(quality, _)| *quality > 0.0);
    best.map(|(_, media)| media)
        .ok_or_else(|| not_acceptable(offered))
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
        // A range without a weight has a weight of 1.
        let quality = parts
            .find_map(|part| part.strip_prefix("q=")?.parse().ok())
            .unwrap_or(1.0_f32);
        Some((precision, quality))
    });

    ranges
        .max_by_key(|(precision, _)| *precision)
        .map_or(0.0, |(_, quality)| quality)
}

fn not_acceptable(offered: &[Media]) -> Problem {
    let names: Vec<&str> = offered.iter().map(|media| media.name()).collect();
    Problem::new(
        &problem::NOT_ACCEPTABLE,
        format!("les formats proposés sont {}", names.join(", ")),
    )
}
