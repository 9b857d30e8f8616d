use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{ConnectInfo, State};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::{OauthError, OauthErrorBody};
use super::{Authority, IssuedToken};
use crate::problem::ProblemBody;
use crate::signing_key::JsonWebKey;

/// `POST /oauth/token`, `POST /oauth/revoke` and `GET /.well-known/jwks.json`.
pub(crate) fn routes() -> OpenApiRouter<Arc<Authority>> {
    OpenApiRouter::new()
        .routes(routes!(issue_token))
        .routes(routes!(revoke_token))
        .routes(routes!(list_keys))
}

/// Demande de jeton (RFC 6749, section 4.4.2).
#[derive(Debug, ToSchema)]
struct TokenRequest {
    /// Toujours `client_credentials`.
    #[schema(example = "client_credentials")]
    grant_type: String,
    /// Identifiant du client ; absent si HTTP Basic est employé.
    #[schema(example = "demo", nullable = false)]
    client_id: Option<String>,
    /// Secret du client ; absent si HTTP Basic est employé.
    #[schema(format = Password, nullable = false)]
    client_secret: Option<String>,
    /// Droits demandés, séparés par des espaces ; absent : tous ceux du client.
    #[schema(example = "data:read", nullable = false)]
    scope: Option<String>,
}

/// Les clés publiques qui vérifient les jetons.
#[derive(Debug, Serialize, ToSchema)]
struct JsonWebKeySet {
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
        (status = 408, description = "Corps qui n’arrive pas à temps", body = ProblemBody, content_type = "application/problem+json"),
        (status = 413, description = "Corps trop grand", body = ProblemBody, content_type = "application/problem+json"),
        (
            status = 429, description = "Trop de demandes de cette adresse : réessayer après le délai de l’en-tête Retry-After",
            body = OauthErrorBody, headers(("Retry-After" = u32, description = "Secondes à attendre")),
        ),
        crate::problem::Overload,
    ),
)]
async fn issue_token(
    State(authority): State<Arc<Authority>>,
    peer: Peer,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, OauthError> {
    let request = TokenRequest::try_from(Form::read(&headers, body)?)?;
    if request.grant_type != "client_credentials" {
        return Err(OauthError::UnsupportedGrantType);
    }

    let (client_id, secret) = credentials(&headers, request.client_id, request.client_secret)?;
    admit(&authority, peer, &client_id)?;
    let token = authority.issue(&client_id, &secret, request.scope.as_deref())?;
    // No cache may keep a token (RFC 6749, section 5.1).
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
struct RevocationRequest {
    /// Le jeton à révoquer.
    #[schema(example = "eyJ0eXAiOiJKV1QiLCJhbGciOiJFZERTQSJ9.…")]
    token: String,
    /// Identifiant du client ; absent si HTTP Basic est employé.
    #[schema(example = "demo", nullable = false)]
    client_id: Option<String>,
    /// Secret du client ; absent si HTTP Basic est employé.
    #[schema(format = Password, nullable = false)]
    client_secret: Option<String>,
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
        (status = 408, description = "Corps qui n’arrive pas à temps", body = ProblemBody, content_type = "application/problem+json"),
        (status = 413, description = "Corps trop grand", body = ProblemBody, content_type = "application/problem+json"),
        (
            status = 429, description = "Trop de demandes de cette adresse : réessayer après le délai de l’en-tête Retry-After",
            body = OauthErrorBody, headers(("Retry-After" = u32, description = "Secondes à attendre")),
        ),
        crate::problem::Overload,
    ),
)]
async fn revoke_token(
    State(authority): State<Arc<Authority>>,
    peer: Peer,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, OauthError> {
    let request = RevocationRequest::try_from(Form::read(&headers, body)?)?;
    let (client_id, secret) = credentials(&headers, request.client_id, request.client_secret)?;
    admit(&authority, peer, &client_id)?;

    // A revocation is written to a file.
    let revoked =
        tokio::task::spawn_blocking(move || authority.revoke(&client_id, &secret, &request.token));
    revoked.await.map_err(|_| OauthError::ServerError)??;

    Ok([(CACHE_CONTROL, "no-store")].into_response())
}

/// The address that a request comes from; there is none without a socket.
type Peer = Option<Extension<ConnectInfo<SocketAddr>>>;

/// Guessing a secret is hopeless; trying all the same must not take the service's time.
fn admit(authority: &Authority, peer: Peer, client_id: &str) -> Result<(), OauthError> {
    let Some(Extension(ConnectInfo(peer))) = peer else {
        return Ok(());
    };
    authority
        .admit_address(peer.ip(), client_id)
        .map_err(OauthError::TooManyRequests)
}

fn credentials(
    headers: &HeaderMap,
    client_id: Option<String>,
    secret: Option<String>,
) -> Result<(String, String), OauthError> {
    match read_basic(headers) {
        // RFC 6749, section 2.3.1 prefers the header to the form.
        Some(credentials) => credentials,
        None => client_id.zip(secret).ok_or(OauthError::InvalidClient),
    }
}

/// The fields of a form. Those that the standard does not know are ignored, as it asks; those it
/// knows may come once.
struct Form(HashMap<&'static str, String>);

impl Form {
    const KNOWN: [&str; 5] = ["grant_type", "client_id", "client_secret", "scope", "token"];

    fn read(headers: &HeaderMap, body: Result<Bytes, BytesRejection>) -> Result<Self, OauthError> {
        let body = body.map_err(|_| OauthError::InvalidRequest)?;
        let content_type = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
        let content_type = content_type.unwrap_or_default().to_ascii_lowercase();
        // `; charset=UTF-8` may follow: some libraries write it.
        if !content_type.starts_with(b"application/x-www-form-urlencoded") {
            return Err(OauthError::InvalidRequest);
        }

        let mut fields = HashMap::new();
        for (name, value) in url::form_urlencoded::parse(&body) {
            let known = Self::KNOWN.into_iter().find(|known| *known == name);
            if let Some(known) = known
                && fields.insert(known, value.into_owned()).is_some()
            {
                return Err(OauthError::InvalidRequest);
            }
        }
        Ok(Self(fields))
    }

    fn take(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)
    }

    fn require(&mut self, name: &str) -> Result<String, OauthError> {
        self.take(name).ok_or(OauthError::InvalidRequest)
    }
}

impl TryFrom<Form> for TokenRequest {
    type Error = OauthError;

    fn try_from(mut form: Form) -> Result<Self, OauthError> {
        Ok(Self {
            grant_type: form.require("grant_type")?,
            client_id: form.take("client_id"),
            client_secret: form.take("client_secret"),
            scope: form.take("scope"),
        })
    }
}

impl TryFrom<Form> for RevocationRequest {
    type Error = OauthError;

    fn try_from(mut form: Form) -> Result<Self, OauthError> {
        Ok(Self {
            token: form.require("token")?,
            client_id: form.take("client_id"),
            client_secret: form.take("client_secret"),
        })
    }
}

/// `Authorization: Basic`, whose two parts are form-encoded before base64 (RFC 6749, section
/// 2.3.1); `None` with another scheme.
fn read_basic(headers: &HeaderMap) -> Option<Result<(String, String), OauthError>> {
    let text = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = text.split_once(' ')?;
    let is_basic = scheme.eq_ignore_ascii_case("basic");
    is_basic.then(|| decode_basic(encoded.trim()).ok_or(OauthError::InvalidClient))
}

fn decode_basic(encoded: &str) -> Option<(String, String)> {
    let decoded = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    // RFC 7617, section 2: no name holds a colon, a secret may.
    let (client_id, secret) = decoded.split_once(':')?;
    Some((form_decode(client_id), form_decode(secret)))
}

fn form_decode(text: &str) -> String {
    url::form_urlencoded::parse(text.as_bytes())
        .next()
        .map(|(name, _)| name.into_owned())
        .unwrap_or_default()
}
