//! What an attacker tries, a test each: it is refused, and never by a 500.

use axum::body::Body;
use axum::http::Request;
use filrouge_accounts::{NewReport, Role};
use filrouge_web::access_table;

use crate::support::{PASSWORD, Site, encoded, fake_api, form, now, station, token_of};

/// A text that would run in a page that does not escape it.
const SCRIPT: &str = "\"><script>alert(1)</script>";

async fn site() -> Site {
    let stations = vec![
        station("RIV-001", SCRIPT, 20, 0),
        station("RIV-002", "Quai", 0, 20),
    ];
    Site::with_stations(stations).await
}

// Preuve: C17.8 XSS stocké : un signalement, un nom de station ou un navigateur ne devient jamais du HTML
#[tokio::test]
async fn what_was_stored_is_never_markup() {
    let site = site().await;
    let report = NewReport {
        body: SCRIPT.to_owned(),
        station_id: Some("RIV-001".parse().unwrap()),
        bike: None,
        is_example: false,
    };
    site.accounts
        .record_report(&report, None, now())
        .await
        .unwrap();
    site.create("camille", Role::Operator).await;
    let log_in = encoded(&[("email", "camille@exemple.fr"), ("password", PASSWORD)]);
    let request = form("/connexion").header("user-agent", SCRIPT);
    let cookie = site
        .send(request.body(log_in.into()).unwrap())
        .await
        .session();

    for address in [
        "/",
        "/exploitation/signalements",
        "/exploitation",
        "/compte",
        "/stations/RIV-001",
    ] {
        let page = site.get_as(&cookie, address).await;
        assert_eq!(page.status, 200, "{address}");
        assert!(!page.text.contains("<script"), "{address}");
        assert!(page.text.contains("&#60;script&#62;"), "{address}");
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        assert!(!policy.contains("unsafe"), "{policy}");
    }
}

// Preuve: C17.8 XSS réfléchi : ce qu’une adresse ou un formulaire apporte est échappé
#[tokio::test]
async fn what_an_address_or_a_form_brings_is_never_markup() {
    let site = site().await;
    let script = encoded(&[("v", SCRIPT)]).split_off(2);
    for address in [
        "/?recherche=",
        "/connexion?suite=/",
        "/connexion?fait=",
        "/mot-de-passe/nouveau?lien=",
    ] {
        let page = site.get(&format!("{address}{script}")).await;
        assert!(page.status.as_u16() < 500, "{address}");
        assert!(!page.text.contains("<script"), "{address}: {}", page.text);
    }

    for (address, field) in [
        ("/connexion", "email"),
        ("/inscription", "email"),
        ("/signaler", "bike"),
    ] {
        let fields = [(field, SCRIPT), ("password", PASSWORD), ("body", "texte")];
        let fields: &[_] = if field == "email" {
            &fields[..2]
        } else {
            &[fields[0], fields[2]]
        };
        let page = site.post(address, fields).await;
        assert_eq!(page.status, 422, "{address}");
        assert!(!page.text.contains("<script"), "{address}: {}", page.text);
    }
}

// Preuve: C17.8 CSRF : un formulaire d’un autre site n’agit pas au nom de la personne
#[tokio::test]
async fn a_form_of_another_site_does_nothing() {
    let site = site().await;
    let cookie = site.session_of(Role::Operator).await;
    let posts = access_table()
        .into_iter()
        .filter(|rule| rule.method == "POST");

    for rule in posts {
        let address = rule.path.replace(['{', '}'], "");
        for (name, value) in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "https://ailleurs.example"),
            ("origin", "null"),
        ] {
            let request = Request::post(&address)
                .header("host", "velorive.example")
                .header("cookie", &cookie)
                .header("content-type", "application/x-www-form-urlencoded")
                .header(name, value);
            let refused = site.send(request.body(Body::empty()).unwrap()).await;
            assert_eq!(refused.status, 403, "{address} {name}: {value}");
            assert!(refused.text.contains("Formulaire d’un autre site"));
        }
    }
    // The session is still open: `/deconnexion` was among them.
    assert_eq!(site.get_as(&cookie, "/exploitation").await.status, 200);
}

