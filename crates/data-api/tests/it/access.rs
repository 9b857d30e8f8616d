use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Method, Request};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use crate::listing::addresses_of;
use crate::service::{TestService, now};

/// Every closed route with the scope that opens it.
const CLOSED: [(&str, &str); 18] = [
    ("/v1/stations", "data:read"),
    ("/v1/stations/RIV-001", "data:read"),
    ("/v1/station-hours", "data:read"),
    ("/v1/conditions", "data:read"),
    ("/v1/weather", "data:read"),
    ("/v1/events", "data:read"),
    ("/v1/trip-flows", "data:read"),
    ("/v1/subscribers/statistics", "data:read"),
    ("/v1/station-hours/export", "data:export"),
    ("/v1/datasets/station-hours", "data:export"),
    (DATASET, "data:export"),
    ("/v1/quality", "quality:read"),
    ("/v1/quality/rejects", "quality:read"),
    ("/v1/runs", "quality:read"),
    ("/v1/runs/20260301T080000Z", "quality:read"),
    ("/v1/gdpr/register", "gdpr:admin"),
    ("/v1/gdpr/retention", "gdpr:admin"),
    ("/v1/gdpr/audit-log", "gdpr:admin"),
];

/// The version that the sample is imported as.
const DATASET: &str =
    "/v1/datasets/station-hours/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

/// Every open route.
const OPEN: [&str; 11] = [
    "/health/live",
    "/health/ready",
    "/metrics",
    "/openapi.json",
    "/docs",
    "/docs/style.css",
    "/problems/not-found",
    "/swagger/",
    "/.well-known/jwks.json",
    "/oauth/token",
    "/oauth/revoke",
];

/// Open routes that answer to `POST` alone.
const FORMS: [&str; 2] = ["/oauth/token", "/oauth/revoke"];

fn forge(
    algorithm: Algorithm,
    key: &EncodingKey,
    scope: &str,
    changes: &[(&str, Value)],
) -> String {
    let issued = now().timestamp();
    let mut claims = json!({
        "iss": "data-api", "aud": "data-api", "sub": "reader", "jti": "1", "scope": scope,
        "iat": issued, "exp": issued + 900,
    });
    for (name, value) in changes {
        claims[*name] = value.clone();
    }
    jsonwebtoken::encode(&Header::new(algorithm), &claims, key).unwrap()
}

fn unsigned(token: &str) -> String {
    let claims = token.split('.').nth(1).unwrap();
    format!(
        "{}.{claims}.",
        URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT","alg":"none"}"#)
    )
}

// Preuve principale: C5.4 chaque route fermée × chaque sorte de jeton : 401, 403 ou 200 [code : crates/http/src/access.rs#Require]
#[tokio::test]
async fn every_closed_route_opens_to_a_valid_token_with_its_scope_and_to_nothing_else() {
    let service = TestService::start().await;
    let own = EncodingKey::from_ed_der(&service.signing_key);
    let stranger = filrouge_http::SigningKey::generate().unwrap();
    let stranger = EncodingKey::from_ed_der(stranger.pkcs8());
    let secret = EncodingKey::from_secret(b"a shared secret");
    let past = json!(now().timestamp() - 1);
    for (path, scope) in CLOSED {
        let eddsa = |changes: &[(&str, Value)]| forge(Algorithm::EdDSA, &own, scope, changes);
        let valid = eddsa(&[]);
        let other_scope = if scope == "data:read" {
            "data:export quality:read gdpr:admin"
        } else {
            "data:read"
        };
        let cases = [
            ("no token", String::new(), 401),
            ("another scheme", format!("Basic {valid}"), 401),
            ("nonsense", "Bearer nonsense".to_owned(), 401),
            (
                "expired",
                format!("Bearer {}", eddsa(&[("exp", past.clone())])),
                401,
            ),
            (
                "another audience",
                format!("Bearer {}", eddsa(&[("aud", json!("model-api"))])),
                401,
            ),
            (
                "another issuer",
                format!("Bearer {}", eddsa(&[("iss", json!("model-api"))])),
                401,
            ),
            (
                "another key",
                format!("Bearer {}", forge(Algorithm::EdDSA, &stranger, scope, &[])),
                401,
            ),
            (
                "another algorithm",
                format!("Bearer {}", forge(Algorithm::HS256, &secret, scope, &[])),
                401,
            ),
            ("unsigned", format!("Bearer {}", unsigned(&valid)), 401),
            (
                "another scope",
                format!("Bearer {}", eddsa(&[("scope", json!(other_scope))])),
                403,
            ),
            (
                "a longer scope",
                format!("Bearer {}", eddsa(&[("scope", json!(format!("{scope}s")))])),
                403,
            ),
            (
                "no scope",
                format!("Bearer {}", eddsa(&[("scope", json!(""))])),
                403,
            ),
            ("valid", format!("Bearer {valid}"), 200),
            (
                "valid, among others",
                format!(
                    "Bearer {}",
                    eddsa(&[("scope", json!(format!("x {scope} y")))])
                ),
                200,
            ),
        ];
        for (name, authorization, status) in cases {
            let answer = match authorization.as_str() {
                "" => service.get_with(path, &[]).await,
                text => service.get_with(path, &[("authorization", text)]).await,
            };
            assert_eq!(answer.status, status, "{path}: {name}");
            if status != 200 {
                assert_eq!(
                    answer.header("content-type"),
                    "application/problem+json",
                    "{path}: {name}"
                );
                assert!(
                    answer.header("www-authenticate").starts_with("Bearer"),
                    "{path}: {name}"
                );
            }
        }
    }
}

