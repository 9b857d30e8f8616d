//! Claims of pages that the tree denies: files, links, protected routes, thresholds.

use std::collections::{BTreeMap, BTreeSet};

use crate::corpus::Corpus;
use crate::document::{Claim, Claimed};
use crate::guards::is_guard;
use crate::lexicon::CODE;
use crate::model::{Finding, FindingKind};
use crate::module::{Call, Function, Module, Route};
use crate::workflow::{self, Step};

/// Greatest number of absent things listed for a page.
const KEPT: usize = 8;

pub(super) fn find(corpus: &Corpus) -> Vec<Finding> {
    let mut found = absent(corpus);
    found.extend(absent_programs(corpus));
    found.extend(unprotected(corpus));
    found.extend(differing(corpus));
    found
}

fn absent(corpus: &Corpus) -> Vec<Finding> {
    let mut told: BTreeSet<(&str, &str)> = BTreeSet::new();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut found = Vec::new();

    for Claim {
        path,
        line,
        claimed,
    } in &corpus.claims
    {
        let Some(target) = absent_target(corpus, path, claimed) else {
            continue;
        };
        if target.is_empty() || !told.insert((path, target)) {
            continue;
        }

        let count = counts.entry(path).or_default();
        *count += 1;
        // The page of another project would fill the report.
        if *count <= KEPT {
            let question = format!("La page nomme « {target} », absent du dépôt : où est-il ?");
            found.push(Finding::new(
                FindingKind::NamedButAbsent,
                path,
                *line,
                question,
            ));
        }
    }

    found
}

/// The file, the link or the recipe of a claim, when the tree has it not.
fn absent_target<'all>(corpus: &Corpus, path: &str, claimed: &'all Claimed) -> Option<&'all str> {
    let (target, is_there) = match claimed {
        Claimed::File(target) | Claimed::Link(target) => {
            (target, corpus.has_path(&target.replace("%20", " "), path))
        }
        Claimed::Recipe(target) => (target, corpus.recipes.contains(target)),
        Claimed::Protected(..) | Claimed::Threshold(..) => return None,
    };
    (!is_there).then_some(target)
}

/// Programs that a pipeline runs and that the tree does not have.
fn absent_programs(corpus: &Corpus) -> Vec<Finding> {
    let mut found = Vec::new();

    for pipeline in &corpus.workflows {
        for (_, step) in pipeline.steps() {
            for (offset, line) in step.run.lines().enumerate() {
                let program = workflow::program(line.trim())
                    .filter(|program| is_committed(program, step) && !corpus.has_path(program, ""));

                found.extend(program.map(|program| {
                    let question = format!(
                        "La chaîne lance « {program} », absent du dépôt : que se passe-t-il à cette étape ?"
                    );
                    Finding::new(
                        FindingKind::NamedButAbsent,
                        &pipeline.path,
                        step.run_line + offset,
                        question,
                    )
                }));
            }
        }
    }

    found
}

/// True when a program is a file that the step neither writes nor fetches.
fn is_committed(program: &str, step: &Step) -> bool {
    let is_file = program.contains('/') && program.contains('.');
    let is_plain = !program.contains(['$', '*', '{', '"', '\'']) && !program.starts_with("http");
    let is_made = step.run.contains(&format!("> {program}"))
        || step.run.contains("curl")
        || step.run.contains("git clone");
    is_file && is_plain && !is_made
}

/// Routes that a page says are protected, and that ask nothing of who calls.
fn unprotected(corpus: &Corpus) -> Vec<Finding> {
    if corpus.modules.iter().any(is_guarded_as_a_whole) {
        return Vec::new();
    }
    let mut told = BTreeSet::new();
    let mut found = Vec::new();

    for claim in &corpus.claims {
        let Claimed::Protected(method, path) = &claim.claimed else {
            continue;
        };
        if let Some((module, route)) = only_route(corpus, method, path)
            && !route.is_protected
            && told.insert((&module.path, route.line))
        {
            let question = format!(
                "« {} {} » est dit protégé et ne demande ni jeton ni clé : qui peut l'appeler ?",
                route.method, route.path
            );
            found.push(Finding::new(
                FindingKind::EndpointUnprotected,
                &module.path,
                route.line,
                question,
            ));
        }
    }

    found
}

/// The route that a claim is about, when it can be no other one.
fn only_route<'all>(
    corpus: &'all Corpus,
    method: &str,
    path: &str,
) -> Option<(&'all Module, &'all Route)> {
    let is_meant = |route: &Route| {
        is_same(&route.path, path) && (method.is_empty() || *method == route.method)
    };
    let mut routes = corpus
        .sources()
        .flat_map(|(_, module)| module.routes.iter().map(move |route| (module, route)))
        .filter(|(_, route)| is_meant(route));

    let only = routes.next()?;
    routes.next().is_none().then_some(only)
}

fn is_same(route: &str, claimed: &str) -> bool {
    let plain = |path: &str| {
        let parts = path.split('/').filter(|part| !part.is_empty());
        let is_variable = |part: &str| part.contains(['{', '<', ':']);
        parts
            .map(|part| if is_variable(part) { "*" } else { part })
            .collect::<Vec<_>>()
            .join("/")
    };
    !plain(route).is_empty() && plain(route) == plain(claimed)
}

/// Middleware, application-wide dependencies and Flask hooks protect routes that show nothing
/// themselves.
fn is_guarded_as_a_whole(module: &Module) -> bool {
    let guards = |call: &Call| {
        let depends = !["FastAPI", "include_router"].contains(&call.last())
            || call.arguments.contains("Depends");
        CODE.guards.whole.has(call.last()) && depends && is_guard(&call.arguments)
    };
    let stands_before = |function: &Function| {
        let name = function.name.to_ascii_lowercase();
        let is_hook = name.contains("before_request") || name.contains("middleware");
        is_hook && function.names.iter().any(|name| is_guard(name))
    };

    module.calls.iter().any(guards) || module.functions.iter().any(stands_before)
}

/// Thresholds that pages and code state differently.
fn differing(corpus: &Corpus) -> Vec<Finding> {
    let coded = coded_thresholds(corpus);
    let mut told = BTreeSet::new();
    let mut found = Vec::new();

    for claim in &corpus.claims {
        if let Claimed::Threshold(measure, value) = &claim.claimed
            && let Some(other) = coded.get(measure.as_str()).filter(|other| *other != value)
            && told.insert((measure, &claim.path))
        {
            let question = format!(
                "La page fixe {measure} à {value}, le code à {other} : lequel arrête la livraison ?"
            );
            let (kind, path) = (FindingKind::GateNumbersDiffer, &claim.path);
            found.push(Finding::new(kind, path, claim.line, question));
        }
    }

    found
}

/// The one threshold that code holds each measure to; with two of them, a page may speak of either.
fn coded_thresholds(corpus: &Corpus) -> BTreeMap<&str, &str> {
    let mut coded: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (measure, value) in corpus.modules.iter().flat_map(|module| &module.gates) {
        coded.entry(measure).or_default().insert(value);
    }

    coded
        .into_iter()
        .filter(|(_, values)| values.len() == 1)
        .filter_map(|(measure, values)| Some((measure, *values.first()?)))
        .collect()
}