// Preuve: C17.8 navigation forcée : une page réservée ne se montre ni ne se devine
#[tokio::test]
async fn a_reserved_page_shows_nothing_whatever_its_spelling() {
    let site = site().await;
    let rider = site.session_of(Role::Rider).await;
    for address in [
        "/exploitation",
        "/en/exploitation",
        "/donnees-personnelles/journal",
    ] {
        let refused = site.get_as(&rider, address).await;
        assert_eq!(refused.status, 403, "{address}");
        assert!(!refused.text.contains("<table"), "{}", refused.text);
    }
    for address in [
        "/exploitation/",
        "//exploitation",
        "/EXPLOITATION",
        "/fr/fr/exploitation",
        "/exploitation/../exploitation",
        "/%65xploitation",
    ] {
        let refused = site.get_as(&rider, address).await;
        // An address with a slash at its end leads to the page, which refuses.
        let led = refused.headers.get("location").map(|to| to.as_bytes());
        let is_refused = matches!(refused.status.as_u16(), 403 | 404);
        let is_led = refused.status == 308 && led == Some(b"/exploitation".as_slice());
        assert!(is_refused || is_led, "{address}: {}", refused.status);
        assert!(!refused.text.contains("<table"), "{}", refused.text);
    }
}

// Preuve: C17.8 fixation de session : le jeton d’avant la connexion n’ouvre rien après
#[tokio::test]
async fn a_token_planted_before_the_login_opens_nothing_after() {
    let site = site().await;
    site.create("camille", Role::Rider).await;
    let planted = format!("session={}", "a".repeat(64));

    let fields = [("email", "camille@exemple.fr"), ("password", PASSWORD)];
    let opened = site.post_as(&planted, "/connexion", &fields).await;
    let cookie = opened.session();
    assert_ne!(cookie, planted);
    assert_eq!(site.get_as(&planted, "/compte").await.status, 303);
    assert_eq!(site.get_as(&cookie, "/compte").await.status, 200);

    // Nor does a second cookie beside the right one.
    let both = format!("{planted}; {cookie}");
    assert_eq!(site.get_as(&both, "/compte").await.status, 303);
}

// Preuve: C17.8 injection SQL : un texte reste un texte, dans chaque champ et chaque adresse
#[tokio::test]
async fn sql_in_a_field_or_an_address_stays_a_text() {
    let site = site().await;
    let operator = site.session_of(Role::Operator).await;
    let attacks = [
        "' OR '1'='1",
        "'; DROP TABLE accounts; --",
        "\\'; SELECT 1",
        "1 UNION SELECT 1",
        "\u{0}",
        "%00",
    ];

    for attack in attacks {
        let encoded = encoded(&[("v", attack)]).split_off(2);
        for address in [
            format!("/stations/{encoded}"),
            format!("/exploitation?pourquoi={encoded}"),
            format!("/mot-de-passe/nouveau?lien={encoded}"),
            format!("/?recherche={encoded}"),
        ] {
            let page = site.get_as(&operator, &address).await;
            assert!(page.status.as_u16() < 500, "{address}: {}", page.status);
        }
        for address in [
            format!("/favoris/{encoded}"),
            format!("/compte/sessions/{encoded}/fin"),
            format!("/exploitation/signalements/{encoded}/fin"),
        ] {
            assert_eq!(
                site.post_as(&operator, &address, &[]).await.status,
                404,
                "{address}"
            );
        }
        let fields = [("email", attack), ("password", attack)];
        assert_eq!(
            site.post("/connexion", &fields).await.status,
            422,
            "{attack}"
        );
        let answer = site
            .post("/signaler", &[("body", attack), ("bike", attack)])
            .await;
        assert!(answer.status == 422, "{attack}: {}", answer.status);
    }
    assert_eq!(site.accounts.people().await.unwrap().len(), 1);
}

