//! The style sheet and the icon: served from the binary under a name that holds their hash, cached
//! for a year.

use std::sync::LazyLock;

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use filrouge_http::entity_tag;
use sha2::{Digest, Sha256};

/// One file of the application.
pub(crate) struct Asset {
    name: String,
    etag: String,
    media_type: &'static str,
    bytes: &'static [u8],
}

static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(
        "style",
        "css",
        "text/css; charset=utf-8",
        include_bytes!("../assets/style.css"),
    )
});
static ICON: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(
        "icon",
        "svg",
        "image/svg+xml",
        include_bytes!("../assets/icon.svg"),
    )
});

/// The address of the style sheet.
pub(crate) fn style() -> String {
    STYLE.address()
}

/// The address of the icon.
pub(crate) fn icon() -> String {
    ICON.address()
}

impl Asset {
    fn new(stem: &str, extension: &str, media_type: &'static str, bytes: &'static [u8]) -> Self {
        // 48 bits tell a few files apart, in an address that can still be read.
        let hash = hex::encode(&Sha256::digest(bytes)[..6]);

        Self {
            name: format!("{stem}-{hash}.{extension}"),
            // Weak: the same file is sent compressed and not (RFC 9110, section 8.8.1).
            etag: format!("W/\"{hash}\""),
            media_type,
            bytes,
        }
    }

    fn address(&self) -> String {
        format!("/assets/{}", self.name)
    }
}

/// The answer to who asks for the file `name`. Another hash is another file: there is none.
pub(crate) fn answer(name: &str, headers: &HeaderMap) -> Option<Response> {
    let asset = [&*STYLE, &*ICON]
        .into_iter()
        .find(|asset| asset.name == name)?;
    let caching = [
        (ETAG, asset.etag.as_str()),
        (CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];

    Some(if entity_tag::is_known(headers, &asset.etag) {
        // RFC 9110, section 15.4.5: a 304 repeats the headers on which caches rely.
        (StatusCode::NOT_MODIFIED, caching).into_response()
    } else {
        (caching, [(CONTENT_TYPE, asset.media_type)], asset.bytes).into_response()
    })
}
