//! Log in, sign up, recover a password: as a browser without script does.

use chrono::TimeDelta;
use filrouge_accounts::Role;

use crate::support::{PASSWORD, Received, Site, fake_api};

async fn site() -> Site {
    Site::with_stations(Vec::new()).await
}

async fn try_password(site: &Site, name: &str, password: &str) -> Received {
    let email = format!("{name}@exemple.fr");
    let form = [("email", email.as_str()), ("password", password)];
    site.post("/connexion", &form).await
}

// Preuve: C17.3 se connecter, puis se déconnecter, par des formulaires
#[tokio::test]
async fn a_person_logs_in_and_out() {
    let site = site().await;
    site.create("camille", Role::Rider).await;

    let opened = try_password(&site, " CAMILLE", PASSWORD).await;
    assert_eq!(
        (opened.status.as_u16(), opened.location()),
        (303, "/compte")
    );
    assert_eq!(opened.headers["cache-control"], "no-store");
    let cookie = opened.session();
    assert_eq!(site.get_as(&cookie, "/compte").await.status, 200);

    let closed = site.post_as(&cookie, "/deconnexion", &[]).await;
    assert_eq!(closed.session(), "session=");
    assert_eq!(site.get_as(&cookie, "/compte").await.status, 303);
}

#[tokio::test]
async fn each_role_begins_on_its_own_page() {
    let site = site().await;
    for (role, page) in [
        (Role::Rider, "/compte"),
        (Role::Operator, "/exploitation"),
        (Role::Officer, "/donnees-personnelles"),
    ] {
        site.create(role.name(), role).await;
        assert_eq!(
            try_password(&site, role.name(), PASSWORD).await.location(),
            page
        );
    }
}

// Preuve: C17.8 une adresse inconnue et un mot de passe faux donnent la même page
#[tokio::test]
async fn one_message_for_a_wrong_address_and_a_wrong_password() {
    let site = site().await;
    site.create("camille", Role::Rider).await;

    let wrong = try_password(&site, "camille", "une autre phrase").await;
    let unknown = try_password(&site, "inconnu", PASSWORD).await;
    assert_eq!(
        (wrong.status, unknown.status),
        (422.try_into().unwrap(), wrong.status)
    );
    assert_eq!(wrong.text.replace("camille", "inconnu"), unknown.text);
    assert!(wrong.text.contains("Adresse ou mot de passe incorrect"));
    assert!(!wrong.headers.contains_key("set-cookie"));
    assert!(
        !wrong.text.contains("une autre phrase"),
        "a password is not sent back"
    );
}

#[tokio::test]
async fn who_tries_too_often_is_told_how_long_to_wait() {
    let site = site().await;
    site.create("camille", Role::Rider).await;
    for _ in 0..5 {
        assert_eq!(
            try_password(&site, "camille", "une autre phrase")
                .await
                .status,
            422
        );
    }

    let refused = try_password(&site, "camille", PASSWORD).await;
    assert_eq!(refused.status, 429);
    assert_eq!(refused.headers["retry-after"], "20");
    assert!(
        refused.text.contains("Attendez 20 secondes"),
        "{}",
        refused.text
    );

    site.clock.advance(TimeDelta::seconds(20));
    assert_eq!(try_password(&site, "camille", PASSWORD).await.status, 303);
}

// Preuve: C17.5 l’inscription demande le consentement, et n’apprend à personne qui a un compte
#[tokio::test]
async fn signing_up_gives_the_same_answer_for_an_address_that_is_taken() {
    let site = site().await;
    let form = |name| {
        [
            ("email", name),
            ("password", PASSWORD),
            ("favourites", "oui"),
        ]
    };
    let first = site.post("/inscription", &form("camille@exemple.fr")).await;
    assert_eq!(
        (first.status.as_u16(), first.location()),
        (303, "/connexion?fait=compte")
    );
    assert_eq!(site.messages_to("camille@exemple.fr"), [] as [String; 0]);

    let again = site.post("/inscription", &form("Camille@exemple.fr")).await;
    assert_eq!(
        (again.status, again.location()),
        (first.status, first.location())
    );
    assert_eq!(site.messages_to("camille@exemple.fr").len(), 1);

    let cookie = site.log_in("camille").await;
    let account = site.get_as(&cookie, "/compte").await.text;
    assert!(account.contains("Vous êtes d’accord."), "{account}");
}