// Preuve: C17.8 traversée de dossiers : aucune adresse ne sort de ce que le programme tient
#[tokio::test]
async fn no_address_leads_to_a_file() {
    let site = site().await;
    for address in [
        "/assets/../Cargo.toml",
        "/assets/..%2F..%2Fetc%2Fpasswd",
        "/assets/%2e%2e/%2e%2e/etc/passwd",
        "/assets/....//etc/passwd",
        "/stations/..%2F..%2Fetc%2Fpasswd",
        "/fr/../../etc/passwd",
        "/compte/donnees.json/../../etc/passwd",
    ] {
        let page = site.get(address).await;
        assert_eq!(page.status, 404, "{address}");
        assert!(!page.text.contains("root:"), "{address}");
    }
}

// Preuve: C17.8 en-têtes : aucune valeur reçue ne devient un en-tête, et `Host` ne décide de rien
#[tokio::test]
async fn nothing_received_becomes_a_header_or_an_address() {
    let site = site().await;
    site.create("camille", Role::Rider).await;
    let injected = "%0d%0aSet-Cookie:%20planted=1";
    for address in [
        format!("/connexion?suite=/{injected}"),
        format!("/compte?fait={injected}"),
        format!("/en/{injected}"),
    ] {
        let page = site.get(&address).await;
        assert!(page.status.as_u16() < 500, "{address}");
        assert!(!page.headers.contains_key("set-cookie"), "{address}");
    }

    let fields = encoded(&[("email", "camille@exemple.fr"), ("password", PASSWORD)]);
    let to = format!("/connexion?suite=/{injected}");
    let opened = site.send(form(&to).body(fields.into()).unwrap()).await;
    assert_eq!(opened.location(), "/compte");

    let fields = encoded(&[("email", "camille@exemple.fr")]);
    let request = Request::post("/mot-de-passe")
        .header("host", "ailleurs.example")
        .header("x-forwarded-host", "ailleurs.example")
        .header("content-type", "application/x-www-form-urlencoded");
    site.send(request.body(fields.into()).unwrap()).await;
    let messages = site.wait_for_messages_to("camille@exemple.fr").await;
    assert!(!messages[0].contains("ailleurs"), "{}", messages[0]);
}

// Preuve: C17.8 formulaires trop longs : refusés avant d’être lus
#[tokio::test]
async fn a_form_that_is_too_long_is_refused() {
    let site = site().await;
    let long = "x".repeat(20_000);
    for address in ["/connexion", "/inscription", "/signaler", "/mot-de-passe"] {
        let refused = site
            .post(address, &[("body", &long), ("email", &long)])
            .await;
        assert_eq!(refused.status, 413, "{address}");
    }
    // Below the limit of the door, above that of the field.
    let long = "x".repeat(10_000);
    for (address, fields) in [
        (
            "/connexion",
            [("email", long.as_str()), ("password", PASSWORD)],
        ),
        (
            "/inscription",
            [("email", "a@exemple.fr"), ("password", long.as_str())],
        ),
        ("/signaler", [("body", long.as_str()), ("bike", "")]),
    ] {
        assert_eq!(site.post(address, &fields).await.status, 422, "{address}");
    }
}

// Preuve: C17.8 affectation de masse : un champ que le formulaire n’offre pas est refusé
#[tokio::test]
async fn a_field_that_the_form_does_not_offer_is_refused() {
    let site = site().await;
    for field in ["role", "account_id", "is_admin", "totp_confirmed_at"] {
        let fields = [
            ("email", "camille@exemple.fr"),
            ("password", PASSWORD),
            (field, "officer"),
        ];
        for address in ["/inscription", "/connexion"] {
            assert_eq!(
                site.post(address, &fields).await.status,
                422,
                "{address} {field}"
            );
        }
    }
    assert_eq!(site.accounts.people().await.unwrap(), []);

    let cookie = site.session_of(Role::Rider).await;
    let fields = [
        ("email", "alix@exemple.fr"),
        ("password", PASSWORD),
        ("role", "officer"),
    ];
    assert_eq!(
        site.post_as(&cookie, "/compte/adresse", &fields)
            .await
            .status,
        422
    );
}

