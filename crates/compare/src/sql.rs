//! SQL statements, in files of their own and in strings of code.

#[cfg(test)]
mod tests;

use super::call_semantics::path_has;
use super::fact::{Fact, FactKind};
use super::module::{Call, Module};

/// A statement and the line where it starts, counted from 0 in its text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Statement<'text> {
    text: &'text str,
    line: usize,
}

/// Whether a literal is SQL rather than prose that begins with the same word.
pub(super) fn is_sql(text: &str) -> bool {
    let text = skip_comments(text);
    let start: String = text
        .chars()
        .take(400)
        .collect::<String>()
        .to_ascii_uppercase();
    let has = |word: &str| start.contains(word);

    match start.split_whitespace().next() {
        Some("SELECT") => has("FROM ") || has("FROM\n"),
        Some("WITH") => has("SELECT") && has(" AS"),
        Some("INSERT") => has("INTO"),
        Some("CREATE") => {
            has("TABLE") || has("INDEX") || has("VIEW") || has("PROCEDURE") || has("TRIGGER")
        }
        Some("DELETE") => has("FROM"),
        Some("UPDATE") => has(" SET"),
        Some("COPY") => has("FROM") || has("STDIN"),
        Some("ALTER") => has("TABLE"),
        Some("EXPLAIN") => true,
        _ => false,
    }
}

/// The statements of a text, split where a line ends with a semicolon.
pub(super) fn statements(text: &str) -> impl Iterator<Item = Statement<'_>> {
    let mut line = 0;
    text.split_inclusive(";").filter_map(move |part| {
        let body = skip_comments(part);
        let skipped = &part[..part.len() - body.len()];
        let statement = Statement {
            text: body,
            line: line + skipped.matches('\n').count(),
        };
        line += part.matches('\n').count();
        is_sql(body).then_some(statement)
    })
}

fn skip_comments(text: &str) -> &str {
    let mut rest = text.trim_start();
    loop {
        let after = if rest.starts_with("--") {
            rest.find('\n').map_or("", |end| &rest[end..])
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or("", |end| &rest[end + 2..])
        } else {
            return rest;
        };
        rest = after.trim_start();
    }
}

/// What a statement shows.
pub(super) fn facts(module: &Module, call: &Call, statement: &Statement) -> Vec<Fact> {
    if module.is_test {
        return Vec::new();
    }
    let upper = statement.text.to_ascii_uppercase();
    let line = call.line + statement.line;
    let fact = |kind, what: &str| Fact::new(kind, &module.path, line, &call.scope, what);
    let is_big = module.imports_any(&["duckdb", "pyspark", "google.cloud.bigquery"])
        || [
            "READ_PARQUET",
            "READ_CSV_AUTO",
            "LATERAL VIEW",
            "PARTITIONED BY",
            "STORED AS PARQUET",
        ]
        .iter()
        .any(|word| upper.contains(word))
        || path_has(
            &module.path,
            &["lake", "bigquery", "spark", "hive", "duckdb", "athena"],
        );
    let first = upper.split_whitespace().next().unwrap_or("");
    let mut facts = Vec::new();
    match first {
        "SELECT" | "WITH" if is_big => facts.push(fact(
            FactKind::SqlBigData,
            "requête SQL sur un système big data",
        )),
        "SELECT" | "WITH" => facts.push(fact(FactKind::SqlSelect, "requête SQL d'extraction")),
        "CREATE" if upper.contains("TABLE") => {
            facts.push(fact(FactKind::Schema, "création d'une table"))
        }
        "INSERT" | "COPY" => facts.push(fact(FactKind::Import, "insertion en base")),
        "DELETE" | "UPDATE" if is_purge(&upper) => facts.push(fact(
            FactKind::Purge,
            "purge de données datées ou anonymisation",
        )),
        _ => {}
    }
    if upper.contains("CREATE INDEX")
        || upper.contains("CREATE UNIQUE INDEX")
        || first == "EXPLAIN"
        || upper.contains("PARTITION BY RANGE")
    {
        facts.push(fact(
            FactKind::SqlOptimisation,
            "optimisation : index, plan ou partition",
        ));
    }
    if matches!(first, "SELECT" | "WITH")
        && (path_has(&module.path, &super::call_semantics::EXTRACTION)
            || path_has(&module.path, &["quer", "requete"]))
    {
        let kind = if is_big {
            FactKind::SourceBigData
        } else {
            FactKind::SourceDatabase
        };
        facts.push(fact(kind, "extraction par une requête SQL"));
    }
    facts
}

fn is_purge(upper: &str) -> bool {
    [
        "INTERVAL",
        "DATE",
        "_AT",
        "DAYS",
        "EXPIR",
        "ANONYM",
        "RETENTION",
        "CONSERV",
        "INACTI",
    ]
    .iter()
    .any(|word| upper.contains(word))
}
