//! The errors of the routes, as OpenAPI tells them: named in `responses(…)` beside what a route
//! alone answers.

use std::collections::BTreeMap;

use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{Content, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};

use super::body::{PROBLEM_JSON, ProblemBody};

/// Responses of a route, by status.
pub type Responses = BTreeMap<String, RefOr<Response>>;

macro_rules! documented {
    ($($(#[$doc:meta])* $name:ident { $($status:literal $description:literal),+ $(,)? })*) => {
        $($(#[$doc])*
        #[derive(Debug)]
        pub struct $name;

        impl IntoResponses for $name {
            fn responses() -> Responses {
                [$(documented_response($status, $description)),+].into()
            }
        })*
    };
}

documented! {
    /// Errors of every route.
    Overload {
        "500" "Erreur interne",
        "503" "Service surchargé ou indisponible : réessayer après le délai de l’en-tête Retry-After",
    }
    /// Errors of a route closed by a scope.
    Protected {
        "401" "Jeton absent, expiré ou non valable ici",
        "403" "Jeton valable, sans le droit demandé",
        "429" "Quota de requêtes épuisé : réessayer après le délai de l’en-tête Retry-After",
        "500" "Erreur interne",
        "503" "Service surchargé ou indisponible : réessayer après le délai de l’en-tête Retry-After",
    }
    /// Errors of a route with parameters.
    InvalidParameter {
        "400" "Paramètre inconnu, répété ou invalide ; « field » le nomme",
    }
    /// Errors of a route about one resource.
    NotFound {
        "404" "Ressource introuvable",
    }
    /// Errors of a route of several formats.
    NotAcceptable {
        "406" "Aucun des formats acceptés n’est proposé",
    }
    /// Errors of a route with a JSON body.
    InvalidBody {
        "400" "Corps illisible",
        "408" "Corps qui n’arrive pas à temps",
        "413" "Corps trop grand",
        "415" "Corps d’un autre type que application/json",
        "422" "Corps lisible mais non conforme ; « field » nomme le champ",
    }
}

/// A problem of this status, as OpenAPI tells it.
pub fn documented_response(status: &str, description: &str) -> (String, RefOr<Response>) {
    let schema = Ref::from_schema_name(ProblemBody::name());
    let mut response = ResponseBuilder::new()
        .description(description)
        .content(PROBLEM_JSON, Content::new(Some(schema)));

    if matches!(status, "429" | "503") {
        let seconds = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(1));
        let header = HeaderBuilder::new()
            .schema(Some(seconds))
            .description(Some("Secondes à attendre"))
            .build();
        response = response.header("Retry-After", header);
    }

    (status.to_owned(), response.build().into())
}
