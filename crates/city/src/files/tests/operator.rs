use sqlx::{Connection, SqliteConnection};

use super::*;

async fn open(folder: &Path) -> SqliteConnection {
    let path = folder.join("operator.sqlite");
    super::super::operator::write(&City::new(1), &path, at(NOW))
        .await
        .unwrap();
    SqliteConnection::connect(path.to_str().unwrap())
        .await
        .unwrap()
}

#[tokio::test]
async fn the_tables_hold_plausible_counts() {
    let folder = TempDir::new().unwrap();
    let mut base = open(folder.path()).await;
    let stations: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM stations")
        .fetch_one(&mut base)
        .await
        .unwrap();
    let subscribers: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM subscribers")
        .fetch_one(&mut base)
        .await
        .unwrap();

    let subscriptions: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM subscriptions")
        .fetch_one(&mut base)
        .await
        .unwrap();
    let maintenance: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM maintenance")
        .fetch_one(&mut base)
        .await
        .unwrap();

    assert_eq!(stations, 40);
    assert!((3_000..4_500).contains(&subscribers), "{subscribers}");
    assert!(subscriptions > subscribers);
    assert!((1_500..3_000).contains(&maintenance), "{maintenance}");
}

#[tokio::test]
async fn people_are_at_least_sixteen_and_cannot_be_written_to() {
    let folder = TempDir::new().unwrap();
    let mut base = open(folder.path()).await;
    let people: Vec<(String, String, String)> =
        sqlx::query_as("SELECT email, birth_date, signed_up_on FROM subscribers")
            .fetch_all(&mut base)
            .await
            .unwrap();

    for (email, birth_date, signed_up_on) in people {
        let [birth_date, signed_up_on]: [chrono::NaiveDate; 2] =
            [birth_date, signed_up_on].map(|date| date.parse().unwrap());
        let age = signed_up_on.years_since(birth_date).unwrap();
        assert!((16..85).contains(&age), "{age}");
        assert!(
            email.is_ascii() && email.ends_with("@courriel.example") && !email.contains(".."),
            "{email}"
        );
    }
}

#[tokio::test]
async fn nothing_happens_after_now_and_every_line_is_tied_to_what_it_names() {
    let folder = TempDir::new().unwrap();
    let mut base = open(folder.path()).await;

    let later: i64 = sqlx::query_scalar(
        "SELECT (SELECT COUNT(*) FROM subscribers WHERE signed_up_on > '2026-11-03')
              + (SELECT COUNT(*) FROM subscriptions WHERE starts_on > '2026-11-03')
              + (SELECT COUNT(*) FROM maintenance WHERE MAX(reported_at, COALESCE(closed_at, '')) > '2026-11-03T09:30')",
    )
    .fetch_one(&mut base)
    .await
    .unwrap();

    assert_eq!(later, 0);

    let broken = sqlx::query("PRAGMA foreign_key_check")
        .fetch_all(&mut base)
        .await
        .unwrap();
    assert_eq!(broken.len(), 0);
}

#[tokio::test]
async fn a_file_left_by_a_killed_run_is_replaced() {
    let folder = TempDir::new().unwrap();

    fs::write(
        folder.path().join(".operator.sqlite.part"),
        "half of a database",
    )
    .unwrap();
    fs::write(folder.path().join("operator.sqlite"), "").unwrap();
    let mut base = open(folder.path()).await;

    let (check,): (String,) = sqlx::query_as("PRAGMA integrity_check")
        .fetch_one(&mut base)
        .await
        .unwrap();

    assert_eq!(check, "ok");
    assert!(!folder.path().join(".operator.sqlite.part").exists());
}
