use filrouge_database::{Database, merise};

use crate::engines::on_each_engine;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/merise");
const TEXT: &str = include_str!("../../../../data/merise/model.toml");

async fn differences(database: &Database, model: &merise::Model) -> Vec<String> {
    let (columns, references) = (
        database.columns().await.unwrap(),
        database.references().await.unwrap(),
    );
    let engine = database.engine();
    model.differences(engine, &columns, &references).unwrap()
}

// Preuve: C4.1 le modèle logique dérivé du modèle conceptuel est le schéma réel, sur les deux moteurs [code : crates/database/src/merise/derivation.rs#derive]
// Preuve: C4.2 les migrations créent exactement le modèle physique dessiné
#[tokio::test]
async fn the_derived_model_is_the_schema_that_the_migrations_create() {
    on_each_engine(|setting| async move {
        let found = differences(&setting.database, merise::embedded()).await;
        assert_eq!(found, [""; 0], "{:?}", setting.database.engine());
    })
    .await;
}

// Preuve: C4.1 un changement du schéma que le modèle ne dit pas est vu, sur les deux moteurs
#[tokio::test]
async fn a_change_planted_in_the_schema_is_told() {
    for (change, told) in [
        (
            "ALTER TABLE stations ADD COLUMN color TEXT",
            "only in the schema: stations.color TEXT NULL",
        ),
        (
            "ALTER TABLE maintenance DROP COLUMN kind",
            "only in the model: maintenance.kind TEXT NOT NULL",
        ),
        (
            "CREATE TABLE visits (station_key BIGINT REFERENCES stations (station_key))",
            "only in the schema: visits.station_key -> stations",
        ),
    ] {
        on_each_engine(|setting| async move {
            assert!(setting.tamper(change).await, "{change}");
            let found = differences(&setting.database, merise::embedded()).await;
            assert!(found.iter().any(|one| one == told), "{change}: {found:?}");
        })
        .await;
    }
}

// Preuve: C4.1 une cardinalité changée dans le modèle conceptuel ne donne plus le schéma
#[tokio::test]
async fn a_cardinality_planted_in_the_conceptual_model_is_told() {
    let former = "{ entity = \"INTERVENTION\", cardinality = \"1,1\" }";
    assert!(TEXT.contains(former));

    for (planted, told) in [
        (
            "{ entity = \"INTERVENTION\", cardinality = \"0,1\" }",
            "only in the model: maintenance.station_key",
        ),
        (
            "{ entity = \"INTERVENTION\", cardinality = \"1,1\", relative = true }",
            "only in the model: maintenance.station_key",
        ),
    ] {
        on_each_engine(|setting| async move {
            let model = merise::parse(&TEXT.replacen(former, planted, 1)).unwrap();
            let found = differences(&setting.database, &model).await;
            assert!(found.iter().any(|one| one.starts_with(told)), "{found:?}");
        })
        .await;
    }
}

#[test]
fn the_committed_documents_are_those_of_the_model() {
    for (name, current) in merise::documents(merise::embedded()).unwrap() {
        let path = format!("{FOLDER}/{name}");
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            committed == current,
            "run `cargo xtask regenerate` and commit {path}"
        );
    }
}
