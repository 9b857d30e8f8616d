//! A person using their rights and keeping their account their own.

use filrouge_accounts::{ConsentPurpose, Role};

use crate::support::{PASSWORD, Site, now, station, token_of};

async fn site() -> Site {
    Site::with_stations(vec![station("RIV-001", "Gare <centrale>", 7, 13)]).await
}

// Preuve: C17.5 une personne voit, emporte, corrige et efface ses données depuis son compte
#[tokio::test]
async fn a_person_sees_takes_away_corrects_and_erases_their_data() {
    let site = site().await;
    let cookie = site.session_of(Role::Rider).await;

    let copy = site.get_as(&cookie, "/compte/donnees.json").await;
    assert_eq!(copy.headers["content-type"], "application/json");
    let copy: serde_json::Value = serde_json::from_str(&copy.text).unwrap();
    assert_eq!(copy["email"], "rider@exemple.fr");

    let form = [("email", "Alix@exemple.fr"), ("password", PASSWORD)];
    let corrected = site.post_as(&cookie, "/compte/adresse", &form).await;
    assert_eq!(corrected.location(), "/compte?fait=adresse");
    let cookie = corrected.session();
    let page = site.get_as(&cookie, corrected.location()).await;
    assert!(
        page.text.contains("Votre adresse est corrigée."),
        "{}",
        page.text
    );
    assert!(
        page.text.contains("value=\"alix@exemple.fr\""),
        "{}",
        page.text
    );

    let form = [("confirmation", "oui"), ("password", "une autre phrase")];
    let refused = site.post_as(&cookie, "/compte/effacement", &form).await;
    assert_eq!(refused.status, 422);
    let form = [("confirmation", "oui"), ("password", PASSWORD)];
    let erased = site.post_as(&cookie, "/compte/effacement", &form).await;
    assert_eq!(erased.location(), "/connexion?fait=efface");
    assert_eq!(site.get_as(&cookie, "/compte").await.status, 303);
    assert_eq!(site.accounts.people().await.unwrap(), []);

    // The officer reads that it was done, without a name.
    let requests = site.accounts.requests(10).await.unwrap();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].account_id, None);
    assert_eq!(requests[0].answered_at, Some(now()));
}

// Preuve: C17.5 un consentement se retire aussi facilement qu’il se donne : un bouton
#[tokio::test]
async fn a_consent_is_given_and_withdrawn_by_one_button_each() {
    let site = site().await;
    let cookie = site.session_of(Role::Rider).await;
    let answer = "/compte/consentements/favourites";
    let keep = "/favoris/RIV-001";

    let refused = site.post_as(&cookie, keep, &[]).await;
    let page = site.get_as(&cookie, refused.location()).await.text;
    assert!(page.contains("donnez d’abord votre accord"), "{page}");
    assert!(!page.contains("/favoris/RIV-001/fin"), "{page}");
    site.post_as(&cookie, answer, &[]).await;
    assert_eq!(site.post_as(&cookie, keep, &[]).await.status, 303);
    let page = site.get_as(&cookie, "/compte").await.text;
    assert!(page.contains("Gare &#60;centrale&#62;"), "{page}");
    assert_eq!(
        site.post_as(&cookie, "/favoris/RIV-404", &[]).await.status,
        404
    );

    let withdrawal = format!("{answer}/fin");
    site.post_as(&cookie, &withdrawal, &[]).await;
    let page = site.get_as(&cookie, "/compte").await.text;
    assert!(!page.contains("/favoris/RIV-001/fin"), "{page}");
    assert_eq!(
        site.post_as(&cookie, "/compte/consentements/nothing", &[])
            .await
            .status,
        404
    );
}

// Preuve: C17.5 un double clic ne rend pas un accord que l’on retire
#[tokio::test]
async fn a_consent_withdrawn_twice_stays_withdrawn() {
    let site = site().await;
    let cookie = site.session_of(Role::Rider).await;
    for (button, said) in [
        ("Donner mon accord", "Vous êtes d’accord."),
        ("Retirer mon accord", "Vous n’êtes pas d’accord."),
    ] {
        let page = site.get_as(&cookie, "/compte").await.text;
        let action = first_action_of(&page, button);
        for _ in 0..2 {
            site.post_as(&cookie, &action, &[]).await;
            let page = site.get_as(&cookie, "/compte").await.text;
            assert!(page.contains(said), "{button}: {page}");
        }
    }
}

