use super::*;

#[test]
fn every_usual_writing_of_one_hour_is_that_hour() {
    for text in [
        "2026-03-01T08:00:00Z",
        "2026-03-01T08:00:00",
        "2026-03-01 08:00:00",
        "2026-03-01 08:00",
        "2026-03-01T08:00Z",
        "2026-03-01T08:00:00.000000+0000",
        "2026-03-01 08:00:00+00",
        "2026-03-01 09:00:00+01:00",
        "2026-03-01 08:00:00 UTC",
    ] {
        let hour = Hours::default().read(text).map(|hour| hour.to_string());
        assert_eq!(hour.as_deref(), Ok("2026-03-01T08:00:00Z"), "{text}");
    }
}

#[test]
fn what_is_no_hour_is_refused_with_its_text() {
    let mut hours = Hours::default();
    for text in [
        "",
        "hier",
        "2026-03-01",
        "2026-02-30T08:00:00Z",
        "01/03/2026 08:00",
    ] {
        assert!(
            hours.read(text).unwrap_err().contains("is not an instant"),
            "{text}"
        );
    }
    assert_eq!(
        hours.read("2026-03-01T08:30").unwrap_err(),
        "`2026-03-01T08:30` is not the start of an hour"
    );
}
