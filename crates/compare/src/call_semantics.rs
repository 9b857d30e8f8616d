//! What a call means: from the names that the imports give to typed facts.

mod http;
mod table;
#[cfg(test)]
mod tests;

use super::fact::{Fact, FactKind};
use super::module::{Call, Module};
use super::sql;

/// Fills the facts of a module from its calls.
pub(super) fn read(module: &mut Module) {
    let mut facts = Vec::new();

    for call in &module.calls {
        if call.name == "sql" {
            facts.extend(
                sql::statements(&call.arguments).flat_map(|one| sql::facts(module, call, &one)),
            );
        } else if let Some(class) = call.name.strip_prefix("class ") {
            facts.extend(class_fact(module, call, class));
        } else {
            facts.extend(call_facts(module, call));
        }
    }

    facts.extend(orm_queries(module));
    facts.extend(shape_facts(module));
    module.facts.extend(facts);
}

fn call_facts<'all>(module: &'all Module, call: &'all Call) -> impl Iterator<Item = Fact> + 'all {
    let from_table = table::rows(module, call).map(|row| {
        Fact::new(
            row.kind,
            &module.path,
            call.line,
            &call.scope,
            format!("{} (`{}`)", row.what, call.name),
        )
    });
    from_table
        .chain(http::fact(module, call))
        .chain(by_place(module, call))
}

/// Calls that mean something by the file where they stand.
fn by_place(module: &Module, call: &Call) -> Option<Fact> {
    let fact = |kind, what: &str| {
        Some(Fact::new(
            kind,
            &module.path,
            call.line,
            &call.scope,
            format!("{what} (`{}`)", call.name),
        ))
    };
    let has_orm = || {
        module.imports_any(&[
            "sqlalchemy",
            "sqlmodel",
            "flask_sqlalchemy",
            "django.db",
            "peewee",
        ])
    };
    let last = call.last();
    if module.is_test {
        None
    } else if call.name == "feedparser.parse" && path_has(&module.path, &EXTRACTION) {
        fact(FactKind::SourceHttp, "lecture d'un flux")
    } else if call.name.starts_with("pandas.read_") && call.arguments.contains("://") {
        fact(FactKind::SourceHttp, "fichier publié sur le web")
    } else if ["add", "merge"].contains(&last)
        && call.name.contains('.')
        && has_orm()
        && path_has(&module.path, &IMPORTS)
    {
        fact(FactKind::Import, "import en base")
    } else if last == "delete" && path_has(&module.path, &PURGES) {
        fact(FactKind::Purge, "suppression de données personnelles")
    } else {
        None
    }
}

/// Words of the paths of import scripts.
const IMPORTS: [&str; 11] = [
    "import", "seed", "load", "insert", "feed", "populate", "peupl", "init_db", "stockage",
    "ingest", "aliment",
];
/// Words of the paths of what sorts personal data out.
const PURGES: [&str; 7] = [
    "purge",
    "rgpd",
    "gdpr",
    "cleanup",
    "anonym",
    "retention",
    "conservation",
];

fn class_fact(module: &Module, call: &Call, class: &str) -> Option<Fact> {
    let last = class.rsplit('.').next().unwrap_or(class);
    let fact =
        |kind, what: String| Some(Fact::new(kind, &module.path, call.line, &call.scope, what));
    let name = &call.target;

    let is_table = call.arguments.contains("__tablename__")
        || (["Base", "SQLModel"].contains(&last) && call.arguments.contains("Column("))
        || (["Base"].contains(&last) && call.arguments.contains("mapped_column"))
        || (last == "Model" && call.arguments.contains("Column"))
        || class == "db.Model"
        || class == "table=True"
        || (last == "Document" && module.imports_any(&["mongoengine", "beanie"]))
        || (last == "Model" && module.imports_any(&["peewee", "tortoise", "odmantic"]))
        || class.ends_with("models.Model");

    if is_table {
        return fact(
            FactKind::Schema,
            format!("table `{name}` déclarée par un ORM"),
        );
    }

    match last {
        "Spider" | "CrawlSpider" => fact(FactKind::SourceHtml, format!("robot Scrapy `{name}`")),
        "Form" | "ModelForm" | "FlaskForm" => fact(FactKind::Form, format!("formulaire `{name}`")),
        _ => None,
    }
}

