//! Claims of pages that the tree denies: files, links, protected routes, thresholds.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::corpus::Corpus;
use crate::document::{Claim, Claimed};
use crate::guards::is_guard;
use crate::lexicon::CODE;
use crate::model::{Finding, FindingKind};
use crate::module::{Call, Function, Module, Route};
use crate::path_index::PathIndex;
use crate::workflow::{self, Step};

/// Greatest number of absent things listed for a page.
const KEPT: usize = 8;

pub(super) fn find(corpus: &Corpus) -> Vec<Finding> {
    let paths = PathIndex::new(corpus.paths.iter().map(String::as_str));
    let mut found = absent(corpus, &paths);
    found.extend(absent_programs(corpus, &paths));
    found.extend(unprotected(corpus));
    found.extend(differing(corpus));
    found
}

fn absent(corpus: &Corpus, paths: &PathIndex) -> Vec<Finding> {
    let mut told: BTreeSet<(&str, &str)> = BTreeSet::new();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut found = Vec::new();

    for Claim {
        path,
        line,
        claimed,
    } in &corpus.claims
    {
        let Some(target) = absent_target(corpus, paths, claimed) else {
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
fn absent_target<'all>(
    corpus: &Corpus,
    paths: &PathIndex,
    claimed: &'all Claimed,
) -> Option<&'all str> {
    let (target, is_there) = match claimed {
        Claimed::File(target) | Claimed::Link(target) => {
            (target, is_there(paths, &target.replace("%20", " ")))
        }
        Claimed::Recipe(target) => (target, corpus.recipes.contains(target)),
        Claimed::Protected(..) | Claimed::Threshold(..) | Claimed::Criterion(_) => return None,
    };
    (!is_there).then_some(target)
}

/// True when the tree has this file or folder: a report often names paths from the folder of its
/// part of a larger repository.
fn is_there(paths: &PathIndex, path: &str) -> bool {
    let path = path.trim_start_matches("./").trim_end_matches('/');
    paths.ending(path).next().is_some()
}

/// Programs that a pipeline runs and that the tree does not have.
fn absent_programs(corpus: &Corpus, paths: &PathIndex) -> Vec<Finding> {
    let mut found = Vec::new();

    for pipeline in &corpus.workflows {
        for (_, step) in pipeline.steps() {
            let made = made(step);
            for (offset, line) in step.run.lines().enumerate() {
                let program = workflow::program(line.trim())
                    .filter(|program| is_committed(program, &made) && !is_there(paths, program));

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

/// The files that a step writes; none when it fetches some, which may be any.
fn made(step: &Step) -> Option<BTreeSet<&str>> {
    let fetches = step.run.contains("curl") || step.run.contains("git clone");
    let written = step.run.split("> ").skip(1);
    let written = written.filter_map(|rest| rest.split_whitespace().next());
    (!fetches).then(|| written.collect())
}

/// True when a program is a file that the step neither writes nor fetches.
fn is_committed(program: &str, made: &Option<BTreeSet<&str>>) -> bool {
    let is_file = program.contains('/') && program.contains('.');
    let is_plain = !program.contains(['$', '*', '{', '"', '\'']) && !program.starts_with("http");
    let is_made = made.as_ref().is_none_or(|made| made.contains(program));
    is_file && is_plain && !is_made
}

/// Routes that a page says are protected, and that ask nothing of who calls.
fn unprotected(corpus: &Corpus) -> Vec<Finding> {
    if corpus.modules.iter().any(is_guarded_as_a_whole) {
        return Vec::new();
    }
    let mut told = BTreeSet::new();
    let mut found = Vec::new();

    let routes = by_path(corpus);

    for claim in &corpus.claims {
        let Claimed::Protected(method, path) = &claim.claimed else {
            continue;
        };
        if let Some((module, route)) = only_route(&routes, method, path)
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

/// Routes by their path, variables apart: two are enough to know that there is more than one.
type RoutesByPath<'all> = HashMap<(String, &'all str), Vec<(&'all Module, &'all Route)>>;

/// The routes of a tree, under their method and under none.
fn by_path(corpus: &Corpus) -> RoutesByPath<'_> {
    let mut found = RoutesByPath::new();

    for (_, module) in corpus.sources() {
        for route in &module.routes {
            let path = plain(&route.path);
            for method in [route.method.as_str(), ""] {
                let same = found.entry((path.clone(), method)).or_default();
                if same.len() < 2 {
                    same.push((module, route));
                }
            }
        }
    }

    found
}

/// The route that a claim is about, when it can be no other one.
fn only_route<'all>(
    routes: &RoutesByPath<'all>,
    method: &'all str,
    path: &str,
) -> Option<(&'all Module, &'all Route)> {
    let path = plain(path);
    match routes.get(&(path, method))?[..] {
        [only] => Some(only),
        _ => None,
    }
    .filter(|(_, route)| !plain(&route.path).is_empty())
}

fn plain(path: &str) -> String {
    let parts = path.split('/').filter(|part| !part.is_empty());
    let is_variable = |part: &str| part.contains(['{', '<', ':']);
    let parts = parts.map(|part| if is_variable(part) { "*" } else { part });
    parts.collect::<Vec<_>>().join("/")
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
