use super::{is_sql, statements};
use crate::fact::FactKind;
use crate::module::{Call, Module};

fn kinds(path: &str, text: &str) -> Vec<(FactKind, usize)> {
    let module = Module::new(path, false);

    let call = Call {
        name: "sql".to_owned(),
        line: 1,
        scope: String::new(),
        arguments: String::new(),
        target: String::new(),
    };

    let facts = statements(text).flat_map(|statement| super::facts(&module, &call, &statement));
    facts.map(|fact| (fact.kind, fact.line)).collect()
}

#[test]
fn prose_that_begins_like_sql_is_none() {
    assert!(
        is_sql("SELECT a FROM b")
            && is_sql("-- pourquoi\nselect a\nfrom b")
            && is_sql("create table x (a int)")
    );

    for prose in [
        "select a file",
        "with pleasure",
        "update: the set is full",
        "delete me",
        "create a repository",
        "",
    ] {
        assert!(!is_sql(prose), "{prose}");
    }
}

#[test]
fn each_statement_shows_what_it_is_where_it_stands() {
    let text = "-- schéma\nCREATE TABLE a (id INT PRIMARY KEY);\n\nCREATE INDEX i ON a (id);\nINSERT INTO a VALUES (1);\nSELECT id FROM a;\n";
    assert_eq!(
        kinds("db/schema.sql", text),
        [
            (FactKind::Schema, 2),
            (FactKind::SqlOptimisation, 4),
            (FactKind::Import, 5),
            (FactKind::SqlSelect, 6)
        ]
    );
}

#[test]
fn a_deletion_of_dated_rows_is_a_purge_and_another_is_not() {
    assert_eq!(
        kinds(
            "x.sql",
            "DELETE FROM users WHERE created_at < now() - INTERVAL '2 years';"
        ),
        [(FactKind::Purge, 1)]
    );
    assert_eq!(kinds("x.sql", "DELETE FROM users WHERE id = 3;"), []);
}

#[test]
fn sql_on_a_lake_is_big_data() {
    assert_eq!(
        kinds("x.sql", "SELECT a FROM read_parquet('lake/*.parquet');"),
        [(FactKind::SqlBigData, 1)]
    );
}

#[test]
fn a_statement_is_judged_by_the_words_of_its_names_and_not_by_their_letters() {
    for kept in [
        "UPDATE films SET titre = 'x' WHERE id = 3;",
        "UPDATE films SET updated_at = now() WHERE id = 3;",
        "UPDATE films SET note = 4 WHERE created_at > now() - INTERVAL '1 day';",
        "DELETE FROM candidates WHERE id = 3;",
        "DELETE FROM updates WHERE id = 3;",
        "DELETE FROM rendez_vous WHERE attribut = 'x';",
        "CREATE INDEX i ON tablettes (id_table);",
    ] {
        let found = kinds("x.sql", kept);
        let is_wrong = |kind| kind == FactKind::Purge || kind == FactKind::Schema;
        assert!(
            !found.iter().any(|(kind, _)| is_wrong(*kind)),
            "{kept} {found:?}"
        );
    }

    for purge in [
        "DELETE FROM users WHERE last_seen_at < ?;",
        "DELETE FROM users WHERE date_inscription < date('now', '-3 years');",
        "DELETE FROM sessions WHERE expires < now();",
        "UPDATE users SET email = NULL WHERE last_seen < now() - INTERVAL '3 years';",
        "UPDATE users SET nom = 'anonymise', email = 'anonymise' WHERE id = 3;",
    ] {
        assert_eq!(kinds("x.sql", purge), [(FactKind::Purge, 1)], "{purge}");
    }
}
