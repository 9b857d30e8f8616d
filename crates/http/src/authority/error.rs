use axum::http::header::{CACHE_CONTROL, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// A refusal of the token endpoint (RFC 6749, section 5.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OauthError {
    /// The request is not a form with the fields of the standard, each once.
    #[error("invalid_request")]
    InvalidRequest,
    /// Unknown client or wrong secret.
    #[error("invalid_client")]
    InvalidClient,
    /// Another grant than client credentials.
    #[error("unsupported_grant_type")]
    UnsupportedGrantType,
    /// A scope that the client may not have.
    #[error("invalid_scope")]
    InvalidScope,
    /// Too many requests of one address; the seconds to wait.
    // Borrowed from section 4.1.2.1 too.
    #[error("temporarily_unavailable")]
    TooManyRequests(u32),
    /// The token could not be signed, or its revocation not kept.
    #[error("server_error")]
    ServerError,
}

/// The reason why a token is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenRefusal {
    /// Its time is over.
    #[error("the token has expired")]
    Expired,
    /// Its form, algorithm, signature, issuer or audience is not ours.
    #[error("the token is not valid")]
    Invalid,
}

/// Une erreur du point d’accès aux jetons (RFC 6749, section 5.2).
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"error": "invalid_client", "error_description": "client inconnu ou secret erroné"}))]
pub(super) struct OauthErrorBody {
    /// Code de l’erreur.
    #[schema(example = "invalid_client")]
    pub(super) error: String,
    /// Explication.
    #[schema(example = "client inconnu ou secret erroné")]
    pub(super) error_description: &'static str,
}

impl OauthError {
    fn status(self) -> StatusCode {
        match self {
            Self::InvalidClient => StatusCode::UNAUTHORIZED,
            Self::TooManyRequests(_) => StatusCode::TOO_MANY_REQUESTS,
            // Borrowed from section 4.1.2.1: the token endpoint has no code for a defect of ours.
            Self::ServerError => StatusCode::INTERNAL_SERVER_ERROR,
            Self::InvalidRequest | Self::UnsupportedGrantType | Self::InvalidScope => {
                StatusCode::BAD_REQUEST
            }
        }
    }

    fn description(self) -> &'static str {
        match self {
            Self::InvalidRequest => {
                "un formulaire application/x-www-form-urlencoded est attendu, avec grant_type, client_id et \
                 client_secret (ou HTTP Basic), chacun une fois"
            }
            Self::InvalidClient => "client inconnu ou secret erroné",
            Self::UnsupportedGrantType => "seul client_credentials est proposé",
            Self::InvalidScope => "ce client ne peut pas recevoir l’un des droits demandés",
            Self::TooManyRequests(_) => "trop de demandes de cette adresse : réessayez plus tard",
            Self::ServerError => "le service n’a pas pu faire ce qui lui est demandé : réessayez",
        }
    }
}

impl IntoResponse for OauthError {
    fn into_response(self) -> Response {
        let body = OauthErrorBody {
            error: self.to_string(),
            error_description: self.description(),
        };

        let mut response = (
            self.status(),
            [(CACHE_CONTROL, "no-store")],
            axum::Json(body),
        )
            .into_response();

        if self == Self::InvalidClient {
            let challenge = HeaderValue::from_static("Basic realm=\"filrouge\", charset=\"UTF-8\"");
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }

        if let Self::TooManyRequests(seconds) = self {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }

        response
    }
}
