use std::path::Path;

use filrouge_collect::{Profile, SourceKind};
use sqlx::{Connection, PgConnection};

use crate::postgres::Server;
use crate::world::World;

// Preuve: C2.1 les mêmes requêtes ramènent les mêmes lignes de SQLite et de PostgreSQL
#[tokio::test]
async fn the_same_queries_bring_the_same_rows_from_sqlite_and_from_postgresql() {
    let Some(server) = Server::shared() else { return };
    let mut world = World::new().await;
    world.collect_only(&[SourceKind::Sql]).await;
    let names = ["stations", "maintenance", "subscribers"].map(|name| format!("sql/{name}.jsonl"));
    let from_sqlite = names.each_ref().map(|name| world.read(name));

    let address = server.create_database().await;
    let mut connection = PgConnection::connect(&address).await.unwrap();
    for script in [include_str!("operator/postgres.sql"), include_str!("operator/rows.sql")] {
        sqlx::raw_sql(script).execute(&mut connection).await.unwrap();
    }
    let text = format!("name = \"Essai\"\ntime_zone = \"Europe/Paris\"\n[sql]\naddress = \"{address}\"\n");
    world.profile = Profile::parse(&text, Path::new("profile.toml"), &world.places()).unwrap();
    let report = world.collect().await;
    assert!(report.succeeded(), "{report}");
    assert_eq!(names.each_ref().map(|name| world.read(name)), from_sqlite);
    assert_eq!(world.entry(SourceKind::Sql).files_from, None);

    let new = "INSERT INTO maintenance VALUES (2, 'RIV-001', 'power', '', '2026-02-01T08:00:00Z', NULL)";
    sqlx::raw_sql(new).execute(&mut connection).await.unwrap();
    assert!(world.collect().await.succeeded());
    let known = &from_sqlite[1];
    assert!(
        world.read("sql/maintenance.jsonl").starts_with(known)
            && world.read("sql/maintenance.jsonl").lines().count() == 2
    );
}
