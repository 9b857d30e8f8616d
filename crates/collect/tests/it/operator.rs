use std::path::Path;

use filrouge_collect::{Profile, SourceKind};
use filrouge_prerequisites as prerequisites;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::postgres::Server;
use crate::world::World;

// Preuve: C2.1 les mêmes requêtes ramènent les mêmes lignes de SQLite et de PostgreSQL
#[tokio::test]
async fn the_same_queries_bring_the_same_rows_from_sqlite_and_from_postgresql() {
    let Some(server) = Server::shared() else {
        return;
    };
    let mut world = World::new().await;
    world.collect_only(&[SourceKind::Sql]).await;
    let names = ["stations", "maintenance", "subscribers"].map(|name| format!("sql/{name}.jsonl"));
    let from_sqlite = names.each_ref().map(|name| world.read(name));

    let address = server.create_database();
    let mut connection = PgConnection::connect(&address).await.unwrap();

    for script in [
        include_str!("operator/postgres.sql"),
        include_str!("operator/rows.sql"),
    ] {
        sqlx::raw_sql(script)
            .execute(&mut connection)
            .await
            .unwrap();
    }

    let text =
        format!("name = \"Essai\"\ntime_zone = \"Europe/Paris\"\n[sql]\naddress = \"{address}\"\n");
    world.profile = Profile::parse(&text, Path::new("profile.toml"), &world.places()).unwrap();
    let report = world.collect().await;
    assert!(report.succeeded(), "{report}");
    assert_eq!(names.each_ref().map(|name| world.read(name)), from_sqlite);
    assert_eq!(world.entry(SourceKind::Sql).files_from, None);

    let new =
        "INSERT INTO maintenance VALUES (2, 'RIV-001', 'power', '', '2026-02-01T08:00:00Z', NULL)";
    sqlx::raw_sql(new).execute(&mut connection).await.unwrap();

    assert!(world.collect().await.succeeded());

    let known = &from_sqlite[1];

    assert!(
        world.read("sql/maintenance.jsonl").starts_with(known)
            && world.read("sql/maintenance.jsonl").lines().count() == 2
    );
}

/// The version whose plans `docs/requetes.md` shows: another one may plan otherwise.
const SHOWN_VERSION: &str = "15";

const QUERIES: [(&str, &str); 3] = [
    (
        "stations",
        include_str!("../../../../data/queries/operator/stations.sql"),
    ),
    (
        "maintenance",
        include_str!("../../../../data/queries/operator/maintenance.sql"),
    ),
    (
        "subscribers",
        include_str!("../../../../data/queries/operator/subscribers.sql"),
    ),
];

/// The thing to see in the plans, query by query.
const SEEN: [&str; 3] = [
    "`Seq Scan` puis `Sort` : la table tient en une page, la lire et la trier coûte moins que suivre son index.",
    "`Index Scan using maintenance_pkey` : l’ordre vient de la clé primaire, sans tri ; `Filter` juge chaque ligne, \
     car un filtre sur le début d’un texte ne suit aucun index.",
    "`Hash Join` : presque tous les abonnements servent, les deux tables sont lues une fois ; l’index n’aide pas.",
];

// Preuve: C2.3 les plans de PostgreSQL, sans et avec l'index de l'exploitant, sont ceux que la page montre
#[tokio::test]
async fn the_plans_of_postgresql_are_those_of_the_page() {
    let Some(server) = Server::shared() else {
        return;
    };
    let mut connection = PgConnection::connect(&server.create_database())
        .await
        .unwrap();
    let version: String = sqlx::query_scalar("SHOW server_version")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    let shown = version.starts_with(SHOWN_VERSION).then_some(());
    let what = format!("PostgreSQL {SHOWN_VERSION}, and not {version}");
    if prerequisites::require(shown, &what, "apt-get install postgresql-15").is_none() {
        return;
    }
    for script in [
        include_str!("operator/postgres.sql"),
        include_str!("operator/many_rows.sql"),
    ] {
        sqlx::raw_sql(script)
            .execute(&mut connection)
            .await
            .unwrap();
    }
    let without = plans(&mut connection).await;
    let index = "CREATE INDEX subscriptions_subscriber ON subscriptions (subscriber_id)";
    sqlx::raw_sql(index).execute(&mut connection).await.unwrap();
    let with = plans(&mut connection).await;
    let plans = without.iter().zip(&with);
    let sections = QUERIES.iter().zip(plans).zip(SEEN).map(|(((name, _), (without, with)), seen)| {
        let with = if with == without { "le même.".to_owned() } else { format!("\n\n```text\n{with}\n```") };
        format!(
            "### `data/queries/operator/{name}.sql`, PostgreSQL\n\nSans les index de l'exploitant :\n\n\
             ```text\n{without}\n```\n\nAvec eux : {with}\n\nÀ voir : {seen}\n"
        )
    });
    insta::assert_snapshot!(
        "plans_of_postgresql",
        sections.collect::<Vec<_>>().join("\n")
    );
}

async fn plans(connection: &mut PgConnection) -> Vec<String> {
    let mut plans = Vec::new();

    for (_, query) in QUERIES {
        let asked = format!(
            "EXPLAIN (COSTS OFF) {}",
            query.replace("$1", "'2025-06-01'")
        );
        let lines: Vec<String> = sqlx::query_scalar(AssertSqlSafe(asked))
            .fetch_all(&mut *connection)
            .await
            .unwrap();

        plans.push(lines.join("\n"));
    }

    plans
}
