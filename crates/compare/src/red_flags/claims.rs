//! What pages say and the tree denies: files, links, protected routes, thresholds.

use std::collections::{BTreeMap, BTreeSet};

use super::finding;
use crate::corpus::Corpus;
use crate::document::{Claim, Claimed};
use crate::model::{Finding, FindingKind};
use crate::module::{Module, Route};
use crate::workflow;

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
    let mut known: BTreeSet<(&str, &str)> = BTreeSet::new();
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    let mut found = Vec::new();
    for Claim {
        path,
        line,
        claimed,
    } in &corpus.claims
    {
        let (target, is_there) = match claimed {
            Claimed::File(target) | Claimed::Link(target) => {
                (target, corpus.has_path(&target.replace("%20", " "), path))
            }
            Claimed::Recipe(target) => (target, corpus.recipes.contains(target)),
            _ => continue,
        };

        if is_there || target.is_empty() || !known.insert((path, target)) {
            continue;
        }

        let seen = count.entry(path).or_default();
        *seen += 1;

        if *seen <= KEPT {
            let question = format!("La page nomme « {target} », absent du dépôt : où est-il ?");
            found.push(finding(FindingKind::NamedButAbsent, path, *line, question));
        }
    }
    found
}

/// Programs that a pipeline runs and that the tree does not have.
fn absent_programs(corpus: &Corpus) -> Vec<Finding> {
    let mut found = Vec::new();

    for pipeline in &corpus.workflows {
        for (_, step) in pipeline.steps() {
            for (offset, line) in step.run.lines().enumerate() {
                let Some(script) = workflow::script(line.trim())
                    .filter(|script| script.contains('/') && script.contains('.'))
                else {
                    continue;
                };
                let is_plain =
                    !script.contains(['$', '*', '{', '"', '\'']) && !script.starts_with("http");
                let made = step.run.contains(&format!("> {script}"))
                    || step.run.contains("curl")
                    || step.run.contains("git clone");
                if is_plain && !made && !corpus.has_path(script, "") {
                    let question = format!(
                        "La chaîne lance « {script} », absent du dépôt : que se passe-t-il à cette étape ?"
                    );

                    found.push(finding(
                        FindingKind::NamedButAbsent,
                        &pipeline.path,
                        step.run_line + offset,
                        question,
                    ));
                }
            }
        }
    }

    found
}

/// Routes that a page says are protected, and that ask nothing of who calls.
fn unprotected(corpus: &Corpus) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut known = BTreeSet::new();

    for claim in &corpus.claims {
        let Claimed::Protected(method, path) = &claim.claimed else {
            continue;
        };
        let fits = |route: &&Route| {
            is_same(&route.path, path) && (method.is_empty() || *method == route.method)
        };
        let routes: Vec<(&Module, &Route)> = corpus
            .modules
            .iter()
            .filter(|module| !module.is_test)
            .flat_map(|module| {
                module
                    .routes
                    .iter()
                    .filter(fits)
                    .map(move |route| (module, route))
            })
            .collect();
        let guarded = corpus.modules.iter().any(is_guarded_as_a_whole);
        if let [(module, route)] = routes[..]
            && !route.is_protected
            && !guarded
            && known.insert((&module.path, route.line))
        {
            let question = format!(
                "« {} {} » est dit protégé et ne demande ni jeton ni clé : qui peut l'appeler ?",
                route.method, route.path
            );

            found.push(finding(
                FindingKind::EndpointUnprotected,
                &module.path,
                route.line,
                question,
            ));
        }
    }

    found
}

fn is_same(route: &str, claimed: &str) -> bool {
    let plain = |path: &str| {
        let parts = path.split('/').filter(|part| !part.is_empty());

        parts
            .map(|part| {
                if part.contains(['{', '<', ':']) {
                    "*"
                } else {
                    part
                }
            })
            .collect::<Vec<_>>()
            .join("/")
    };

    !plain(route).is_empty() && plain(route) == plain(claimed)
}

/// Middleware, application-wide dependencies and Flask hooks protect routes that show nothing
/// themselves.
fn is_guarded_as_a_whole(module: &Module) -> bool {
    module.calls.iter().any(|call| {
        let asks = crate::python::is_guard(&call.arguments);
        let whole = [
            "FastAPI",
            "include_router",
            "add_middleware",
            "use",
            "layer",
            "route_layer",
        ]
        .contains(&call.last());
        whole
            && asks
            && (call.arguments.contains("Depends")
                || call.last() != "FastAPI" && call.last() != "include_router")
    }) || module.functions.iter().any(|function| {
        let calls = function.name.to_ascii_lowercase();
        (calls.contains("before_request") || calls.contains("middleware"))
            && function
                .names
                .iter()
                .any(|name| crate::python::is_guard(name))
    })
}

/// Thresholds that pages and code state differently.
fn differing(corpus: &Corpus) -> Vec<Finding> {
    let mut coded: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();

    for (measure, value) in corpus.modules.iter().flat_map(|module| &module.gates) {
        coded.entry(measure).or_default().insert(value);
    }

    let mut found = Vec::new();
    let mut known = BTreeSet::new();

    for claim in &corpus.claims {
        let Claimed::Threshold(measure, value) = &claim.claimed else {
            continue;
        };
        let Some(values) = coded.get(measure.as_str()) else {
            continue;
        };
        if values.len() == 1
            && !values.contains(value.as_str())
            && known.insert((measure, &claim.path))
        {
            let other = values.first().copied().unwrap_or("");
            let question = format!(
                "La page fixe {measure} à {value}, le code à {other} : lequel arrête la livraison ?"
            );

            found.push(finding(
                FindingKind::GateNumbersDiffer,
                &claim.path,
                claim.line,
                question,
            ));
        }
    }

    found
}
