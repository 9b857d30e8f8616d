use super::*;

#[test]
fn a_wait_is_given_in_seconds_or_as_a_date() {
    let now = "2026-11-30T08:00:00Z".parse().unwrap();

    for (text, seconds) in [
        ("3", Some(3)),
        ("120", Some(120)),
        (" 120 ", Some(120)),
        ("Mon, 30 Nov 2026 08:00:10 GMT", Some(10)),
        ("Mon, 30 Nov 2026 09:00:00 GMT", Some(3600)),
        ("Mon, 30 Nov 2026 07:00:00 GMT", Some(0)),
        // The two older forms of a date, which a client reads too (RFC 9110, section 5.6.7).
        ("Monday, 30-Nov-26 08:00:10 GMT", Some(10)),
        ("Mon Nov 30 08:00:10 2026", Some(10)),
        ("Wed Dec  2 08:00:00 2026", Some(2 * 86_400)),
        // That of mail.
        ("Mon, 30 Nov 2026 09:00:10 +0100", Some(10)),
        ("soon", None),
        ("-4", None),
    ] {
        let headers = HeaderMap::from_iter([(RETRY_AFTER, text.parse().unwrap())]);
        let wait = asked_wait(&headers, now);
        assert_eq!(wait, seconds.map(Duration::from_secs), "{text}");
    }
    assert_eq!(asked_wait(&HeaderMap::new(), now), None);
}