#[tokio::test]
async fn a_weak_password_is_told_beside_its_field() {
    let site = site().await;
    for (password, told) in [
        ("zigzag", "12 caractères au moins"),
        ("motdepasse2026", "que l’on essaie en premier"),
        ("bravo camille quai", "contient le nom de votre adresse"),
    ] {
        let form = [("email", "camille@exemple.fr"), ("password", password)];
        let page = site.post("/inscription", &form).await;
        assert_eq!(page.status, 422);
        assert!(page.text.contains(told), "{}", page.text);
        assert!(
            page.text.contains("<title>Erreur\u{a0}: Créer un compte"),
            "{}",
            page.text
        );
        assert!(!page.text.contains(password), "a password is not sent back");
        site.clock.advance(TimeDelta::minutes(5));
    }
}

// Preuve: C17.8 demander un lien ne dit pas qui a un compte : la réponse n’attend ni le lien ni le message
#[tokio::test]
async fn the_answer_waits_for_no_link() {
    let site = site().await;
    site.create("camille", Role::Rider).await;
    // Nothing can be written in it: the message fails, and the answer does not know.
    std::fs::write(site.folder.path().join("outbox"), "a file, no folder").unwrap();

    let [known, unknown] = ["camille", "inconnu"].map(|name| format!("{name}@exemple.fr"));
    let known = site.post("/mot-de-passe", &[("email", &known)]).await;
    let unknown = site.post("/mot-de-passe", &[("email", &unknown)]).await;
    assert_eq!((known.status, known.text), (unknown.status, unknown.text));
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_through_a_link_of_the_public_address() {
    let site = Site::with(fake_api(Vec::new()).await, |config| {
        config.public_url = Some("https://velorive.example/".parse().unwrap());
    })
    .await;
    site.create("camille", Role::Rider).await;

    let unknown = site
        .post("/mot-de-passe", &[("email", "inconnu@exemple.fr")])
        .await;
    let known = site
        .post("/mot-de-passe", &[("email", "camille@exemple.fr")])
        .await;
    assert_eq!((known.status.as_u16(), known.text), (200, unknown.text));

    let message = site
        .wait_for_messages_to("camille@exemple.fr")
        .await
        .remove(0);
    assert_eq!(site.messages_to("inconnu@exemple.fr"), [] as [String; 0]);
    let link = message.split("https://velorive.example").nth(1).unwrap();
    let link = link.split_whitespace().next().unwrap();
    assert_eq!(site.get(link).await.status, 200);
    assert_eq!(site.post(link, &[("password", "court")]).await.status, 422);
    let changed = site.post(link, &[("password", "trois vélos bleus")]).await;
    assert_eq!(changed.location(), "/connexion?fait=mot-de-passe");

    for spent in [link, "/mot-de-passe/nouveau?lien=guess"] {
        let page = site.get(spent).await;
        assert_eq!(page.status, 422);
        assert!(page.text.contains("demandez-en un autre"), "{}", page.text);
        assert_eq!(
            site.post(spent, &[("password", "quatre vélos verts")])
                .await
                .status,
            422
        );
    }
    let opened = try_password(&site, "camille", "trois vélos bleus").await;
    assert_eq!(opened.status, 303);

    // The link, then the warning that it was used.
    let told = site.messages_to("camille@exemple.fr");
    let warnings = told.iter().filter(|message| !message.contains("?lien="));
    assert_eq!((told.len(), warnings.count()), (2, 1), "{told:?}");
}

// Preuve: C17.8 derrière TLS, le cookie est fermé aux scripts, aux autres sites et au HTTP en clair
#[tokio::test]
async fn behind_tls_the_cookie_is_secure_and_tries_are_counted_by_client() {
    let site = Site::with(fake_api(Vec::new()).await, |config| {
        config.public_url = Some("https://velorive.example/".parse().unwrap());
    })
    .await;
    site.create("camille", Role::Rider).await;
    let attempt = |from: &'static str, password: &'static str| {
        let form = [("email", "camille@exemple.fr"), ("password", password)];
        let request = crate::support::form("/connexion").header("x-forwarded-for", from);
        let body = crate::support::encoded(&form);
        site.send(request.body(body.into()).unwrap())
    };

    for _ in 0..5 {
        attempt("192.0.2.1", "une autre phrase").await;
    }
    assert_eq!(attempt("192.0.2.1", PASSWORD).await.status, 429);
    // The list before the last address is the word of the client.
    assert_eq!(attempt("192.0.2.9, 192.0.2.1", PASSWORD).await.status, 429);

    let opened = attempt("192.0.2.2", PASSWORD).await;
    let cookie = opened.headers["set-cookie"].to_str().unwrap();
    assert!(cookie.starts_with("__Host-session="), "{cookie}");
    assert!(
        cookie.ends_with("; Path=/; Max-Age=43200; HttpOnly; SameSite=Lax; Secure"),
        "{cookie}"
    );
    assert_eq!(site.get_as(&opened.session(), "/compte").await.status, 200);
}
