//! The documents of personal data say what the schema holds, no more and no less.

use std::collections::BTreeSet;

use filrouge_database::gdpr::register;

use crate::engines::on_each_engine;

// Preuve: C4.8 le registre nomme toutes les colonnes personnelles du schéma, sur les deux moteurs, et elles seules [code : data/gdpr/register.toml#processing]
#[tokio::test]
async fn every_column_of_a_table_of_people_has_a_processing_and_every_processing_names_columns_that_exist()
 {
    on_each_engine(|setting| async move {
        let columns = setting.database.columns().await.unwrap();
        let schema: BTreeSet<(&str, &str)> = columns
            .iter()
            .map(|column| (column.table.as_str(), column.name.as_str()))
            .collect();
        let holdings = || {
            register::embedded()
                .processings
                .iter()
                .flat_map(|processing| &processing.holdings)
        };
        let registered: BTreeSet<(&str, &str)> = holdings()
            .flat_map(|holding| {
                holding
                    .columns
                    .iter()
                    .map(|column| (holding.table.as_str(), column.as_str()))
            })
            .collect();
        let unknown: Vec<_> = registered.difference(&schema).collect();
        assert!(
            unknown.is_empty(),
            "the register names columns that do not exist: {unknown:?}"
        );
        let people = filrouge_database::merise::embedded();
        let people = people.personal_columns().unwrap();
        let people: BTreeSet<(&str, &str)> = people
            .iter()
            .map(|(table, column)| (&**table, &**column))
            .collect();
        assert_eq!(
            people, registered,
            "the model and the register do not name the same personal columns"
        );
        let signs = [
            "subscriber",
            "subject",
            "erased",
            "email",
            "birth",
            "phone",
            "first_name",
            "last_name",
        ];
        for (table, column) in &schema {
            let looks_personal = signs.iter().any(|sign| column.contains(sign));
            assert!(
                !looks_personal || people.contains(&(table, column)),
                "{table}.{column} has no processing"
            );
        }
    })
    .await;
}
