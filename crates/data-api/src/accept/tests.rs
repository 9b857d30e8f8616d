use axum::http::HeaderValue;

use super::*;

#[test]
fn the_client_chooses_and_what_is_not_offered_is_refused() {
    let cases = [
        (None, Some(Media::Csv)),
        (Some("*/*"), Some(Media::Csv)),
        (Some("text/csv"), Some(Media::Csv)),
        (Some("TEXT/CSV; charset=utf-8"), Some(Media::Csv)),
        (Some("text/*"), Some(Media::Csv)),
        (Some("application/json"), Some(Media::Json)),
        (Some("application/vnd.apache.parquet"), Some(Media::Parquet)),
        (
            Some("application/vnd.apache.arrow.stream"),
            Some(Media::ArrowStream),
        ),
        (
            Some("application/vnd.apache.arrow.file"),
            Some(Media::ArrowFile),
        ),
        (Some("application/*"), Some(Media::Parquet)),
        (
            Some("text/csv;q=0.5, application/vnd.apache.parquet"),
            Some(Media::Parquet),
        ),
        (Some("*/*;q=0.1, text/csv;q=0"), Some(Media::Parquet)),
        (Some("text/csv;q=0"), None),
        (Some("application/xml"), None),
        (Some("nonsense"), None),
        (Some(""), None),
    ];

    for (accept, expected) in cases {
        let headers = accept
            .into_iter()
            .map(|text| (ACCEPT, HeaderValue::from_static(text)))
            .collect::<HeaderMap>();

        assert_eq!(
            negotiate(&headers, &Media::OF_EXPORTS).ok(),
            expected,
            "{accept:?}"
        );
    }
}
