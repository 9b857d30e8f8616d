use filrouge_types::StationHour;

use crate::service::{Answer, TestService, sample};

async fn export(service: &TestService, query: &str, accept: Option<&str>) -> Answer {
    let token = format!("Bearer {}", service.token("exporter").await);
    let mut headers = vec![("authorization", token.as_str())];
    headers.extend(accept.map(|accept| ("accept", accept)));
    service
        .get_with(&format!("/v1/station-hours/export{query}"), &headers)
        .await
}

fn read_back(answer: &Answer, extension: &str) -> Vec<StationHour> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(format!("export.{extension}"));
    std::fs::write(&path, &answer.body).unwrap();
    let mut rows: Vec<_> = filrouge_dataset::read_dataset(&path)
        .unwrap()
        .table
        .iter()
        .collect();
    rows.sort_by_key(|row| (row.conditions.hour, row.conditions.station_id.clone()));
    rows
}

// Preuve: C5.5 l’export rend toutes les heures de la période, en CSV et en Parquet
#[tokio::test]
async fn both_formats_give_back_every_row() {
    let service = TestService::start().await;

    for (accept, media_type, extension) in [
        (None, "text/csv", "csv"),
        (Some("text/csv"), "text/csv", "csv"),
        (
            Some("application/vnd.apache.parquet"),
            "application/vnd.apache.parquet",
            "parquet",
        ),
    ] {
        let answer = export(&service, "", accept).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("content-type")),
            (200, media_type)
        );
        assert!(answer.header("content-disposition").contains(extension));
        assert_eq!(read_back(&answer, extension), sample());
    }
}

// Preuve: C5.5 le jeu d’apprentissage est rendu en entier, sous le nom de sa version
#[tokio::test]
async fn the_training_data_set_is_exported_whole_under_the_name_of_its_version() {
    let service = TestService::start().await;
    let versions = service
        .get_as("exporter", "/v1/datasets/station-hours")
        .await
        .items();
    assert_eq!((versions.len(), &versions[0]["rows"]), (1, &72.into()));
    let version = versions[0]["version"].as_str().unwrap();
    let answer = service
        .get_as("exporter", &format!("/v1/datasets/station-hours/{version}"))
        .await;
    assert_eq!(read_back(&answer, "csv"), sample());
    let replaced = service
        .get_as("exporter", "/v1/datasets/station-hours/another")
        .await;
    assert_eq!(replaced.status, 404);
}

// Preuve: C5.5 l’export se lit aussi en Arrow IPC, en flux ou en fichier, par `Accept`
#[tokio::test]
async fn arrow_comes_as_a_stream_or_as_a_file() {
    let service = TestService::start().await;

    for (media_type, extension, begins, ends) in [
        (
            "application/vnd.apache.arrow.stream",
            "arrows",
            &[0xff; 4][..],
            &[0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0][..],
        ),
        (
            "application/vnd.apache.arrow.file",
            "arrow",
            b"ARROW1",
            b"ARROW1",
        ),
    ] {
        let answer = export(&service, "", Some(media_type)).await;

        assert_eq!(
            (answer.status.as_u16(), answer.header("content-type")),
            (200, media_type)
        );
        assert!(
            answer
                .header("content-disposition")
                .ends_with(&format!(".{extension}\""))
        );

        assert!(
            answer.body.starts_with(begins) && answer.body.ends_with(ends),
            "{media_type}"
        );

        for station in crate::service::STATIONS {
            assert!(
                answer
                    .body
                    .windows(station.len())
                    .any(|bytes| bytes == station.as_bytes()),
                "{station}"
            );
        }
    }
}

#[tokio::test]
async fn an_export_asked_for_again_is_the_same_until_the_rows_change() {
    let service = TestService::start().await;

    for accept in [
        "text/csv",
        "application/vnd.apache.parquet",
        "application/json",
    ] {
        let (first, again) = (
            export(&service, "", Some(accept)).await,
            export(&service, "", Some(accept)).await,
        );
        assert!(
            first.body == again.body && first.header("etag") == again.header("etag"),
            "{accept}"
        );
    }

    let mut rows = sample();
    rows[0].departures += 1;
    crate::service::import(&service.database, "b", rows.clone()).await;

    assert_eq!(read_back(&export(&service, "", None).await, "csv"), rows);
}

#[tokio::test]
async fn json_is_one_array_of_the_same_rows() {
    let service = TestService::start().await;
    let answer = export(
        &service,
        "?to=2026-03-01T02:00:00Z",
        Some("application/json"),
    )
    .await;

    let rows = answer.json();

    assert_eq!(
        (rows.as_array().unwrap().len(), &rows[0]["departures"]),
        (6, &0.into())
    );

    let empty = export(
        &service,
        "?to=2020-01-01T00:00:00Z",
        Some("application/json"),
    )
    .await;

    assert_eq!(empty.body, "[]");
}

#[tokio::test]
async fn csv_is_the_public_contract_to_the_letter() {
    let service = TestService::start().await;
    let answer = export(
        &service,
        "?from=2026-03-01T05:00:00Z&to=2026-03-01T06:00:00Z",
        None,
    )
    .await;

    let text = String::from_utf8(answer.body.to_vec()).unwrap();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[0], filrouge_types::CONTRACT_COLUMNS.join(","));
    assert_eq!(
        lines[1],
        "RIV-001,2026-03-01T05:00:00Z,5,5.1,,,,,61,false,,0"
    );

    assert_eq!(lines.len(), 4);
}

#[tokio::test]
async fn an_empty_period_is_a_file_without_rows() {
    let service = TestService::start().await;
    let query = "?from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z";
    let csv = export(&service, query, None).await;
    assert_eq!(
        csv.body,
        format!("{}\n", filrouge_types::CONTRACT_COLUMNS.join(","))
    );
    let parquet = export(&service, query, Some("application/vnd.apache.parquet")).await;
    assert_eq!(&parquet.body[..4], b"PAR1");
}

#[tokio::test]
async fn what_is_not_offered_or_not_understood_is_refused() {
    let service = TestService::start().await;
    let refused = export(&service, "", Some("application/xml")).await;

    assert_eq!(
        (refused.status.as_u16(), &refused.json()["type"]),
        (406, &"/problems/not-acceptable".into())
    );

    for (query, field) in [
        ("?station_id=RIV-001", "station_id"),
        ("?from=x", "from"),
        ("?limit=1", "limit"),
    ] {
        let refused = export(&service, query, None).await;
        assert_eq!(
            (refused.status.as_u16(), &refused.json()["field"]),
            (400, &field.into()),
            "{query}"
        );
    }
}