// Preuve: C17.8 IDOR : l’identifiant d’un autre ne mène à rien
#[tokio::test]
async fn the_identifier_of_another_leads_nowhere() {
    let site = site().await;
    let owner = site.session_of(Role::Rider).await;
    site.create("alix", Role::Rider).await;
    let intruder = site.log_in("alix").await;

    let token = token_of(&owner);
    let session = site
        .accounts
        .signed_in(&token, now())
        .await
        .unwrap()
        .unwrap();
    let report = NewReport {
        body: "Borne".to_owned(),
        station_id: None,
        bike: None,
        is_example: false,
    };
    let report_id = site
        .accounts
        .record_report(&report, None, now())
        .await
        .unwrap();
    let kind = filrouge_accounts::RightsRequestKind::Access;
    let request_id = site
        .accounts
        .record_request(&session.account_id, kind, now())
        .await
        .unwrap();

    for (address, status) in [
        (format!("/compte/sessions/{}/fin", session.session_id), 303),
        (format!("/exploitation/signalements/{report_id}"), 403),
        (format!("/exploitation/signalements/{report_id}/fin"), 403),
        (format!("/donnees-personnelles/demandes/{request_id}"), 403),
        ("/favoris/RIV-001/fin".to_owned(), 303),
    ] {
        let fields = [("category", "frein"), ("urgency", "normale")];
        let answer = site.post_as(&intruder, &address, &fields).await;
        assert_eq!(answer.status, status, "{address}");
    }
    let copy = site.get_as(&intruder, "/compte/donnees.json").await.text;
    assert!(copy.contains("alix@exemple.fr") && !copy.contains("rider@exemple.fr"));
    assert_eq!(site.get_as(&owner, "/compte").await.status, 200);
}

// Preuve: C17.8 deviner le second facteur : qui a volé le mot de passe n’a que quelques essais, d’où qu’il vienne
#[tokio::test]
async fn a_second_factor_is_not_guessed_from_many_addresses() {
    let site = Site::with(fake_api(Vec::new()).await, |config| {
        config.public_url = Some("https://velorive.example/".parse().unwrap());
    })
    .await;
    let account_id = site.create("camille", Role::Rider).await;
    let key = site
        .accounts
        .begin_second_factor(&account_id)
        .await
        .unwrap();
    let confirmed =
        site.accounts
            .confirm_second_factor(&account_id, key.code_at(now()), "Firefox", now());
    confirmed.await.unwrap();
    site.clock.advance(chrono::TimeDelta::minutes(5));
    let right = key.code_at(now() + chrono::TimeDelta::minutes(5));

    let attempt = async |from: String, password: &str, code: u32| {
        let code = format!("{code:06}");
        let fields = [
            ("email", "camille@exemple.fr"),
            ("password", password),
            ("code", &code),
        ];
        let request = form("/connexion").header("x-forwarded-for", from);
        let answer = site.send(request.body(encoded(&fields).into()).unwrap());
        answer.await.status.as_u16()
    };

    // Without the password nobody is locked out.
    for number in 0..30 {
        let status = attempt(format!("198.51.100.{number}"), "une autre phrase", 1).await;
        assert_eq!(status, 422);
    }
    let opened = attempt("192.0.2.1".to_owned(), PASSWORD, right).await;
    assert_eq!(opened, 303);

    // With it, thirty addresses have no more tries than one person who mistypes.
    let mut judged = 0;
    for number in 0..30 {
        let status = attempt(format!("203.0.113.{number}"), PASSWORD, 1).await;
        assert!(status == 422 || status == 429, "{status}");
        judged += u32::from(status == 422);
    }
    assert!(judged <= 10, "{judged} codes were judged");
}