// Preuve: C5.4 les droits de chaque client sont ceux de son enregistrement, route par route
#[tokio::test]
async fn each_client_enters_where_its_scopes_allow() {
    let service = TestService::start().await;

    for (client, scopes) in [
        ("reader", "data:read"),
        ("exporter", "data:export"),
        ("auditor", "quality:read"),
        ("officer", "gdpr:admin"),
        ("predictor", "model:predict"),
    ] {
        let token = format!("Bearer {}", service.token(client).await);
        for (path, scope) in CLOSED {
            let expected = if scopes == scope { 200 } else { 403 };
            let answer = service.get_with(path, &[("authorization", &token)]).await;
            assert_eq!(answer.status, expected, "{client} {path}");
        }
    }
}

#[tokio::test]
async fn a_token_ends_fifteen_minutes_after_it_was_given() {
    let service = TestService::start().await;
    let token = format!("Bearer {}", service.token("reader").await);
    let status = || async {
        service
            .get_with("/v1/stations", &[("authorization", &token)])
            .await
            .status
    };
    service.clock.advance(chrono::TimeDelta::seconds(899));
    assert_eq!(status().await, 200);
    service.clock.advance(chrono::TimeDelta::seconds(1));
    assert_eq!(status().await, 401);
}

/// An address as declared, with the identifiers of the sample.
fn filled(address: &str) -> String {
    address
        .replace("{station_id}", "RIV-001")
        .replace("{run_id}", "20260301T080000Z")
        .replace("{version}", &"a".repeat(64))
        .replace("{name}", "not-found")
        .replace("{*rest}", "")
}

// Preuve: C5.4 toute adresse du routeur est essayée : aucune n’échappe aux tableaux d’accès
#[tokio::test]
async fn the_tables_above_name_every_address_of_the_router() {
    let service = TestService::start().await;
    let addresses = addresses_of(&service.router);
    let tried: BTreeSet<_> = CLOSED
        .iter()
        .map(|(address, _)| *address)
        .chain(OPEN)
        .collect();
    assert!(addresses.len() >= tried.len(), "{addresses:?}");

    for address in addresses {
        let address = filled(&address);
        // Two that lead to another address.
        let is_known = tried.contains(address.as_str()) || ["/", "/swagger"].contains(&&*address);
        assert!(is_known, "{address}");
    }
}

#[tokio::test]
async fn the_tables_above_name_every_route_of_the_document() {
    let document = serde_json::to_value(filrouge_data_api::openapi()).unwrap();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let scopes = &operation["security"][0]["oauth2"];
            let path = filled(path);
            match CLOSED.iter().find(|(closed, _)| *closed == path) {
                Some((_, scope)) => assert_eq!(*scopes, json!([scope]), "{method} {path}"),
                None => assert!(
                    OPEN.contains(&path.as_str()) && scopes.is_null(),
                    "{method} {path}"
                ),
            }
        }
    }
}

// Preuve: C5.4 aucune méthode d’écriture n’est ouverte, avec ou sans jeton
#[tokio::test]
async fn no_route_answers_to_a_method_that_it_does_not_have() {
    let service = TestService::start().await;
    for client in [
        None,
        Some("reader"),
        Some("exporter"),
        Some("auditor"),
        Some("officer"),
        Some("predictor"),
    ] {
        let token = match client {
            Some(client) => format!("Bearer {}", service.token(client).await),
            None => String::new(),
        };
        let paths = CLOSED.iter().map(|(path, _)| *path).chain(OPEN);
        for path in paths.filter(|path| !FORMS.contains(path) && *path != "/swagger/") {
            for method in [
                Method::POST,
                Method::PUT,
                Method::PATCH,
                Method::DELETE,
                Method::OPTIONS,
            ] {
                let request = Request::builder()
                    .method(&method)
                    .uri(path)
                    .header("authorization", &token);
                let answer = service.send(request.body(Body::empty()).unwrap()).await;
                assert_eq!(answer.status, 405, "{client:?} {method} {path}");
                assert!(
                    !answer.header("allow").is_empty(),
                    "{client:?} {method} {path}"
                );
            }
        }
    }
}

#[tokio::test]
async fn open_routes_ask_for_no_token() {
    let service = TestService::start().await;
    for path in OPEN.iter().filter(|path| !FORMS.contains(path)) {
        assert_eq!(service.get_with(path, &[]).await.status, 200, "{path}");
    }
}
