use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use filrouge_types::{Clock, FixedClock, Secret};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::json;

use super::{
    Authority, FormerKey, OauthError, Renewal, Renewed, Revocations, TOKEN_LIFETIME, TokenRefusal,
};
use crate::testing::{self, Answer, SECRET, authority, config, send, start};
use crate::{Limits, RateLimit, SecretHash, SigningKey};

fn setting() -> (FixedClock, Arc<Authority>) {
    let clock = FixedClock::at(start());
    let authority = authority(config(), &clock);
    (clock, authority)
}

fn demo_token(authority: &Authority) -> String {
    authority
        .issue("demo", SECRET, Some("data:read"))
        .unwrap()
        .access_token
}

fn router(authority: &Arc<Authority>) -> Router {
    testing::service(Arc::clone(authority), Limits::default(), Router::new())
}

async fn ask(router: &Router, authorization: Option<&str>, form: &str) -> Answer {
    let mut request = Request::post("/oauth/token").header(
        "content-type",
        "application/x-www-form-urlencoded;charset=UTF-8",
    );
    if let Some(authorization) = authorization {
        request = request.header("authorization", authorization);
    }
    send(router, request.body(Body::from(form.to_owned())).unwrap()).await
}

#[test]
fn a_token_is_accepted_until_its_fifteen_minutes_are_over() {
    let (clock, authority) = setting();
    let token = demo_token(&authority);
    let grant = authority.verify(&token).unwrap();

    assert_eq!(
        (&*grant.client_id, &*grant.scopes[0]),
        ("demo", "data:read")
    );

    clock.advance(TOKEN_LIFETIME - chrono::TimeDelta::seconds(1));
    assert!(authority.verify(&token).is_ok());

    clock.advance(chrono::TimeDelta::seconds(1));
    assert_eq!(
        authority.verify(&token),
        Err(TokenRefusal::Expired),
        "also when it was remembered"
    );
}

#[test]
fn a_client_gets_what_it_asks_for_within_what_it_may_have() {
    let (_, authority) = setting();
    let scope = |asked| {
        authority
            .issue("demo", SECRET, asked)
            .map(|token| token.scope)
    };

    assert_eq!(scope(None).unwrap(), "data:read data:export");
    assert_eq!(
        scope(Some("data:export data:export")).unwrap(),
        "data:export"
    );
    assert_eq!(
        scope(Some("data:read gdpr:admin")),
        Err(OauthError::InvalidScope)
    );

    assert_eq!(
        authority.issue("demo", "wrong", None),
        Err(OauthError::InvalidClient)
    );
    assert_eq!(
        authority.issue("nobody", SECRET, None),
        Err(OauthError::InvalidClient)
    );
}

/// A token with these claims, signed by `key` as `algorithm`.
fn forge(algorithm: Algorithm, key: &EncodingKey, claims: &serde_json::Value) -> String {
    jsonwebtoken::encode(&Header::new(algorithm), claims, key).unwrap()
}

fn claims(changes: serde_json::Value) -> serde_json::Value {
    let now = start().timestamp();
    let mut claims = json!({
        "iss": "data-api", "aud": "data-api", "sub": "demo", "jti": "1", "scope": "data:read",
        "iat": now, "exp": now + 900,
    });
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims
}

