//! The report of a rider, with and without a program that reads it.

use std::sync::Arc;

use std::time::Duration;

use filrouge_accounts::{Report, Role, SortedBy};
use filrouge_web::{ReadSorting, ReaderState, ReportReader};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::sync::Semaphore;

use crate::support::{Mood, Site, fake_api, station};

/// Hides the digits of a telephone, and sorts everything alike, once it is let to.
struct Reader {
    may_answer: Arc<Semaphore>,
    state: ReaderState,
}

impl ReportReader for Reader {
    fn redact(&self, text: &str) -> String {
        text.replace("06 12 34 56 78", "[téléphone]")
    }

    fn sort<'a>(&'a self, text: &'a str) -> BoxFuture<'a, Option<ReadSorting>> {
        async move {
            self.may_answer.acquire().await.unwrap().forget();
            assert!(!text.contains("panne"), "a program that fails");
            Some(ReadSorting {
                category: "frein".to_owned(),
                urgency: "immédiate".to_owned(),
                confidence: Some(0.75),
            })
        }
        .boxed()
    }

    fn state(&self) -> ReaderState {
        self.state.clone()
    }
}

/// The application with a reader, and the leave to answer that tests give it.
async fn with_reader(state: ReaderState) -> (Site, Arc<Semaphore>) {
    let api = fake_api(vec![station("RIV-001", "Hôtel de Ville", 7, 13)]).await;
    let may_answer = Arc::new(Semaphore::new(0));
    let reader = Arc::new(Reader {
        may_answer: Arc::clone(&may_answer),
        state,
    });

    let open =
        move |_: &mut filrouge_http::Catalogue| Ok(Arc::clone(&reader) as Arc<dyn ReportReader>);
    let site = Site::with(api, |config| config.report_reader = Some(Arc::new(open))).await;
    (site, may_answer)
}

/// The report, once it is sorted.
async fn sorted(site: &Site) -> Report {
    loop {
        let report = kept(site).await.remove(0);
        if report.sorting.is_some() {
            return report;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn kept(site: &Site) -> Vec<Report> {
    site.accounts.open_reports(10).await.unwrap()
}

#[tokio::test]
async fn a_report_without_a_station_belongs_to_none() {
    let site = Site::with_stations(vec![station("RIV-001", "🚲", 7, 13)]).await;
    let send = async |typed| {
        let form = [("body", "Frein mort"), ("station", typed)];
        site.post("/signaler", &form).await.status.as_u16()
    };

    let kept_with = async |id: Option<&str>| {
        let reports = kept(&site).await;
        let stations = reports.iter().map(|one| one.report.station_id.as_ref());
        stations
            .filter(|kept| kept.map(|id| id.as_str()) == id)
            .count()
    };

    assert_eq!(send("").await, 200);
    assert_eq!(
        (kept_with(None).await, kept_with(Some("RIV-001")).await),
        (1, 0)
    );
    assert_eq!((send("🚲").await, send("riv 001").await), (200, 200));
    assert_eq!(
        (kept_with(None).await, kept_with(Some("RIV-001")).await),
        (1, 2)
    );
    assert_eq!(send("???").await, 422);
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

// Preuve: C4.8 l’accord donné dans le compte coche la case du signalement, son retrait la vide
#[tokio::test]
async fn the_consent_of_the_account_ticks_the_box_of_a_report() {
    let site = Site::with_stations(vec![station("RIV-001", "Gare", 7, 13)]).await;
    let cookie = site.session_of(Role::Rider).await;
    let consent = "/compte/consentements/report-examples";
    let is_ticked = async || {
        let page = site.get_as(&cookie, "/signaler?station=RIV-001").await.text;
        page.contains("type=\"checkbox\" value=\"oui\" checked")
    };

    assert!(!is_ticked().await, "silence is a refusal");
    site.post_as(&cookie, consent, &[]).await;
    assert!(is_ticked().await);
    site.post_as(&cookie, &format!("{consent}/fin"), &[]).await;
    assert!(!is_ticked().await);
    assert!(!site.get("/signaler").await.text.contains(" checked"));
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
async fn a_report_is_kept_without_what_names_people_then_sorted() {
    let (site, may_answer) = with_reader(ReaderState::Embedded).await;
    let form = [("body", "Appelez-moi au 06 12 34 56 78")];
    assert_eq!(site.post("/signaler", &form).await.status, 200);

    let waiting = &kept(&site).await[0];
    assert_eq!(waiting.report.body, "Appelez-moi au [téléphone]");
    assert_eq!(waiting.sorting, None, "no rider waits for the program");

    may_answer.add_permits(1);
    let sorting = sorted(&site).await.sorting.unwrap();
    assert_eq!(
        (sorting.sorted_by, sorting.confidence),
        (SortedBy::Model, Some(0.75))
    );
}

#[tokio::test]
async fn a_program_that_fails_makes_no_difference_to_the_rider() {
    let (site, may_answer) = with_reader(ReaderState::Embedded).await;
    may_answer.add_permits(1);
    let page = site
        .post("/signaler", &[("body", "La borne est en panne")])
        .await;
    assert_eq!(page.status, 200);

    let report = &kept(&site).await[0];
    assert_eq!(report.report.body, "La borne est en panne");
    assert_eq!(report.sorting, None);
}

// Preuve: C8.3 l’application dit à l’exploitation quel service trie, s’il se repose, et ce qui reste du budget
#[tokio::test]
async fn operators_are_told_which_service_sorts_and_how_it_is() {
    let service = |failure: Option<&str>, is_resting, budget_left| ReaderState::Service {
        service: "mistral".to_owned(),
        failure: failure.map(str::to_owned),
        is_resting,
        budget_left: Some(budget_left),
    };
    for (state, told, check) in [
        (
            ReaderState::Nothing,
            "une personne les lit tous",
            "degraded",
        ),
        (ReaderState::Embedded, "classifieur embarqué", "ok"),
        (service(None, false, 0.88), "Il reste 88", "ok"),
        (
            service(Some("key_refused"), true, 1.0),
            "a échoué (key_refused)",
            "degraded",
        ),
        (
            service(Some("cut"), false, 1.0),
            "n’a pas trié le dernier signalement",
            "degraded",
        ),
        (
            service(Some("budget_spent"), false, 0.0),
            "est dépensé",
            "degraded",
        ),
    ] {
        let (site, _) = with_reader(state).await;
        let session = site.session_of(Role::Operator).await;
        let page = site.get_as(&session, "/exploitation/signalements").await;
        assert!(page.text.contains(told), "{told}: {}", page.text);

        let ready: serde_json::Value =
            serde_json::from_str(&site.get("/health/ready").await.text).unwrap();
        assert_eq!(ready["checks"][1]["name"], "triage");
        assert_eq!(ready["checks"][1]["status"], check, "{told}");
    }
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
