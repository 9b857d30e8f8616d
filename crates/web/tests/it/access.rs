//! The access table, walked whole: every route × every role, and no role at all.

use axum::body::Body;
use axum::http::{Method, Request};
use filrouge_accounts::{ConsentPurpose, NewReport, RightsRequestKind, Role};
use filrouge_web::{AccessRule, Right, access_table};

use crate::support::{Received, Site, now, station, token_of};

/// An address of the route: identifiers that nothing has.
fn address(rule: &AccessRule) -> String {
    rule.path
        .replace("{station_id}", "RIV-001")
        .replace("{session_id}", &"0".repeat(32))
        .replace("{report_id}", &"0".repeat(16))
        .replace("{request_id}", &"0".repeat(16))
        .replace("{purpose}", "favourites")
        .replace("{name}", "nothing.css")
}

async fn ask(site: &Site, rule: &AccessRule, cookie: Option<&str>) -> Received {
    let request = Request::builder()
        .method(rule.method.clone())
        .uri(address(rule))
        .header("host", "velorive.example")
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded");
    let request = match cookie {
        Some(cookie) => request.header("cookie", cookie),
        None => request,
    };
    site.send(request.body(Body::empty()).unwrap()).await
}

// Preuve principale: C17.5 chaque route, pour chaque rôle et pour personne : la table des droits est tenue entière [code : crates/web/src/routes.rs#pages]
// Preuve: C17.9 un essai par route et par rôle
#[tokio::test]
async fn every_route_opens_to_whom_the_table_says_and_to_nobody_else() {
    let site = Site::with_stations(vec![station("RIV-001", "Gare", 1, 1)]).await;
    for role in Role::ALL {
        site.create(role.name(), role).await;
    }
    let mut tried = 0;

    for rule in access_table() {
        for role in [
            None,
            Some(Role::Rider),
            Some(Role::Operator),
            Some(Role::Officer),
        ] {
            // A new session each time: some routes end it.
            let cookie = match role {
                Some(role) => Some(site.log_in(role.name()).await),
                None => None,
            };
            let answer = ask(&site, &rule, cookie.as_deref()).await;
            let case = format!("{} {} {role:?}: {}", rule.method, rule.path, answer.status);

            assert!(answer.status.as_u16() < 500, "{case}");
            let leads_to_login =
                answer.status == 303 && answer.location().starts_with("/connexion");
            match (rule.right.admits(role), role) {
                (true, _) => assert_ne!(answer.status, 403, "{case}"),
                (false, Some(_)) => assert_eq!(answer.status, 403, "{case}"),
                (false, None) => assert!(leads_to_login, "{case}"),
            }
            tried += 1;
        }
    }

    assert_eq!(tried, 4 * access_table().len());
}

// Preuve: C17.5 le document des droits dit ce que le routeur tient
#[test]
fn the_document_tells_the_access_table() {
    let row = |rule: AccessRule| {
        let who = match rule.right {
            Right::Everyone => "tout le monde",
            Right::SignedIn => "une personne connectée",
            Right::Operator => "exploitation",
            Right::Officer => "protection des données",
        };
        format!("| `{}` | `{}` | {who} |\n", rule.method, rule.path)
    };
    let table: String = access_table().into_iter().map(row).collect();

    let document = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/droits.md");
    let document = std::fs::read_to_string(document).unwrap();
    assert!(document.contains(&table), "the table should be:\n{table}");
}

#[test]
fn a_right_admits_these_roles() {
    let roles = [
        None,
        Some(Role::Rider),
        Some(Role::Operator),
        Some(Role::Officer),
    ];
    for (right, expected) in [
        (Right::Everyone, [true, true, true, true]),
        (Right::SignedIn, [false, true, true, true]),
        (Right::Operator, [false, false, true, false]),
        (Right::Officer, [false, false, false, true]),
    ] {
        assert_eq!(roles.map(|role| right.admits(role)), expected, "{right:?}");
    }
}

// Preuve: C17.8 rien ne change par une lecture : les routes qui changent quelque chose sont des POST
#[test]
fn a_route_that_changes_something_is_posted() {
    for rule in access_table() {
        let changes = ["/fin", "/compte/adresse", "/favoris/", "/compte/demandes"];
        let changes = changes.iter().any(|part| rule.path.contains(part));
        assert!(!changes || rule.method == Method::POST, "{}", rule.path);
    }
}