// Preuve: C5.4 un jeton forgé, détourné, périmé ou non signé est refusé [code : crates/http/src/authority.rs#verify]
#[test]
fn only_a_token_that_this_service_signed_for_itself_is_accepted() {
    let pkcs8 = SigningKey::generate().unwrap().pkcs8().to_vec();
    let key = SigningKey::from_pkcs8(&pkcs8).unwrap();
    let public_key_as_secret = EncodingKey::from_secret(key.public_key());
    let authority = authority(
        super::AuthorityConfig {
            signing_key: key,
            ..config()
        },
        &FixedClock::at(start()),
    );
    let own = EncodingKey::from_ed_der(&pkcs8);
    let stranger = EncodingKey::from_ed_der(SigningKey::generate().unwrap().pkcs8());
    let unsigned = |algorithm: &str| {
        let header = URL_SAFE_NO_PAD.encode(format!(r#"{{"typ":"JWT","alg":"{algorithm}"}}"#));
        format!(
            "{header}.{}.",
            URL_SAFE_NO_PAD.encode(claims(json!({})).to_string())
        )
    };
    let ours = |changes| forge(Algorithm::EdDSA, &own, &claims(changes));
    let mut tampered = demo_token(&authority);
    tampered.replace_range(tampered.len() - 4.., "AAAA");

    assert!(
        authority.verify(&ours(json!({}))).is_ok(),
        "the forge itself works"
    );
    let cases = [
        (
            "expired",
            ours(json!({"exp": start().timestamp()})),
            TokenRefusal::Expired,
        ),
        (
            "from the future",
            ours(json!({"iat": start().timestamp() + 60})),
            TokenRefusal::Invalid,
        ),
        (
            "longer than a token lives",
            ours(json!({"exp": start().timestamp() + 901})),
            TokenRefusal::Invalid,
        ),
        (
            "unknown client",
            ours(json!({"sub": "nobody"})),
            TokenRefusal::Invalid,
        ),
        (
            "other audience",
            ours(json!({"aud": "model-api"})),
            TokenRefusal::Invalid,
        ),
        (
            "other issuer",
            ours(json!({"iss": "model-api"})),
            TokenRefusal::Invalid,
        ),
        (
            "no audience",
            ours(json!({"aud": null})),
            TokenRefusal::Invalid,
        ),
        (
            "no subject",
            ours(json!({"sub": null})),
            TokenRefusal::Invalid,
        ),
        (
            "other key",
            forge(Algorithm::EdDSA, &stranger, &claims(json!({}))),
            TokenRefusal::Invalid,
        ),
        (
            "HMAC with the public key",
            forge(Algorithm::HS256, &public_key_as_secret, &claims(json!({}))),
            TokenRefusal::Invalid,
        ),
        ("unsigned", unsigned("none"), TokenRefusal::Invalid),
        ("unsigned EdDSA", unsigned("EdDSA"), TokenRefusal::Invalid),
        ("tampered", tampered, TokenRefusal::Invalid),
        ("not a token", "nonsense".to_owned(), TokenRefusal::Invalid),
        ("empty", String::new(), TokenRefusal::Invalid),
    ];
    for (name, token, refusal) in cases {
        assert_eq!(authority.verify(&token), Err(refusal), "{name}");
    }
}

#[tokio::test]
async fn the_token_endpoint_follows_rfc_6749() {
    let (_, authority) = setting();
    let router = router(&authority);
    let basic =
        |user: &str, secret: &str| format!("Basic {}", STANDARD.encode(format!("{user}:{secret}")));
    let (good, wrong) = (basic("demo", SECRET), basic("demo", "wrong"));
    let grant = "grant_type=client_credentials";
    let with_secret = format!("{grant}&client_id=demo&client_secret={SECRET}");
    let cases = [
        (None, with_secret.clone(), 200, ""),
        (None, format!("{with_secret}&scope=data%3Aread"), 200, ""),
        (None, format!("{with_secret}&unknown=1"), 200, ""),
        (Some(&good), grant.to_owned(), 200, ""),
        (Some(&wrong), grant.to_owned(), 401, "invalid_client"),
        (Some(&wrong), with_secret.clone(), 401, "invalid_client"),
        (
            None,
            format!("{grant}&client_id=demo&client_secret=wrong"),
            401,
            "invalid_client",
        ),
        (None, grant.to_owned(), 401, "invalid_client"),
        (
            None,
            with_secret.replace("client_credentials", "password"),
            400,
            "unsupported_grant_type",
        ),
        (
            None,
            format!("{with_secret}&scope=gdpr%3Aadmin"),
            400,
            "invalid_scope",
        ),
        (
            None,
            format!("{with_secret}&client_id=demo"),
            400,
            "invalid_request",
        ),
        (None, String::new(), 400, "invalid_request"),
    ];
    for (authorization, form, status, error) in cases {
        let answer = ask(&router, authorization.map(String::as_str), &form).await;
        assert_eq!(answer.status, status, "{form}: {}", answer.body);
        assert_eq!(answer.header("cache-control"), "no-store", "{form}");
        match status {
            200 => assert_eq!(
                (&answer.json()["token_type"], &answer.json()["expires_in"]),
                (&"Bearer".into(), &900.into())
            ),
            401 => assert!(
                answer.header("www-authenticate").starts_with("Basic"),
                "{form}"
            ),
            _ => assert_eq!(answer.json()["error"], error, "{form}"),
        }
    }
}

// Preuve: C5.4 401 sans jeton valable, 403 sans le droit, 200 avec les deux
#[tokio::test]
async fn a_closed_route_answers_401_403_or_200() {
    let (clock, authority) = setting();
    let router = router(&authority);
    let token = demo_token(&authority);
    let other = authority.issue("other", SECRET, None).unwrap().access_token;

    let none = send(&router, testing::get("/closed")).await;
    assert_eq!(
        (none.status.as_u16(), none.header("www-authenticate")),
        (401, "Bearer realm=\"filrouge\"")
    );
    let wrong = send(&router, testing::get_with("/closed", &other)).await;
    assert_eq!(wrong.status, 403);
    assert!(
        wrong
            .header("www-authenticate")
            .contains("error=\"insufficient_scope\", scope=\"data:read\"")
    );
    let right = send(&router, testing::get_with("/closed", &token)).await;
    assert_eq!((right.status.as_u16(), right.body.as_str()), (200, "demo"));
    clock.advance(TOKEN_LIFETIME);
    let late = send(&router, testing::get_with("/closed", &token)).await;
    assert_eq!(late.status, 401);
    assert!(
        late.header("www-authenticate")
            .contains("error=\"invalid_token\"")
    );
}

#[tokio::test]
async fn a_client_past_its_rate_waits_and_the_others_do_not() {
    let clock = FixedClock::at(start());
    let authority = authority(
        super::AuthorityConfig {
            rate_limit: RateLimit {
                per_second: 0.1,
                burst: 1.0,
                concurrent: 8,
            },
            ..config()
        },
        &clock,
    );
    let router = router(&authority);
    let token = demo_token(&authority);
    assert_eq!(
        send(&router, testing::get_with("/closed", &token))
            .await
            .status,
        200
    );
    let refused = send(&router, testing::get_with("/closed", &token)).await;
    assert_eq!(
        (refused.status.as_u16(), refused.header("retry-after")),
        (429, "10")
    );
    assert_eq!(refused.json()["type"], "/problems/too-many-requests");
    clock.advance(chrono::TimeDelta::seconds(10));
    assert_eq!(
        send(&router, testing::get_with("/closed", &token))
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn the_published_key_verifies_the_tokens() {
    let (_, authority) = setting();
    let keys = send(&router(&authority), testing::get("/.well-known/jwks.json"))
        .await
        .json();
    let key: jsonwebtoken::jwk::Jwk = serde_json::from_value(keys["keys"][0].clone()).unwrap();
    let token = demo_token(&authority);

    assert_eq!(
        jsonwebtoken::decode_header(&token).unwrap().kid,
        key.common.key_id
    );

    let mut validation = jsonwebtoken::Validation::new(Algorithm::EdDSA);
    validation.set_audience(&["data-api"]);
    validation.validate_exp = false;
    let key = jsonwebtoken::DecodingKey::from_jwk(&key).unwrap();
    assert!(jsonwebtoken::decode::<serde_json::Value>(&token, &key, &validation).is_ok());
}

// Preuve: C5.4 un jeton révoqué est refusé aussitôt, par le client qui le détient et par lui seul [code : crates/http/src/authority.rs#revoke]
#[test]
fn a_token_given_back_is_refused_at_once_and_only_its_client_can_give_it_back() {
    let (_, authority) = setting();
    let token = demo_token(&authority);
    assert!(authority.verify(&token).is_ok());
    assert_eq!(
        authority.revoke("demo", "wrong", &token),
        Err(OauthError::InvalidClient)
    );
    assert_eq!(authority.revoke("other", SECRET, &token), Ok(()));
    assert!(
        authority.verify(&token).is_ok(),
        "another client's word changes nothing"
    );
    assert_eq!(authority.revoke("demo", SECRET, &token), Ok(()));
    assert_eq!(authority.verify(&token), Err(TokenRefusal::Invalid));
    assert_eq!(
        authority.revoke("demo", SECRET, &token),
        Ok(()),
        "twice is once"
    );
    assert!(
        authority.verify(&demo_token(&authority)).is_ok(),
        "other tokens live on"
    );
}

// Preuve: C5.4 un jeton révoqué reste refusé quand le service redémarre
#[test]
fn a_restart_does_not_revive_a_token_that_was_given_back() {
    let folder = tempfile::tempdir().unwrap();
    let clock = FixedClock::at(start());
    let pkcs8 = SigningKey::generate().unwrap().pkcs8().to_vec();

    let restarted = || {
        let config = super::AuthorityConfig {
            signing_key: SigningKey::from_pkcs8(&pkcs8).unwrap(),
            ..config()
        };
        let revocations = Revocations::shared_in(folder.path().join("revoked")).unwrap();
        Authority::new(config, Arc::new(clock.clone()))
            .unwrap()
            .with_revocations(revocations)
    };

    let before = restarted();
    let (given_back, kept) = (demo_token(&before), demo_token(&before));

    before.revoke("demo", SECRET, &given_back).unwrap();
    let after = restarted();
    assert_eq!(after.verify(&given_back), Err(TokenRefusal::Invalid));
    assert!(after.verify(&kept).is_ok());
}

#[tokio::test]
async fn the_revocation_endpoint_follows_rfc_7009() {
    let (_, authority) = setting();
    let router = router(&authority);
    let token = demo_token(&authority);
    let ask = |form: String| {
        let request = Request::post("/oauth/revoke")
            .header("content-type", "application/x-www-form-urlencoded");
        send(&router, request.body(Body::from(form)).unwrap())
    };

    let own = format!("client_id=demo&client_secret={SECRET}");

    for (form, status) in [
        (format!("{own}&token=nonsense"), 200),
        (own.clone(), 400),
        (format!("token={token}"), 401),
        (
            format!("{own}&token={token}&token_type_hint=access_token"),
            200,
        ),
    ] {
        assert_eq!(ask(form.clone()).await.status, status, "{form}");
    }

    assert_eq!(
        send(&router, testing::get_with("/closed", &token))
            .await
            .status,
        401
    );
}

// Preuve: C5.4 la clé de signature tourne sans refuser personne, et une clé remplacée ne vaut plus rien après son dernier jeton
#[test]
fn a_former_key_dies_with_its_last_token() {
    let clock = FixedClock::at(start());
    let pkcs8 = SigningKey::generate().unwrap().pkcs8().to_vec();
    let old = || SigningKey::from_pkcs8(&pkcs8).unwrap();

    let before = authority(
        super::AuthorityConfig {
            signing_key: old(),
            ..config()
        },
        &clock,
    );
    let token = demo_token(&before);

    let former = FormerKey {
        key: Arc::new(old()),
        replaced_at: start(),
    };
    let after = Authority::new(config(), Arc::new(clock.clone()))
        .unwrap()
        .with_former_keys(vec![former]);
    assert!(after.verify(&token).is_ok());
    assert_eq!(after.public_keys().len(), 2);

    // Whoever stole it signs a token of today.
    clock.advance(chrono::TimeDelta::minutes(5));
    let now = clock.now().timestamp();
    let mut header = Header::new(Algorithm::EdDSA);
    header.kid = Some(old().key_id().to_owned());
    let stolen = jsonwebtoken::encode(
        &header,
        &claims(json!({"iat": now, "exp": now + 900})),
        &EncodingKey::from_ed_der(&pkcs8),
    );
    assert_eq!(after.verify(&stolen.unwrap()), Err(TokenRefusal::Invalid));

    clock.advance(chrono::TimeDelta::minutes(10));
    assert!(after.verify(&token).is_err());
    assert_eq!(after.public_keys().len(), 1);
}

/// News that come once.
#[derive(Debug)]
struct Once(std::sync::Mutex<Option<Renewed>>);

impl Renewal for Once {
    fn news(&self) -> Option<Renewed> {
        self.0.lock().unwrap().take()
    }
}

// Preuve: C5.4 le secret d’un client se renouvelle sans arrêter le service, et l’ancien ne vaut plus rien
#[test]
fn secrets_and_keys_are_renewed_while_the_service_runs() {
    let clock = FixedClock::at(start());
    let news = Arc::new(Once(std::sync::Mutex::default()));
    let authority = Authority::new(config(), Arc::new(clock.clone()))
        .unwrap()
        .with_renewal(Some(news.clone()));
    let (token, key_id) = (demo_token(&authority), authority.key_id());
    assert!(authority.verify(&token).is_ok());

    let mut demo = config().clients.remove(0);
    demo.secret_hash = SecretHash::of(&Secret::from("renewed".to_owned())).unwrap();
    *news.0.lock().unwrap() = Some(Renewed {
        clients: vec![demo],
        signing_key: SigningKey::generate().unwrap(),
        former_keys: Vec::new(),
    });

    let refused = authority.issue("demo", SECRET, None);
    assert_eq!(refused, Err(OauthError::InvalidClient));
    assert!(authority.issue("demo", "renewed", None).is_ok());
    assert_ne!(authority.key_id(), key_id);
    assert_eq!(authority.verify(&token), Err(TokenRefusal::Invalid));
}

// Preuve: C5.4 les demandes de jeton d’une adresse sont comptées
#[tokio::test]
async fn an_address_that_asks_for_tokens_over_and_over_is_told_to_wait() {
    let (_, authority) = setting();
    let router = router(&authority);
    let ask = async |address: [u8; 4], client: &str| {
        let mut request = Request::post("/oauth/token")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(format!(
                "grant_type=client_credentials&client_id={client}&client_secret=guess"
            )))
            .unwrap();
        let peer = std::net::SocketAddr::from((address, 1));
        request.extensions_mut().insert(ConnectInfo(peer));
        send(&router, request).await
    };

    for _ in 0..60 {
        assert_eq!(ask([10, 0, 0, 1], "demo").await.status, 401);
    }
    let refused = ask([10, 0, 0, 1], "demo").await;
    assert_eq!(
        (refused.status.as_u16(), refused.header("retry-after")),
        (429, "1")
    );
    assert_eq!(ask([10, 0, 0, 2], "demo").await.status, 401);
    assert_eq!(ask([10, 0, 0, 1], "other").await.status, 401);
}
