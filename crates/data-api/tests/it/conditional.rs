use crate::service::{TestService, import, now, sample, status};

#[tokio::test]
async fn an_unchanged_list_is_not_sent_again() {
    let service = TestService::start().await;
    let token = format!("Bearer {}", service.token("reader").await);
    for path in [
        "/v1/stations",
        "/v1/stations/RIV-001",
        "/v1/station-hours?limit=3",
        "/v1/conditions",
    ] {
        let first = service.get_with(path, &[("authorization", &token)]).await;
        let etag = first.header("etag").to_owned();
        assert!(etag.starts_with('"') && etag.ends_with('"'), "{etag}");
        assert_eq!(first.header("cache-control"), "private, no-cache");
        let again = service
            .get_with(path, &[("authorization", &token), ("if-none-match", &etag)])
            .await;
        assert_eq!(
            (
                again.status.as_u16(),
                again.body.len(),
                again.header("etag")
            ),
            (304, 0, etag.as_str()),
            "{path}"
        );
        let other = service
            .get_with(
                path,
                &[("authorization", &token), ("if-none-match", "\"other\"")],
            )
            .await;
        assert_eq!(other.status, 200);
    }
}

#[tokio::test]
async fn a_change_of_a_resource_changes_its_tag_and_no_other() {
    let service = TestService::start().await;
    let tags = || async {
        let mut tags = Vec::new();
        for path in ["/v1/stations", "/v1/station-hours", "/v1/conditions"] {
            tags.push(service.get(path).await.header("etag").to_owned());
        }
        tags
    };

    let before = tags().await;

    service
        .database
        .replace_station_status(&[status("RIV-001", 1)], now())
        .await
        .unwrap();
    let after_status = tags().await;

    assert_eq!(
        (before[0] == after_status[0], &before[1..]),
        (false, &after_status[1..])
    );

    let mut rows = sample();
    rows[0].departures += 1;
    import(&service.database, "b", rows).await;
    let after_import = tags().await;
    assert_ne!(after_import[1], before[1]);
    assert_eq!(after_import[2], before[2]);
}
