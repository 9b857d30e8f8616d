use crate::listing::addresses_of;
use crate::support::{Site, station};

/// The addresses that have a page in each language.
const PAGES: [&str; 7] = [
    "/",
    "/stations/RIV-001",
    "/trajet",
    "/comparer",
    "/monitoring",
    "/accessibilite",
    "/plan",
];

/// The addresses that no person reads.
const FILES: [&str; 4] = ["/health/live", "/health/ready", "/metrics", "/robots.txt"];

/// The style sheet and the icon have a name of their own, which the pages give.
const ASSETS: &str = "/assets/{name}";

// Preuve: C10.6 chaque page répond dans chaque langue, et une adresse ajoutée sans son test fait échouer celui-ci
#[tokio::test]
async fn every_address_answers_and_none_is_forgotten() {
    let site = Site::with_stations(vec![station("RIV-001", "Gare", 1, 1)]).await;
    let prefixed = ["", "/fr", "/en"].iter().flat_map(|prefix| {
        let in_language = move |page: &str| match (*prefix, page) {
            ("", page) => page.to_owned(),
            (prefix, "/") => prefix.to_owned(),
            (prefix, page) => format!("{prefix}{page}"),
        };
        PAGES.map(in_language)
    });
    let tried: Vec<String> = prefixed.chain(FILES.map(str::to_owned)).collect();

    for address in &tried {
        assert_eq!(site.get(address).await.status, 200, "{address}");
    }

    let held = addresses_of(&site.router);
    assert!(held.len() >= tried.len(), "{held:?}");
    for address in held.iter().filter(|address| *address != ASSETS) {
        let address = address.replace("{station_id}", "RIV-001");
        assert!(tried.contains(&address), "{address}");
    }
}
