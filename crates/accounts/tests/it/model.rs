//! The data model that people read, beside the schema.

use std::collections::{BTreeMap, BTreeSet};

const PAGE: &str = include_str!("../../../../docs/cadrage/donnees-application.md");
const SCHEMA: &str = include_str!("../../migrations/0001_accounts.up.sql");
/// Each adds columns to tables that are there.
const ADDITIONS: [&str; 1] = [include_str!(
    "../../migrations/0002_order_of_answers.up.sql"
)];

// Preuve: C14.1 le modèle de l’application nomme chaque table et chaque colonne de son schéma
#[test]
fn the_model_names_every_table_and_column() {
    assert_eq!(tables_of_the_page(), tables_of_the_schema());
}

/// Each table with its columns, from its row in the page.
fn tables_of_the_page() -> BTreeSet<(String, BTreeSet<String>)> {
    PAGE.lines()
        .filter(|line| line.starts_with("| `"))
        .map(|row| {
            let mut names = row.split('`').skip(1).step_by(2).map(str::to_owned);
            (names.next().unwrap(), names.collect())
        })
        .collect()
}

/// Each table with its columns, from its declaration and what later migrations add.
fn tables_of_the_schema() -> BTreeSet<(String, BTreeSet<String>)> {
    let mut tables = declared_tables();

    for addition in ADDITIONS
        .iter()
        .flat_map(|sql| sql.split("ALTER TABLE ").skip(1))
    {
        let mut words = addition.split_whitespace();
        let table = words.next().unwrap();
        assert_eq!([words.next(), words.next()], [Some("ADD"), Some("COLUMN")]);
        let columns = tables.get_mut(table).unwrap();
        columns.insert(words.next().unwrap().to_owned());
    }
    tables.into_iter().collect()
}

fn declared_tables() -> BTreeMap<String, BTreeSet<String>> {
    SCHEMA
        .split("CREATE TABLE ")
        .skip(1)
        .map(|declaration| {
            let (name, columns) = declaration.split_once(" (").unwrap();
            let columns = columns.split_once("\n);").unwrap().0;
            let first_words = columns
                .lines()
                .filter_map(|it| it.split_whitespace().next());

            let columns = first_words.filter(|word| *word != "PRIMARY");
            (name.to_owned(), columns.map(str::to_owned).collect())
        })
        .collect()
}