/// The address of the first form of that button.
fn first_action_of(page: &str, button: &str) -> String {
    let before = page.split(&format!(">{button}<")).next().unwrap();
    let action = before.rsplit("<form class=\"form\" action=\"").next();
    action.unwrap().split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_favourite_is_removed_by_its_owner() {
    let site = site().await;
    let account_id = site.create("camille", Role::Rider).await;
    let purpose = ConsentPurpose::Favourites;
    site.accounts
        .answer_consent(&account_id, purpose, true, now())
        .await
        .unwrap();
    let cookie = site.log_in("camille").await;

    site.post_as(&cookie, "/favoris/RIV-001", &[]).await;
    assert_eq!(
        site.post_as(&cookie, "/favoris/RIV-001/fin", &[])
            .await
            .status,
        303
    );
    let kept = site.accounts.favourites(&account_id).await.unwrap();
    assert_eq!(kept, []);
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions_and_renews_this_one() {
    let site = site().await;
    let cookie = site.session_of(Role::Rider).await;
    let elsewhere = site.log_in("rider").await;

    let form = [("current", PASSWORD), ("new", "court")];
    let refused = site.post_as(&cookie, "/compte/mot-de-passe", &form).await;
    assert_eq!(refused.status, 422);
    assert!(
        refused.text.contains("12 caractères au moins"),
        "{}",
        refused.text
    );

    let form = [("current", PASSWORD), ("new", "trois vélos bleus")];
    let changed = site.post_as(&cookie, "/compte/mot-de-passe", &form).await;
    assert_eq!(changed.location(), "/compte?fait=mot-de-passe");
    for ended in [&cookie, &elsewhere] {
        assert_eq!(site.get_as(ended, "/compte").await.status, 303);
    }
    assert_eq!(site.get_as(&changed.session(), "/compte").await.status, 200);
}

#[tokio::test]
async fn a_second_factor_is_turned_on_asked_for_and_turned_off() {
    let site = site().await;
    let account_id = site.create("camille", Role::Rider).await;
    let cookie = site.log_in("camille").await;

    site.post_as(&cookie, "/compte/second-facteur", &[]).await;
    let key = site
        .accounts
        .pending_second_factor(&account_id)
        .await
        .unwrap()
        .unwrap();
    let page = site.get_as(&cookie, "/compte").await.text;
    assert!(page.contains(&key.reveal()), "{page}");

    let code = format!("{:06}", key.code_at(now()));
    let wrong = [("code", "code")];
    assert_eq!(
        site.post_as(&cookie, "/compte/second-facteur/code", &wrong)
            .await
            .status,
        422
    );
    let right = [("code", code.as_str())];
    let on = site
        .post_as(&cookie, "/compte/second-facteur/code", &right)
        .await;
    let cookie = on.session();
    let page = site.get_as(&cookie, "/compte").await.text;
    assert!(!page.contains(&key.reveal()), "the key is shown once");

    let form = [("email", "camille@exemple.fr"), ("password", PASSWORD)];
    let asked = site.post("/connexion", &form).await;
    assert!(
        asked.text.contains("écrivez celui de votre application"),
        "{}",
        asked.text
    );
    site.clock.advance(chrono::TimeDelta::minutes(1));
    let code = format!("{:06}", key.code_at(now() + chrono::TimeDelta::minutes(1)));
    let form = [form[0], form[1], ("code", code.as_str())];
    assert_eq!(site.post("/connexion", &form).await.status, 303);

    let form = [("password", PASSWORD)];
    let off = site
        .post_as(&cookie, "/compte/second-facteur/fin", &form)
        .await;
    assert_eq!(off.location(), "/compte?fait=second-facteur");
    // Told twice: it was turned on, then off.
    assert_eq!(site.messages_to("camille@exemple.fr").len(), 2);
}

#[tokio::test]
async fn a_person_ends_one_of_their_sessions() {
    let site = site().await;
    let account_id = site.create("camille", Role::Rider).await;
    let [cookie, elsewhere] = [site.log_in("camille").await, site.log_in("camille").await];

    let token = token_of(&elsewhere);
    let other = site
        .accounts
        .signed_in(&token, now())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        site.accounts
            .sessions(&account_id, now())
            .await
            .unwrap()
            .len(),
        2
    );
    let address = format!("/compte/sessions/{}/fin", other.session_id);

    assert_eq!(
        site.post_as(&cookie, &address, &[]).await.location(),
        "/compte?fait=session"
    );
    assert_eq!(site.get_as(&elsewhere, "/compte").await.status, 303);
    assert_eq!(site.get_as(&cookie, "/compte").await.status, 200);
}

#[tokio::test]
async fn a_request_is_recorded_with_its_deadline() {
    let site = site().await;
    let cookie = site.session_of(Role::Rider).await;

    let sent = site
        .post_as(&cookie, "/compte/demandes", &[("kind", "objection")])
        .await;
    assert_eq!(sent.location(), "/compte?fait=demande");
    let page = site.get_as(&cookie, "/compte").await.text;
    assert!(page.contains(">01/04/2026</time>"), "{page}");
    assert_eq!(
        site.post_as(&cookie, "/compte/demandes", &[("kind", "gift")])
            .await
            .status,
        404
    );
}

// Preuve: C17.6 les comptes en panne, une page de cycliste répond encore
#[tokio::test]
async fn accounts_that_do_not_answer_take_no_page_of_a_rider_away() {
    let site = site().await;
    let cookie = site.session_of(Role::Rider).await;
    site.accounts.close().await;

    let page = site.get_as(&cookie, "/stations/RIV-001").await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("href=\"/connexion\""));
}

