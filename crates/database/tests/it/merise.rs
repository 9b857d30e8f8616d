use filrouge_database::merise;

use crate::engines::on_each_engine;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/merise");
const TEXT: &str = include_str!("../../../../data/merise/model.toml");

// Preuve: C4.1 le modèle Merise est celui du schéma réel, colonne par colonne et lien par lien, sur les deux moteurs
// Preuve: C4.2 les migrations créent exactement le modèle physique dessiné
#[tokio::test]
async fn the_model_is_the_schema_that_the_migrations_create() {
    on_each_engine(|setting| async move {
        let database = &setting.database;
        let (columns, references) = (
            database.columns().await.unwrap(),
            database.references().await.unwrap(),
        );
        let differences = merise::embedded().differences(database.engine(), &columns, &references);

        assert_eq!(differences, [""; 0], "{:?}", database.engine());

        let missing =
            merise::embedded().differences(database.engine(), &columns[1..], &references[1..]);

        assert_eq!(
            missing.len(),
            2,
            "a column or a reference that is missing is told: {missing:?}"
        );
    })
    .await;
}

// Preuve: C4.1 chaque cardinalité dessinée est celle que les clés permettent
#[test]
fn every_cardinality_is_the_one_that_the_keys_allow() {
    let model = merise::parse(TEXT).unwrap();
    assert_eq!(model.contradictions(), [""; 0]);
    let wrong = merise::parse(&TEXT.replacen("\"0,n\"", "\"1,1\"", 1)).unwrap();
    assert_eq!(wrong.contradictions(), ["OBSERVER, STATION: 0,n expected"]);
}

#[test]
fn the_committed_documents_are_those_of_the_model() {
    for (name, current) in merise::documents(merise::embedded()) {
        let path = format!("{FOLDER}/{name}");
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            committed == current,
            "run `cargo xtask regenerate` and commit {path}"
        );
    }
}
