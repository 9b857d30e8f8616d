//! Semantics of calls: from the names that the imports give to typed facts.

mod http;
mod table;
#[cfg(test)]
mod tests;

use crate::fact::{Fact, FactKind};
use crate::lexicon::CODE;
use crate::module::{Call, Module};
use crate::sql;
use http::Clients;

/// Pages of one file that are shown as evidence.
const PAGES_SHOWN: usize = 3;

/// Fills the facts of a module from its calls.
pub(crate) fn read(module: &mut Module) {
    let clients = Clients::of(module);
    let mut facts: Vec<Fact> = module
        .calls
        .iter()
        .flat_map(|call| call_facts(module, &clients, call))
        .collect();

    facts.extend(orm_query(module));
    if !module.is_test {
        facts.extend(shape_facts(module));
    }
    module.facts.extend(facts);
}

fn call_facts(module: &Module, clients: &Clients, call: &Call) -> Vec<Fact> {
    if call.name == "sql" {
        sql::statements(&call.arguments)
            .flat_map(|statement| sql::facts(module, call, &statement))
            .collect()
    } else if let Some(class) = call.name.strip_prefix("class ") {
        class_fact(module, call, class).into_iter().collect()
    } else if module.is_test {
        // The calls of a test are the business of that test.
        Vec::new()
    } else {
        let named = table::meanings(module, call)
            .map(|meaning| (meaning.kind, meaning.what.as_str()))
            .chain(http::meaning(module, clients, call))
            .chain(by_place(module, call));

        named
            .map(|(kind, what)| module.call_fact(kind, call, format!("{what} (`{}`)", call.name)))
            .collect()
    }
}

/// The meaning of a call that has one only in the file where it stands.
fn by_place(module: &Module, call: &Call) -> Option<(FactKind, &'static str)> {
    let paths = &CODE.paths;
    let last = call.last();

    if call.name == "feedparser.parse" && module.path_has(&paths.extraction) {
        Some((FactKind::SourceHttp, "lecture d'un flux"))
    } else if call.name.starts_with("pandas.read_") && call.arguments.contains("://") {
        Some((FactKind::SourceHttp, "fichier publié sur le web"))
    } else if ["add", "merge"].contains(&last)
        && call.name.contains('.')
        && module.imports_any(&CODE.packages.orm)
        && module.path_has(&paths.imports)
    {
        Some((FactKind::Import, "import en base"))
    } else if last == "delete" && module.path_has(&paths.purges) {
        Some((FactKind::Purge, "suppression de données personnelles"))
    } else {
        None
    }
}

fn class_fact(module: &Module, call: &Call, class: &str) -> Option<Fact> {
    let name = &call.target;
    let (kind, what) = if is_table(module, call, class) {
        (
            FactKind::Schema,
            format!("table `{name}` déclarée par un ORM"),
        )
    } else {
        match last_part(class) {
            "Spider" | "CrawlSpider" => (FactKind::SourceHtml, format!("robot Scrapy `{name}`")),
            "Form" | "ModelForm" | "FlaskForm" => (FactKind::Form, format!("formulaire `{name}`")),
            _ => return None,
        }
    };

    Some(module.call_fact(kind, call, what))
}

/// True when a class is a table, by its base and its columns: each ORM has habits of its own.
fn is_table(module: &Module, call: &Call, base: &str) -> bool {
    let has = |word: &str| call.arguments.contains(word);
    let by_columns = match last_part(base) {
        "Base" => has("Column(") || has("mapped_column"),
        "SQLModel" => has("Column("),
        "Model" => has("Column") || module.imports_any(&CODE.packages.model_orm),
        "Document" => module.imports_any(&CODE.packages.document_orm),
        _ => false,
    };

    by_columns
        || has("__tablename__")
        || base == "db.Model"
        || base == "table=True"
        || base.ends_with("models.Model")
}

fn last_part(class: &str) -> &str {
    class.rsplit('.').next().unwrap_or(class)
}

/// Queries written through an ORM, in the files that candidates keep for their queries.
fn orm_query(module: &Module) -> Option<Fact> {
    let has_orm = module.imports_any(&CODE.packages.query_orm)
        || module
            .calls
            .iter()
            .any(|call| call.name.contains("session.query"));
    if module.is_test || !has_orm || !module.path_has(&CODE.paths.orm_queries) {
        return None;
    }

    let call = module
        .calls
        .iter()
        .find(|call| CODE.sql.orm_verbs.has(call.last()))?;
    let what = format!("requête par un ORM (`{}`)", call.last());
    Some(module.call_fact(FactKind::SqlSelect, call, what))
}

/// Facts of the whole file: an entry point, code that handles its errors, an interface.
fn shape_facts(module: &Module) -> Vec<Fact> {
    let marks = [
        ("__main__", FactKind::EntryPoint, "point d'entrée du script"),
        ("try", FactKind::ErrorHandling, "gestion d'erreurs"),
        ("jsx", FactKind::Interface, "composant d'interface"),
    ];
    let marked = marks.into_iter().filter_map(|(name, kind, what)| {
        let call = module.calls.iter().find(|call| call.name == name)?;
        Some(module.call_fact(kind, call, what))
    });

    marked
        .chain(logging_settings(module))
        .chain(jsx_form(module))
        .chain(front(module))
        .chain(pages(module))
        .collect()
}

/// The settings of Django that say how the application logs.
fn logging_settings(module: &Module) -> Option<Fact> {
    let mut assignments = module.assignments.iter();
    let settings = assignments.find(|one| one.name == "LOGGING")?;
    let what = "journalisation réglée pour l'application";
    let (path, line) = (&module.path, settings.line);
    Some(Fact::new(FactKind::Logging, path, line, "", what))
}

fn pages(module: &Module) -> impl Iterator<Item = Fact> {
    let pages = module.routes.iter().filter(|route| route.is_page);
    pages.take(PAGES_SHOWN).map(|route| {
        let (kind, what) = (FactKind::Interface, "page servie par l'application");
        Fact::new(kind, &module.path, route.line, &route.handler, what)
    })
}

/// A form in a component, told at the place of the component.
fn jsx_form(module: &Module) -> Option<Fact> {
    let has_form = module.calls.iter().any(|call| call.name == "jsx form");
    let component = module
        .calls
        .iter()
        .find(|call| call.name == "jsx")
        .filter(|_| has_form)?;
    Some(module.call_fact(FactKind::Form, component, "formulaire"))
}

/// The first call to a library that makes a page out of a script.
fn front(module: &Module) -> Option<Fact> {
    let libraries = &CODE.packages.front;
    if !module.imports_any(libraries) {
        return None;
    }

    let call = module
        .calls
        .iter()
        .find(|call| libraries.any_starts(&call.name));
    let (kind, what) = (FactKind::Interface, "interface utilisateur");
    Some(call.map_or_else(
        || Fact::of_file(kind, &module.path, what),
        |call| module.call_fact(kind, call, what),
    ))
}