// Preuve: C4.9 un compte effacé ne laisse aucun message à son adresse
#[tokio::test]
async fn an_erased_account_leaves_no_message() {
    let site = site().await;
    site.create("alix", Role::Rider).await;
    let cookie = site.session_of(Role::Rider).await;
    for name in ["rider", "alix"] {
        let email = format!("{name}@exemple.fr");
        site.post("/mot-de-passe", &[("email", email.as_str())])
            .await;
        site.wait_for_messages_to(&email).await;
    }

    let form = [("confirmation", "oui"), ("password", PASSWORD)];
    let erased = site.post_as(&cookie, "/compte/effacement", &form).await;
    assert_eq!(erased.location(), "/connexion?fait=efface");

    assert_eq!(site.messages_to("rider@exemple.fr"), [] as [String; 0]);
    assert_eq!(site.messages_to("alix@exemple.fr").len(), 1);
}

/// A key to an account changes hands: whoever had the account before must learn it where they read.
#[tokio::test]
async fn a_change_of_what_opens_an_account_is_told_to_its_address_of_before() {
    let site = site().await;
    let cookie = site.session_of(Role::Rider).await;
    let wrong = [
        ("email", "alix@exemple.fr"),
        ("password", "une autre phrase"),
    ];
    site.post_as(&cookie, "/compte/adresse", &wrong).await;
    let told = || site.messages_to("rider@exemple.fr");
    assert_eq!(told().len(), 0, "nothing has changed");

    let form = [("current", PASSWORD), ("new", "trois vélos bleus")];
    let changed = site.post_as(&cookie, "/compte/mot-de-passe", &form).await;
    assert_eq!(told().len(), 1);
    assert!(told()[0].contains("mot de passe"), "{:?}", told());

    let form = [
        ("email", "alix@exemple.fr"),
        ("password", "trois vélos bleus"),
    ];
    let address = "/en/compte/adresse";
    site.post_as(&changed.session(), address, &form).await;
    assert_eq!(told().len(), 2);
    let in_english = told()
        .iter()
        .any(|message| message.contains("address of your"));
    assert!(in_english, "{:?}", told());
    for message in told() {
        assert!(
            !message.contains("alix"),
            "the new address is not theirs: {message}"
        );
        assert!(!message.contains("trois vélos"), "{message}");
    }
}
