use super::*;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn days_outside_of_what_the_sources_cover_are_unknown() {
    let calendar = Calendar {
        public: Some([date("2025-01-01"), date("2026-05-01")].into()),
        school: Some(vec![
            (date("2025-12-20"), date("2026-01-04")),
            (date("2026-02-07"), date("2026-02-22")),
        ]),
    };

    for (day, public, school) in [
        ("2024-12-31", None, None),
        ("2025-01-01", Some(true), None),
        ("2025-12-31", Some(false), Some(true)),
        ("2026-01-04", Some(false), Some(true)),
        ("2026-01-05", Some(false), Some(false)),
        ("2026-05-01", Some(true), None),
        ("2027-01-01", None, None),
    ] {
        assert_eq!(calendar.is_public_holiday(date(day)), public, "{day}");
        assert_eq!(calendar.is_school_holiday(date(day)), school, "{day}");
    }
}

#[test]
fn the_days_of_the_web_service_are_read_when_no_page_lists_them() {
    let run = tempfile::tempdir().unwrap();

    for (folder, day, expected) in [
        ("web_service", "2026-05-01", ["2026-05-01"]),
        // A page, once there is one, is what the profile's author chose.
        ("web_page", "2026-07-14", ["2026-07-14"]),
    ] {
        std::fs::create_dir(run.path().join(folder)).unwrap();
        let record = format!("{{\"date\": \"{day}\", \"name\": \"Fête\"}}\n");

        std::fs::write(
            run.path().join(folder).join("public_holidays.jsonl"),
            record,
        )
        .unwrap();
        let calendar = Calendar::read(run.path(), &mut Ledger::default(), &mut Vec::new()).unwrap();

        assert!(calendar.public.unwrap().into_iter().eq(expected.map(date)));
    }
}

#[test]
fn an_absent_source_leaves_the_days_unknown() {
    let folder = tempfile::tempdir().unwrap();
    let mut absent = Vec::new();
    let calendar = Calendar::read(folder.path(), &mut Ledger::default(), &mut absent).unwrap();
    assert_eq!(absent, ["public_holidays", "school_holidays"]);
    assert_eq!(calendar.is_public_holiday(date("2026-01-01")), None);
    assert_eq!(calendar.is_school_holiday(date("2026-01-01")), None);
}
