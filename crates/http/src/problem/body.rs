use std::borrow::Cow;

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::health_check::HealthCheck;

/// The media type of every error.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// A kind of error, on which a client program may rely.
#[derive(Debug, PartialEq, Eq)]
pub struct ProblemType {
    /// The stable path that identifies the kind.
    pub path: &'static str,
    /// The French title, the same for every occurrence.
    pub title: &'static str,
    /// The HTTP status.
    pub status: StatusCode,
    /// In French, for the page at [`path`](Self::path): the event, and the way out for the client.
    pub explanation: &'static str,
}

macro_rules! problem_types {
    ($($(#[$doc:meta])* $name:ident = $path:literal, $status:ident, $title:literal, $explanation:literal;)*) => {
        $($(#[$doc])*
        pub static $name: ProblemType = ProblemType {
            path: concat!("/problems/", $path),
            title: $title,
            status: StatusCode::$status,
            explanation: $explanation,
        };)*

        /// The kinds of error that every service may answer.
        pub(crate) static SHARED: &[&ProblemType] = &[$(&$name),*];
    };
}

problem_types! {
    /// A parameter of the path or of the query is not acceptable.
    INVALID_PARAMETER = "invalid-parameter", BAD_REQUEST, "Paramètre invalide",
        "Un paramètre de l’adresse n’a pas la forme attendue. « field » le nomme, « detail » dit ce qui était attendu. Corrigez-le avant de renvoyer la requête : la même échouera toujours.";
    /// The body is not the JSON that the route expects.
    INVALID_BODY = "invalid-body", UNPROCESSABLE_ENTITY, "Corps de requête invalide",
        "Le corps est du JSON, mais un champ manque, est de trop ou sort de ses bornes. « field » le nomme. Comparez avec l’exemple de la route.";
    /// The body is not JSON at all.
    MALFORMED_BODY = "malformed-body", BAD_REQUEST, "Corps de requête illisible",
        "Le corps n’est pas du JSON. Vérifiez les guillemets et les virgules, et que le corps n’a pas été tronqué en chemin.";
    /// The request breaks HTTP itself.
    MALFORMED_REQUEST = "malformed-request", BAD_REQUEST, "Requête HTTP incorrecte",
        "La requête ne respecte pas HTTP : une en-tête illisible, par exemple. Un client HTTP courant n’en envoie pas de telle.";
    /// The body does not come.
    TOO_SLOW = "too-slow", REQUEST_TIMEOUT, "Requête trop lente",
        "La requête n’est pas arrivée en entier dans le temps permis. Renvoyez-la d’un seul tenant.";
    /// No token, or one that is not valid.
    UNAUTHENTICATED = "unauthenticated", UNAUTHORIZED, "Authentification requise",
        "Aucun jeton, ou un jeton expiré, révoqué ou d’un autre service. Demandez-en un nouveau à /oauth/token : il vaut quinze minutes.";
    /// A valid token without the scope.
    INSUFFICIENT_SCOPE = "insufficient-scope", FORBIDDEN, "Droit insuffisant",
        "Le jeton est bon, mais n’a pas le droit que la route demande. L’en-tête WWW-Authenticate le nomme ; demandez un jeton avec ce droit, si votre client l’a.";
    /// Nothing stands at this address.
    NOT_FOUND = "not-found", NOT_FOUND, "Ressource introuvable",
        "Rien ne porte cet identifiant, ou l’adresse n’existe pas. Renvoyer la requête n’y changera rien.";
    /// The address exists, not with this method.
    METHOD_NOT_ALLOWED = "method-not-allowed", METHOD_NOT_ALLOWED, "Méthode non permise",
        "L’adresse existe, mais pas avec cette méthode. L’en-tête Allow, ou la page de la route, dit laquelle employer.";
    /// None of the media types that the client accepts is offered.
    NOT_ACCEPTABLE = "not-acceptable", NOT_ACCEPTABLE, "Format non disponible",
        "Aucun des formats de l’en-tête Accept n’est offert par cette route.";
    /// The body is larger than the limit.
    BODY_TOO_LARGE = "body-too-large", PAYLOAD_TOO_LARGE, "Corps de requête trop grand",
        "Le corps dépasse la taille permise. Découpez la demande en plusieurs.";
    /// The body is not of a media type that the route reads.
    UNSUPPORTED_MEDIA_TYPE = "unsupported-media-type", UNSUPPORTED_MEDIA_TYPE, "Type de contenu non pris en charge",
        "L’en-tête Content-Type n’est pas de ceux que la route lit : le plus souvent, application/json manque.";
    /// The client asked more often than it may.
    TOO_MANY_REQUESTS = "too-many-requests", TOO_MANY_REQUESTS, "Trop de requêtes",
        "Votre client a dépassé son débit, ou trop de prévisions attendent déjà. Attendez le nombre de secondes de l’en-tête Retry-After.";
    /// The service is at work on as many requests as it takes.
    OVERLOADED = "overloaded", SERVICE_UNAVAILABLE, "Service surchargé",
        "Le service traite déjà autant de requêtes qu’il le peut : il refuse plutôt que de faire attendre. Réessayez après le nombre de secondes de Retry-After.";
    /// The answer took too long.
    TIMED_OUT = "timed-out", SERVICE_UNAVAILABLE, "Délai dépassé",
        "La réponse a demandé plus de temps que permis. Demandez moins à la fois, ou réessayez plus tard.";
    /// The service cannot serve yet.
    NOT_READY = "not-ready", SERVICE_UNAVAILABLE, "Service indisponible",
        "Le service démarre, ou ce dont il dépend ne répond pas encore. Réessayez après le nombre de secondes de Retry-After ; /health/ready dit ce qui manque.";
    /// A defect of ours: the cause is in the log under the request's id.
    INTERNAL = "internal", INTERNAL_SERVER_ERROR, "Erreur interne",
        "Une faute du service. La cause est dans son journal, sous l’identifiant de l’en-tête X-Request-Id : donnez-le à qui l’exploite.";
}

/// One error, as a client reads it.
#[derive(Debug, Clone)]
pub struct Problem {
    kind: &'static ProblemType,
    detail: Cow<'static, str>,
    field: Option<Cow<'static, str>>,
    retry_after: Option<u32>,
    challenge: Option<Cow<'static, str>>,
    checks: Vec<HealthCheck>,
}

impl Problem {
    /// An error of this kind; `detail` is a French sentence about this occurrence.
    pub fn new(kind: &'static ProblemType, detail: impl Into<Cow<'static, str>>) -> Self {
        Self {
            kind,
            detail: detail.into(),
            field: None,
            retry_after: None,
            challenge: None,
            checks: Vec::new(),
        }
    }

    /// A parameter at fault; `detail` gives the form expected.
    pub fn invalid_parameter(
        field: impl Into<Cow<'static, str>>,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::new(&INVALID_PARAMETER, detail).with_field(field)
    }

    /// A resource that does not exist.
    pub fn not_found(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(&NOT_FOUND, detail)
    }

    /// A defect of ours: logs the cause, says nothing of it to the client.
    pub fn internal(cause: &(dyn std::fmt::Debug + '_)) -> Self {
        tracing::error!(?cause, "request failed");
        Self::new(
            &INTERNAL,
            "une erreur inattendue s’est produite ; l’identifiant de la requête permet de la retrouver",
        )
    }

    /// Names the field at fault.
    #[must_use]
    pub fn with_field(mut self, field: impl Into<Cow<'static, str>>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Says after how many seconds to try again.
    #[must_use]
    pub fn with_retry_after(mut self, seconds: u32) -> Self {
        // Zero would have clients try again at once.
        self.retry_after = Some(seconds.max(1));
        self
    }

    /// Sets the `WWW-Authenticate` challenge of a 401 or 403.
    #[must_use]
    pub fn with_challenge(mut self, challenge: impl Into<Cow<'static, str>>) -> Self {
        self.challenge = Some(challenge.into());
        self
    }

    /// Gives the checks behind a service that is not ready.
    #[must_use]
    pub fn with_checks(mut self, checks: Vec<HealthCheck>) -> Self {
        self.checks = checks;
        self
    }

    /// The kind of error.
    pub fn kind(&self) -> &'static ProblemType {
        self.kind
    }

    /// The body as a client reads it.
    pub fn body(&self) -> ProblemBody<'_> {
        ProblemBody {
            kind: self.kind.path,
            title: self.kind.title,
            status: self.kind.status.as_u16(),
            detail: &self.detail,
            field: self.field.as_deref(),
            checks: &self.checks,
        }
    }
}

/// Une erreur au format RFC 9457 (`application/problem+json`).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem, example = json!({
    "type": "/problems/invalid-parameter",
    "title": "Paramètre invalide",
    "status": 400,
    "detail": "« abc » n’est pas un entier de 1 à 1000",
    "field": "limit"
}))]
pub struct ProblemBody<'a> {
    /// Chemin stable qui identifie le genre d’erreur.
    #[serde(rename = "type")]
    #[schema(rename = "type")]
    pub kind: &'a str,
    /// Titre, le même pour toutes les erreurs du genre.
    pub title: &'a str,
    /// Statut HTTP.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// Ce qui s’est passé cette fois.
    pub detail: &'a str,
    /// Champ en cause, s’il y en a un.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub field: Option<&'a str>,
    /// Vérifications d’un service qui n’est pas prêt.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(value_type = Vec<HealthCheck>, required = false)]
    pub checks: &'a [HealthCheck],
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self.body()).unwrap_or_default();
        let mut response = (self.kind.status, [(CONTENT_TYPE, PROBLEM_JSON)], body).into_response();

        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, seconds.into());
        }
        if let Some(challenge) = self
            .challenge
            .and_then(|text| HeaderValue::try_from(text.as_ref()).ok())
        {
            headers.insert(WWW_AUTHENTICATE, challenge);
        }

        response
    }
}
