use filrouge_accounts::{AccountsError, NewReport, ReportSorting, SortedBy};

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
