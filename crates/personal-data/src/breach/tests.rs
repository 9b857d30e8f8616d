use filrouge_database::gdpr::ActionCount;

use super::*;

#[test]
fn the_document_has_the_four_parts_of_article_33_and_its_deadline() {
    let since: DateTime<Utc> = "2026-03-01T00:00:00Z".parse().unwrap();
    let facts = BreachFacts {
        since,
        log_begins_at: Some(since + TimeDelta::days(1)),
        log_is_whole: true,
        people_held: 12,
        rows_held: 15,
        people_touched: 3,
        actions: vec![ActionCount {
            actor: "api:demo".to_owned(),
            action: "export".to_owned(),
            times: 3,
            people: 3,
        }],
    };

    let notice = BreachNotice {
        facts,
        noticed_at: since + TimeDelta::days(2),
    };
    let text = notice.document();

    for part in [
        "## a)",
        "## b)",
        "## c)",
        "## d)",
        "2026-03-06",
        "ne remonte qu’au 2026-03-02",
        "| api:demo |",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}
