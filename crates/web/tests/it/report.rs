//! The report of a rider, with and without a program that reads it.

use std::sync::Arc;

use filrouge_accounts::{Report, SortedBy};
use filrouge_web::{ReadSorting, ReportReader};

use crate::support::{Mood, Site, fake_api, station};

/// Hides the digits of a telephone, and sorts everything alike.
struct Reader;

impl ReportReader for Reader {
    fn redact(&self, text: &str) -> String {
        text.replace("06 12 34 56 78", "[téléphone]")
    }

    fn sort(&self, text: &str) -> Option<ReadSorting> {
        assert!(!text.contains("panne"), "a program that fails");
        Some(ReadSorting {
            category: "frein".to_owned(),
            urgency: "immédiate".to_owned(),
            confidence: 0.75,
        })
    }
}

async fn with_reader() -> Site {
    let api = fake_api(vec![station("RIV-001", "Hôtel de Ville", 7, 13)]).await;
    Site::with(api, |config| config.report_reader = Some(Arc::new(Reader))).await
}

async fn kept(site: &Site) -> Vec<Report> {
    site.accounts.open_reports(10).await.unwrap()
}

// Preuve: C17.3 un signalement en texte libre, sans compte, avec un numéro de suivi
#[tokio::test]
async fn a_report_is_kept_and_its_number_given() {
    let site = Site::with_stations(vec![station("RIV-001", "Hôtel de Ville", 7, 13)]).await;
    let form = [
        ("body", "Frein mort\r\nsur le 4521"),
        ("station", "hotel de ville"),
        ("bike", "4521"),
        ("example", "oui"),
    ];
    let page = site.post("/signaler", &form).await;
    assert_eq!(page.status, 200);

    let reports = kept(&site).await;
    let report = &reports[0].report;
    assert!(
        page.text.contains(reports[0].report_id.as_str()),
        "{}",
        page.text
    );
    assert_eq!(report.body, "Frein mort\nsur le 4521");
    assert_eq!(report.station_id, Some("RIV-001".parse().unwrap()));
    assert!(report.is_example && reports[0].sorting.is_none());
}

#[tokio::test]
async fn a_fault_is_told_beside_its_field_and_the_text_is_kept() {
    let site = Site::with_stations(vec![station("RIV-001", "Gare", 7, 13)]).await;
    let long = "é".repeat(1001);
    for (field, value, told) in [
        ("body", " ", "Écrivez ce qui s’est passé"),
        ("body", long.as_str(), "dépasse 1 000 caractères"),
        ("station", "Nulle part", "Aucune station ne porte ce nom"),
        ("bike", "45a1", "Le numéro a quatre chiffres"),
    ] {
        let mut form = vec![("body", "Frein <mort>"), ("station", ""), ("bike", "")];
        form.iter_mut()
            .filter(|(name, _)| *name == field)
            .for_each(|one| one.1 = value);
        let page = site.post("/signaler", &form).await;
        assert_eq!(page.status, 422, "{field}");
        assert!(page.text.contains(told), "{told}: {}", page.text);
        assert!(
            field == "body" || page.text.contains("Frein &#60;mort&#62;"),
            "{}",
            page.text
        );
        assert!(
            page.text.contains(&format!("aria-describedby=\"{field}")),
            "{}",
            page.text
        );
    }
    assert_eq!(kept(&site).await, []);
}

// Preuve: C8.2 le service qui trie est branché par un trait ; en panne, le signalement est gardé
#[tokio::test]
async fn a_program_hides_what_names_people_and_sorts_before_anything_is_kept() {
    let site = with_reader().await;
    site.post("/signaler", &[("body", "Appelez-moi au 06 12 34 56 78")])
        .await;
    let report = &kept(&site).await[0];
    assert_eq!(report.report.body, "Appelez-moi au [téléphone]");
    let sorting = report.sorting.as_ref().unwrap();
    assert_eq!(
        (sorting.sorted_by, sorting.confidence),
        (SortedBy::Model, Some(0.75))
    );
}

#[tokio::test]
async fn a_program_that_fails_makes_no_difference_to_the_rider() {
    let site = with_reader().await;
    let page = site
        .post("/signaler", &[("body", "La borne est en panne")])
        .await;
    assert_eq!(page.status, 200);
    let report = &kept(&site).await[0];
    assert_eq!(report.report.body, "La borne est en panne");
    assert_eq!(report.sorting, None);
}

#[tokio::test]
async fn a_silent_data_api_refuses_no_report() {
    let site = Site::with_stations(Vec::new()).await;
    site.data_api.set_mood(Mood::Fails);
    let form = [("body", "Borne éteinte"), ("station", "Gare")];
    assert_eq!(site.post("/signaler", &form).await.status, 200);
    assert_eq!(kept(&site).await[0].report.station_id, None);
}

#[tokio::test]
async fn reports_are_bounded_in_number_too() {
    let site = Site::with_stations(Vec::new()).await;
    for _ in 0..10 {
        assert_eq!(
            site.post("/signaler", &[("body", "Borne")]).await.status,
            200
        );
    }
    assert_eq!(
        site.post("/signaler", &[("body", "Borne")]).await.status,
        429
    );
}
