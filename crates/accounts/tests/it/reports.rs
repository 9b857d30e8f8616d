use filrouge_accounts::{AccountsError, NewReport, ReportExample, ReportSorting, SortedBy};

use crate::support::{now, on_each_engine};

fn report(body: &str) -> NewReport {
    NewReport {
        body: body.to_owned(),
        station_id: Some("RIV-001".parse().unwrap()),
        bike: Some("4521".to_owned()),
        is_example: false,
    }
}

fn sorting(urgency: &str, sorted_by: SortedBy) -> ReportSorting {
    ReportSorting {
        category: "frein".to_owned(),
        urgency: urgency.to_owned(),
        confidence: (sorted_by == SortedBy::Model).then_some(0.75),
        sorted_by,
    }
}

// Preuve: C17.4 une personne corrige le tri, et un programme ne défait pas sa correction
#[tokio::test]
async fn a_person_has_the_last_word_on_a_sorting() {
    on_each_engine(async |accounts| {
        let by_model = sorting("courant", SortedBy::Model);
        let body = "Le frein de <b>4521</b> ne tient plus; DROP TABLE reports;";
        let kept = accounts
            .record_report(&report(body), Some(&by_model), now())
            .await
            .unwrap();
        let read = accounts.report(&kept).await.unwrap();
        assert_eq!(read.report, report(body));
        assert_eq!(read.sorting, Some(by_model.clone()));

        let by_person = sorting("urgent", SortedBy::Person);
        accounts
            .sort_report(&kept, &by_person, now())
            .await
            .unwrap();
        let again = accounts.sort_report(&kept, &by_model, now()).await;
        assert!(matches!(again, Err(AccountsError::NotFound)));
        assert_eq!(
            accounts.report(&kept).await.unwrap().sorting,
            Some(by_person)
        );

        accounts.close_report(&kept, now()).await.unwrap();
        assert_eq!(accounts.open_reports(10).await.unwrap(), []);
    })
    .await;
}

// Preuve: C8.2 seuls les textes dont l’auteur est d’accord, classés par une personne, servent d’exemples
#[tokio::test]
async fn an_example_has_the_consent_of_its_author_and_the_word_of_a_person() {
    on_each_engine(async |accounts| {
        for (body, is_example, sorted_by) in [
            ("consenti et corrigé", true, Some(SortedBy::Person)),
            (
                "consenti et trié par un programme",
                true,
                Some(SortedBy::Model),
            ),
            ("consenti et pas trié", true, None),
            ("corrigé sans accord", false, Some(SortedBy::Person)),
        ] {
            let report = NewReport {
                is_example,
                ..report(body)
            };
            let sorting = sorted_by.map(|sorted_by| sorting("urgent", sorted_by));
            accounts
                .record_report(&report, sorting.as_ref(), now())
                .await
                .unwrap();
        }

        let expected = ReportExample {
            body: "consenti et corrigé".to_owned(),
            category: "frein".to_owned(),
            received_at: now(),
        };
        assert_eq!(accounts.examples().await.unwrap(), [expected]);
    })
    .await;
}

#[tokio::test]
async fn the_engine_itself_refuses_a_text_out_of_bounds() {
    on_each_engine(async |accounts| {
        for body in [String::new(), "x".repeat(1001)] {
            let refused = accounts.record_report(&report(&body), None, now()).await;
            assert!(matches!(refused, Err(AccountsError::Statement(_))));
        }
        let longest = "é".repeat(1000);
        accounts
            .record_report(&report(&longest), None, now())
            .await
            .unwrap();
    })
    .await;
}
