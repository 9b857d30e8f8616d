use sqlx::Connection;

use super::*;

// Preuve: C2.3 l'index fait disparaître un tri : plan avec et sans lui [code : data/queries/operator/subscribers.sql#subscriptions_subscriber]
#[tokio::test]
async fn the_index_of_subscriptions_spares_a_sort() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("operator.sqlite");
    let mut writer = SqliteConnectOptions::new()
        .filename(&path)
        .create_if_missing(true)
        .connect()
        .await
        .unwrap();
    sqlx::raw_sql(include_str!("../../../../tests/it/operator/sqlite.sql"))
        .execute(&mut writer)
        .await
        .unwrap();
    writer.close().await.unwrap();
    let plans = explain_operator(&path, folder.path()).await.unwrap();
    let subscribers = plans
        .iter()
        .find(|plan| plan.name == "subscribers")
        .unwrap();
    let sorts = |steps: &[String]| {
        steps
            .iter()
            .any(|step| step.contains("TEMP B-TREE FOR GROUP BY"))
    };
    let uses = |steps: &[String]| {
        steps
            .iter()
            .any(|step| step.contains("subscriptions_subscriber"))
    };
    assert!(
        sorts(&subscribers.without_indexes) && !uses(&subscribers.without_indexes),
        "{subscribers:?}"
    );
    assert!(
        !sorts(&subscribers.with_indexes) && uses(&subscribers.with_indexes),
        "{subscribers:?}"
    );
}
