/// The rights of a verified token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The token's own name (`jti`).
    pub token_id: Box<str>,
    /// The client that holds the token.
    pub client_id: Box<str>,
    /// Its rights.
    pub scopes: Vec<Box<str>>,
    /// Its end, seconds since 1970.
    pub expires_at: i64,
}
