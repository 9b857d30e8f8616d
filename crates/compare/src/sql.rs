//! SQL statements, in files of their own and in strings of code.

#[cfg(test)]
mod tests;

use crate::fact::{Fact, FactKind};
use crate::lexicon::CODE;
use crate::module::{Call, Module};

/// A statement and the line where it starts, counted from 0 in its text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Statement<'text> {
    text: &'text str,
    line: usize,
}

/// True when a literal is SQL rather than prose that begins with the same word.
pub(crate) fn is_sql(text: &str) -> bool {
    let text = skip_comments(text);
    // The verb and its table stand first: the rest may be a dump of megabytes.
    let start: String = text.chars().take(400).collect();
    let start = start.to_ascii_uppercase();
    let has = |word: &str| start.contains(word);

    match start.split_whitespace().next() {
        // « Select all that apply » begins the same way.
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
pub(crate) fn statements(text: &str) -> impl Iterator<Item = Statement<'_>> {
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

/// The facts of a statement, at the place of the call that runs it.
pub(crate) fn facts(module: &Module, call: &Call, statement: &Statement) -> Vec<Fact> {
    if module.is_test {
        return Vec::new();
    }
    let upper = statement.text.to_ascii_uppercase();
    let is_big = is_big_data(module, &upper);

    let found = [
        verb(&upper, is_big),
        optimisation(&upper),
        extraction(module, &upper, is_big),
    ];
    found
        .into_iter()
        .flatten()
        .map(|(kind, what)| Fact {
            line: call.line + statement.line,
            ..module.call_fact(kind, call, what)
        })
        .collect()
}

fn is_big_data(module: &Module, upper: &str) -> bool {
    module.imports_any(&CODE.packages.big_data)
        || CODE.sql.big_data.any_in(upper)
        || module.path_has(&CODE.paths.big_data)
}

fn first_word(upper: &str) -> &str {
    upper.split_whitespace().next().unwrap_or("")
}

/// The fact that the first word of a statement makes.
fn verb(upper: &str, is_big: bool) -> Option<(FactKind, &'static str)> {
    match first_word(upper) {
        "SELECT" | "WITH" if is_big => {
            Some((FactKind::SqlBigData, "requête SQL sur un système big data"))
        }
        "SELECT" | "WITH" => Some((FactKind::SqlSelect, "requête SQL d'extraction")),
        "CREATE" if creates_table(upper) => Some((FactKind::Schema, "création d'une table")),
        // COPY is how PostgreSQL imports a file.
        "INSERT" | "COPY" => Some((FactKind::Import, "insertion en base")),
        "DELETE" | "UPDATE" if sorts_out(upper) => {
            Some((FactKind::Purge, "purge de données datées ou anonymisation"))
        }
        _ => None,
    }
}

/// `CREATE TEMP TABLE IF NOT EXISTS`: the thing that is created stands among the first words.
fn creates_table(upper: &str) -> bool {
    let mut kinds = upper.split_whitespace().skip(1).take(4);
    kinds.any(|word| word == "TABLE")
}

/// True when a statement sorts rows out by their age, or takes persons out of them.
fn sorts_out(upper: &str) -> bool {
    let words = &CODE.sql;
    let condition = upper
        .split_once("WHERE")
        .map_or("", |(_, condition)| condition);
    let is_dated = identifiers(condition).any(|name| {
        words.dates.has(name)
            || words.date_ends.any_ends(name)
            || parts(name).any(|part| words.dates.has(part) || words.ages.any_starts(part))
    });

    let anonymises = identifiers(upper)
        .flat_map(parts)
        .any(|part| words.anonymisations.any_starts(part));
    let empties = upper.split_once(" SET").is_some_and(|(_, set)| {
        set.split("WHERE")
            .next()
            .is_some_and(|set| set.contains("NULL") || set.contains("''"))
    });
    // An update of dated rows keeps them, unless it empties their columns.
    anonymises || is_dated && (first_word(upper) == "DELETE" || empties)
}

fn identifiers(upper: &str) -> impl Iterator<Item = &str> {
    upper
        .split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
        .filter(|name| !name.is_empty())
}

fn parts(name: &str) -> impl Iterator<Item = &str> {
    name.split('_').filter(|part| !part.is_empty())
}

fn optimisation(upper: &str) -> Option<(FactKind, &'static str)> {
    let optimises = ["CREATE INDEX", "CREATE UNIQUE INDEX", "PARTITION BY RANGE"]
        .iter()
        .any(|words| upper.contains(words))
        // Asking for the plan is half of the work of optimising.
        || first_word(upper) == "EXPLAIN";
    optimises.then_some((
        FactKind::SqlOptimisation,
        "optimisation : index, plan ou partition",
    ))
}

/// A query extracts data where candidates keep their extraction or their queries.
fn extraction(module: &Module, upper: &str, is_big: bool) -> Option<(FactKind, &'static str)> {
    let extracts = matches!(first_word(upper), "SELECT" | "WITH")
        // A SELECT elsewhere may only serve an API.
        && (module.path_has(&CODE.paths.extraction) || module.path_has(&CODE.paths.queries));
    let source = if is_big {
        FactKind::SourceBigData
    } else {
        FactKind::SourceDatabase
    };
    extracts.then_some((source, "extraction par une requête SQL"))
}
