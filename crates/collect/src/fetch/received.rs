use url::Url;

/// A body that was received whole.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    /// Decompressed.
    pub(crate) body: Vec<u8>,
    /// The header `Content-Type`, when the server sent one.
    pub(crate) content_type: Option<String>,
}

impl Received {
    /// The refusal of a body that is not JSON, with the type that the server gave it.
    pub(crate) fn not_json(&self, url: &Url) -> String {
        let content_type = self.content_type.as_deref().unwrap_or("unknown");
        format!("{url} is not JSON that can be read (its content type is {content_type})")
    }
}
