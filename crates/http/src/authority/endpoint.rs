use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::OauthErrorBody;
use super::{Authority, IssuedToken, OauthError};
use crate::signing_key::JsonWebKey;

/// `POST /oauth/token`, `POST /oauth/revoke` and `GET /.well-known/jwks.json`.
pub fn routes() -> OpenApiRouter<Arc<Authority>> {
    OpenApiRouter::new()
        .routes(routes!(issue_token))
        .routes(routes!(revoke_token))
        .routes(routes!(list_keys))
}

/// Demande de jeton (RFC 6749, section 4.4.2).
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(super) struct TokenRequest {
    /// Toujours `client_credentials`.
    #[schema(example = "client_credentials")]
    pub(super) grant_type: String,
    /// Identifiant du client ; absent si HTTP Basic est employé.
    #[schema(example = "demo", nullable = false)]
    pub(super) client_id: Option<String>,
    /// Secret du client ; absent si HTTP Basic est employé.
    #[schema(format = Password, nullable = false)]
    pub(super) client_secret: Option<String>,
    /// Droits demandés, séparés par des espaces ; absent : tous ceux du client.
    #[schema(example = "data:read", nullable = false)]
    pub(super) scope: Option<String>,
}

/// Les clés publiques qui vérifient les jetons.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct JsonWebKeySet {
    /// Clés en service.
    keys: Vec<JsonWebKey>,
}

/// Obtenir un jeton
///
/// Échange l’identifiant et le secret d’un client contre un jeton de 15 minutes (OAuth 2, « client
/// credentials »). Les identifiants viennent du formulaire ou de l’en-tête HTTP Basic.
#[utoipa::path(
    post, path = "/oauth/token", tag = "Authentification", security(()),
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "Jeton accordé", body = IssuedToken),
        (status = 400, description = "Demande incorrecte", body = OauthErrorBody),
        (status = 401, description = "Client inconnu ou secret erroné", body = OauthErrorBody),
        crate::problem::Overload,
    ),
)]
async fn issue_token(
    State(authority): State<Arc<Authority>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, OauthError> {
    let request = read_request(&headers, &body.map_err(|_| OauthError::InvalidRequest)?)?;
    if request.grant_type != "client_credentials" {
        return Err(OauthError::UnsupportedGrantType);
    }
    let (client_id, secret) = credentials(&headers, request.client_id, request.client_secret)?;
    let token = authority.issue(&client_id, &secret, request.scope.as_deref())?;
    Ok(([(CACHE_CONTROL, "no-store")], axum::Json(token)).into_response())
}

/// Lire les clés publiques
///
/// Les clés qui permettent de vérifier la signature des jetons (RFC 7517).
#[utoipa::path(
    get, path = "/.well-known/jwks.json", tag = "Authentification", security(()),
    responses((status = 200, description = "Clés publiques", body = JsonWebKeySet), crate::problem::Overload),
)]
async fn list_keys(State(authority): State<Arc<Authority>>) -> axum::Json<JsonWebKeySet> {
    axum::Json(JsonWebKeySet {
        keys: authority.public_keys(),
    })
}

/// Demande de révocation (RFC 7009, section 2.1).
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what `revoke_token` reads")]
pub(super) struct RevocationRequest {
    /// Le jeton à révoquer.
    #[schema(example = "eyJ0eXAiOiJKV1QiLCJhbGciOiJFZERTQSJ9.…")]
    pub(super) token: String,
    /// Identifiant du client ; absent si HTTP Basic est employé.
    #[schema(example = "demo", nullable = false)]
    pub(super) client_id: Option<String>,
    /// Secret du client ; absent si HTTP Basic est employé.
    #[schema(format = Password, nullable = false)]
    pub(super) client_secret: Option<String>,
}

/// Révoquer un jeton
///
/// Met fin à un jeton du client avant son terme (RFC 7009). La réponse est la même quand le jeton
/// est inconnu, expiré ou d’un autre client.
#[utoipa::path(
    post, path = "/oauth/revoke", tag = "Authentification", security(()),
    request_body(content = RevocationRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "Le jeton n’est plus accepté"),
        (status = 400, description = "Demande incorrecte", body = OauthErrorBody),
        (status = 401, description = "Client inconnu ou secret erroné", body = OauthErrorBody),
        crate::problem::Overload,
    ),
)]
async fn revoke_token(
    State(authority): State<Arc<Authority>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, OauthError> {
    let mut fields = read_form(&headers, &body.map_err(|_| OauthError::InvalidRequest)?)?;
    let token = fields.remove("token").ok_or(OauthError::InvalidRequest)?;
    let (client_id, secret) = credentials(
        &headers,
        fields.remove("client_id"),
        fields.remove("client_secret"),
    )?;

    // What is kept is written to a file.
    let revoked =
        tokio::task::spawn_blocking(move || authority.revoke(&client_id, &secret, &token));
    revoked.await.map_err(|_| OauthError::ServerError)??;

    Ok([(CACHE_CONTROL, "no-store")].into_response())
}

fn credentials(
    headers: &HeaderMap,
    client_id: Option<String>,
    secret: Option<String>,
) -> Result<(String, String), OauthError> {
    match read_basic(headers) {
        Some(Basic(credentials)) => credentials,
        None => client_id.zip(secret).ok_or(OauthError::InvalidClient),
    }
}

/// Fields that the standard does not know are ignored, as it asks; those it knows may come once.
fn read_request(headers: &HeaderMap, body: &[u8]) -> Result<TokenRequest, OauthError> {
    let mut fields = read_form(headers, body)?;
    Ok(TokenRequest {
        grant_type: fields
            .remove("grant_type")
            .ok_or(OauthError::InvalidRequest)?,
        client_id: fields.remove("client_id"),
        client_secret: fields.remove("client_secret"),
        scope: fields.remove("scope"),
    })
}

fn read_form(
    headers: &HeaderMap,
    body: &[u8],
) -> Result<HashMap<&'static str, String>, OauthError> {
    const KNOWN: [&str; 5] = ["grant_type", "client_id", "client_secret", "scope", "token"];
    let content_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if !content_type
        .to_ascii_lowercase()
        .starts_with("application/x-www-form-urlencoded")
    {
        return Err(OauthError::InvalidRequest);
    }
    let mut fields = HashMap::new();
    for (name, value) in url::form_urlencoded::parse(body) {
        let Some(known) = KNOWN.into_iter().find(|known| *known == name) else {
            continue;
        };
        if fields.insert(known, value.into_owned()).is_some() {
            return Err(OauthError::InvalidRequest);
        }
    }
    Ok(fields)
}

struct Basic(Result<(String, String), OauthError>);

/// `Authorization: Basic`, whose two parts are form-encoded before base64 (RFC 6749, section
/// 2.3.1).
fn read_basic(headers: &HeaderMap) -> Option<Basic> {
    let text = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = text.split_once(' ')?;
    let basic = scheme.eq_ignore_ascii_case("basic");
    basic.then(|| Basic(decode_basic(encoded.trim()).ok_or(OauthError::InvalidClient)))
}

fn decode_basic(encoded: &str) -> Option<(String, String)> {
    let decoded = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    let (client_id, secret) = decoded.split_once(':')?;
    Some((form_decode(client_id), form_decode(secret)))
}

fn form_decode(text: &str) -> String {
    url::form_urlencoded::parse(text.as_bytes())
        .next()
        .map(|(name, _)| name.into_owned())
        .unwrap_or_default()
}
