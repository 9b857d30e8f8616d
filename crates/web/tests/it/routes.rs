use std::collections::BTreeSet;

use filrouge_web::access_table;

use crate::listing::addresses_of;
use crate::support::{Site, station};

/// The addresses that the shell of every service adds.
const OF_THE_SHELL: [&str; 3] = ["/health/live", "/health/ready", "/metrics"];

/// The addresses without an edition in each language.
const FILES: [&str; 2] = ["/assets/{name}", "/robots.txt"];

/// Every address of the access table, in each language.
fn declared() -> BTreeSet<String> {
    let paths = access_table().into_iter().map(|rule| rule.path);
    let in_languages = paths.flat_map(|path| {
        let prefixes: &[&str] = if FILES.contains(&path) {
            &[""]
        } else {
            &["", "/fr", "/en"]
        };
        prefixes.iter().map(move |prefix| match (*prefix, path) {
            ("", path) => path.to_owned(),
            (prefix, "/") => prefix.to_owned(),
            (prefix, path) => format!("{prefix}{path}"),
        })
    });
    in_languages.collect()
}

// Preuve: C17.5 le routeur n’a aucune adresse hors de la table des droits
#[tokio::test]
async fn the_router_holds_what_the_access_table_declares_and_nothing_else() {
    let site = Site::with_stations(Vec::new()).await;
    let mut expected = declared();
    expected.extend(OF_THE_SHELL.map(str::to_owned));
    assert_eq!(addresses_of(&site.router), expected);
}

// Preuve: C17.2 la commande qui pose chaque page à côté de sa maquette n’en oublie aucune
#[test]
fn every_page_that_is_read_is_laid_beside_its_mock_up() {
    let path = format!("{}/../../tests/e2e/pages.js", env!("CARGO_MANIFEST_DIR"));
    let source = std::fs::read_to_string(path).unwrap();
    let shown: BTreeSet<_> = source
        .split("route: \"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();

    let is_page = |path: &&str| !FILES.contains(path) && !path.ends_with(".json");
    let read = access_table()
        .into_iter()
        .filter(|rule| rule.method == "GET");
    let read: BTreeSet<_> = read.map(|rule| rule.path).filter(is_page).collect();
    assert_eq!(shown, read);
}

// Preuve: C10.6 chaque page ouverte à tous répond dans chaque langue
#[tokio::test]
async fn every_open_page_answers_in_each_language() {
    let site = Site::with_stations(vec![station("RIV-001", "Gare", 1, 1)]).await;
    let pages = [
        "/",
        "/stations/RIV-001",
        "/trajet",
        "/comparer",
        "/plan",
        "/monitoring",
        "/accessibilite",
        "/signaler",
        "/connexion",
        "/inscription",
        "/mot-de-passe",
    ];

    for page in pages {
        for prefix in ["", "/fr", "/en"] {
            let address = format!("{prefix}{page}");
            let address = if address.len() == 4 {
                prefix.to_owned()
            } else {
                address
            };
            assert_eq!(site.get(&address).await.status, 200, "{address}");
        }
    }
    for address in OF_THE_SHELL.into_iter().chain(["/robots.txt"]) {
        assert_eq!(site.get(address).await.status, 200, "{address}");
    }
}

#[tokio::test]
async fn an_address_with_a_slash_at_its_end_leads_to_the_page() {
    let site = Site::with_stations(Vec::new()).await;
    for (address, status, location) in [
        ("/fr/", 308, "/fr"),
        ("/en/monitoring/", 308, "/en/monitoring"),
        ("/trajet/?depart=A", 308, "/trajet?depart=A"),
        // A browser would read such an address as another host.
        ("//evil.example/", 404, ""),
        ("/%5Cevil.example/", 308, "/%5Cevil.example"),
    ] {
        let answer = site.get(address).await;
        let led = answer
            .headers
            .get("location")
            .map_or("", |to| to.to_str().unwrap());
        assert_eq!(
            (answer.status.as_u16(), led),
            (status, location),
            "{address}"
        );
    }
    assert_eq!(site.post("/connexion/", &[]).await.status, 404);
}
