//! Tests that check nothing, and tests that only check what they invented.

use std::collections::BTreeSet;

use super::finding;
use crate::call_graph::Graph;
use crate::corpus::Corpus;
use crate::model::{Finding, FindingKind};
use crate::module::{Function, Module, Test};

pub(super) fn find(corpus: &Corpus) -> Vec<Finding> {
    let graph = Graph::new(&corpus.modules);
    let mut found = Vec::new();

    for (module_index, module) in corpus.modules.iter().enumerate() {
        for (index, function) in module.functions.iter().enumerate() {
            let Some(test) = function.test.as_ref().filter(|test| !test.is_skipped) else {
                continue;
            };
            let name = &function.name;
            let reached = graph.reached_by((module_index, index), function);
            let helped = reached
                .iter()
                .filter_map(|place| graph.function(*place))
                .any(|helper| helper.checks > 0);
            // In Rust any call may panic or return its error: only a test that calls nothing checks
            // nothing.
            let may_panic = module.path.ends_with(".rs") && !function.calls.is_empty();
            if test.checks + test.mock_checks == 0 && !helped && !may_panic {
                let question =
                    format!("Que vérifie le test « {name} » : quelle valeur le ferait échouer ?");
                found.push(finding(
                    FindingKind::TestWithoutAssertion,
                    &module.path,
                    function.line,
                    question,
                ));
            } else if is_invented(corpus, module, function, test)
                && reached.iter().all(|place| {
                    corpus.modules[place.0].is_test || is_replaced(&graph, *place, test)
                })
            {
                let question = format!(
                    "Le test « {name} » remplace ce qu'il appelle : quelle partie du projet s'exécute vraiment ?"
                );

                found.push(finding(
                    FindingKind::TestAllMocked,
                    &module.path,
                    function.line,
                    question,
                ));
            }
        }
    }

    found
}

fn is_replaced(graph: &Graph, place: (usize, usize), test: &Test) -> bool {
    graph
        .function(place)
        .is_some_and(|function| replaced(test).contains(function.name.as_str()))
}

fn replaced(test: &Test) -> BTreeSet<&str> {
    test.replaced
        .iter()
        .map(|name| name.rsplit(['.', '/', ':']).next().unwrap_or(name))
        .collect()
}

/// Whether a test uses invented things and nothing that the submission itself made.
fn is_invented(corpus: &Corpus, module: &Module, function: &Function, test: &Test) -> bool {
    let mocks = [
        "Mock",
        "MagicMock",
        "AsyncMock",
        "patch",
        "mocker",
        "create_autospec",
    ];
    let uses_mock = mocks.iter().any(|mock| {
        function.names.contains(*mock) || function.parameters.iter().any(|name| name == mock)
    }) || !test.replaced.is_empty();
    let shows = [
        "from_file",
        "render",
        "mount",
        "goto",
        "TestClient",
        "test_client",
        "create_app",
    ];
    if !uses_mock || !test.requests.is_empty() || function.has_any_call(&shows) {
        return false;
    }
    let replaced = replaced(test);
    let is_own = |import: &&String| {
        let mut parts = import.rsplit(['.', '/']);
        let last = parts.next().unwrap_or("");
        function.names.contains(last)
            && !replaced.contains(last)
            && corpus.modules.iter().any(|other| {
                !other.is_test
                    && import
                        .split(['.', '/'])
                        .any(|part| part == other.stem() && !part.is_empty())
            })
    };
    let class = module
        .functions
        .iter()
        .any(|setup| setup.name == "setUp" || setup.name == "setup_method");
    !class && module.imports.iter().find(is_own).is_none()
}
