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

/// `POST /oauth/token` and `GET /.well-known/jwks.json`.
pub fn routes() -> OpenApiRouter<Arc<Authority>> {
    OpenApiRouter::new().routes(routes!(issue_token)).routes(routes!(list_keys))
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
/// Échange l’identifiant et le secret d’un client contre un jeton de 15 minutes
/// (OAuth 2, « client credentials »). Les identifiants viennent du formulaire ou de l’en-tête HTTP Basic.
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
    let (client_id, secret) = match read_basic(&headers) {
        Some(Basic(credentials)) => credentials?,
        None => request.client_id.zip(request.client_secret).ok_or(OauthError::InvalidClient)?,
    };
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
    axum::Json(JsonWebKeySet { keys: vec![authority.signing_key().json_web_key()] })
}

/// Fields that the standard does not know are ignored, as it asks; those it knows may come once.
fn read_request(headers: &HeaderMap, body: &[u8]) -> Result<TokenRequest, OauthError> {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !content_type.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded") {
        return Err(OauthError::InvalidRequest);
    }
    let mut grant_type = None;
    let mut request = TokenRequest::default();
    for (name, value) in url::form_urlencoded::parse(body) {
        let field = match name.as_ref() {
            "grant_type" => &mut grant_type,
            "client_id" => &mut request.client_id,
            "client_secret" => &mut request.client_secret,
            "scope" => &mut request.scope,
            _ => continue,
        };
        if field.replace(value.into_owned()).is_some() {
            return Err(OauthError::InvalidRequest);
        }
    }
    request.grant_type = grant_type.ok_or(OauthError::InvalidRequest)?;
    Ok(request)
}

struct Basic(Result<(String, String), OauthError>);

/// `Authorization: Basic`, whose two parts are form-encoded before base64 (RFC 6749, section 2.3.1).
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
    url::form_urlencoded::parse(text.as_bytes()).next().map(|(name, _)| name.into_owned()).unwrap_or_default()
}