#[tokio::test]
async fn what_somebody_else_or_a_first_press_did_already_is_done() {
    let site = Site::with_stations(vec![station("RIV-001", "Gare", 1, 1)]).await;
    let [rider, operator, officer] = [
        site.session_of(Role::Rider).await,
        site.session_of(Role::Operator).await,
        site.session_of(Role::Officer).await,
    ];
    let account_id = site.create("camille", Role::Rider).await;
    let purpose = ConsentPurpose::Favourites;
    let consent = site
        .accounts
        .answer_consent(&account_id, purpose, true, now());
    consent.await.unwrap();
    let kind = RightsRequestKind::Access;
    let request = site.accounts.record_request(&account_id, kind, now());
    let request_id = request.await.unwrap();
    let report = NewReport {
        body: "Borne éteinte".to_owned(),
        station_id: None,
        bike: None,
        is_example: false,
    };
    let report = site.accounts.record_report(&report, None, now());
    let report_id = report.await.unwrap();
    let [cookie, elsewhere] = [site.log_in("camille").await, site.log_in("camille").await];
    let session = site.accounts.signed_in(&token_of(&elsewhere), now()).await;
    let session_id = session.unwrap().unwrap().session_id;
    site.post_as(&cookie, "/favoris/RIV-001", &[]).await;

    for (cookie, address, expected) in [
        (&cookie, "/favoris/RIV-001/fin", "/compte?fait=favori"),
        (
            &cookie,
            &format!("/compte/sessions/{session_id}/fin"),
            "/compte?fait=session",
        ),
        (
            &operator,
            &format!("/exploitation/signalements/{report_id}/fin"),
            "/exploitation/signalements",
        ),
        (
            &officer,
            &format!("/donnees-personnelles/demandes/{request_id}"),
            "/donnees-personnelles",
        ),
    ] {
        for press in ["first", "second"] {
            let answer = site.post_as(cookie, address, &[]).await;
            assert_eq!(answer.status, 303, "{press}: {address}");
            assert_eq!(answer.location(), expected, "{press}: {address}");
        }
    }

    // The page of another tab still offers the second factor that is in service.
    let account_id = site.accounts.signed_in(&token_of(&rider), now()).await;
    let account_id = account_id.unwrap().unwrap().account_id;
    let key = site.accounts.begin_second_factor(&account_id).await;
    let code = key.unwrap().code_at(now());
    let confirmed = site
        .accounts
        .confirm_second_factor(&account_id, code, "Firefox", now());
    let rider = format!("session={}", confirmed.await.unwrap().reveal());
    let answer = site.post_as(&rider, "/compte/second-facteur", &[]).await;
    assert_eq!(
        (answer.status.as_u16(), answer.location()),
        (303, "/compte")
    );
}

#[tokio::test]
async fn the_menu_offers_what_the_role_opens() {
    let site = Site::with_stations(Vec::new()).await;
    for role in Role::ALL {
        let cookie = site.session_of(role).await;
        let page = site.get_as(&cookie, "/").await;
        let offers = |path: &str| page.text.contains(&format!("href=\"{path}\""));

        assert_eq!(offers("/exploitation"), role == Role::Operator);
        assert_eq!(offers("/donnees-personnelles"), role == Role::Officer);
        assert!(offers("/compte") && !offers("/connexion"));
        assert_eq!(page.headers["cache-control"], "no-store");
    }

    let page = site.get("/").await;
    assert!(page.text.contains("href=\"/connexion\""));
    assert_eq!(page.headers["cache-control"], "no-cache");
}

#[tokio::test]
async fn who_must_log_in_comes_back_to_the_page_that_was_asked() {
    let site = Site::with_stations(Vec::new()).await;
    site.create("camille", Role::Operator).await;

    let asked = site.get("/en/exploitation/qualite?a=b").await;
    let log_in = asked.location().to_owned();
    assert_eq!(
        log_in,
        "/en/connexion?suite=%2Fexploitation%2Fqualite%3Fa%3Db"
    );

    let form = [
        ("email", "camille@exemple.fr"),
        ("password", crate::support::PASSWORD),
    ];
    let opened = site.post(&log_in, &form).await;
    assert_eq!(opened.location(), "/en/exploitation/qualite?a=b");
    assert_eq!(
        site.get_as(&opened.session(), opened.location())
            .await
            .status,
        200
    );
}