/// Queries written through an ORM, in the files that candidates keep for their queries.
fn orm_queries(module: &Module) -> Option<Fact> {
    const VERBS: [&str; 10] = [
        "filter",
        "filter_by",
        "where",
        "join",
        "outerjoin",
        "group_by",
        "having",
        "order_by",
        "annotate",
        "aggregate",
    ];
    let has_orm = module.imports_any(&["sqlalchemy", "sqlmodel", "django.db"])
        || module
            .calls
            .iter()
            .any(|call| call.name.contains("session.query"));
    if module.is_test || !has_orm || !path_has(&module.path, &["quer", "requete", "requête", "sql"])
    {
        return None;
    }
    let call = module
        .calls
        .iter()
        .find(|call| VERBS.contains(&call.last()))?;
    let what = format!("requête par un ORM (`{}`)", call.last());
    Some(Fact::new(
        FactKind::SqlSelect,
        &module.path,
        call.line,
        &call.scope,
        what,
    ))
}

/// What the whole file is: an entry point, code that handles its errors, a page of a front-end
/// framework.
fn shape_facts(module: &Module) -> Vec<Fact> {
    if module.is_test {
        return Vec::new();
    }
    let first = |name: &str| module.calls.iter().find(|call| call.name == name);
    let mut facts = Vec::new();
    let mut add = |kind, line, scope: &str, what: &str| {
        facts.push(Fact::new(kind, &module.path, line, scope, what))
    };
    if let Some(call) = first("__main__") {
        add(
            FactKind::EntryPoint,
            call.line,
            &call.scope,
            "point d'entrée du script",
        );
    }
    if let Some((_, _, line)) = module
        .assignments
        .iter()
        .find(|(left, ..)| left == "LOGGING")
    {
        add(
            FactKind::Logging,
            *line,
            "",
            "journalisation réglée pour l'application",
        );
    }
    if let Some(call) = first("try") {
        add(
            FactKind::ErrorHandling,
            call.line,
            &call.scope,
            "gestion d'erreurs",
        );
    }
    let front = [
        "streamlit",
        "gradio",
        "dash",
        "nicegui",
        "chainlit",
        "panel",
        "shiny",
        "reflex",
        "flet",
        "tkinter",
        "PyQt5",
    ];
    if module.imports_any(&front) {
        let line = module
            .calls
            .iter()
            .find(|call| front.iter().any(|name| call.name.starts_with(name)));
        let (line, scope) = line.map_or((1, ""), |call| (call.line, call.scope.as_str()));
        add(FactKind::Interface, line, scope, "interface utilisateur");
    }
    if let Some(call) = first("jsx") {
        add(
            FactKind::Interface,
            call.line,
            &call.scope,
            "composant d'interface",
        );
        if module.calls.iter().any(|call| call.name == "jsx form") {
            add(FactKind::Form, call.line, &call.scope, "formulaire");
        }
    }
    for route in module.routes.iter().filter(|route| route.is_page).take(3) {
        add(
            FactKind::Interface,
            route.line,
            &route.handler,
            "page servie par l'application",
        );
    }
    facts
}

/// Whether a path has one of these words in a folder or a name.
pub(super) fn path_has(path: &str, words: &[&str]) -> bool {
    let path = path.to_ascii_lowercase();
    words.iter().any(|word| path.contains(word))
}

/// Words of the paths of extraction code.
pub(super) const EXTRACTION: [&str; 17] = [
    "extract",
    "collect",
    "ingest",
    "etl",
    "scrap",
    "crawl",
    "fetch",
    "download",
    "dags",
    "spider",
    "sources",
    "recup",
    "loader",
    "acquisition",
    "harvest",
    "data_source",
    "datasource",
];
