//! Tests that check nothing, and tests that only check their own inventions.

use std::collections::{BTreeSet, HashSet};

use crate::call_graph::{FunctionId, Graph};
use crate::corpus::Corpus;
use crate::lexicon::CODE;
use crate::model::{Finding, FindingKind};
use crate::module::{Function, Module, Test};

pub(super) fn find<'all>(corpus: &'all Corpus, graph: &Graph<'all>) -> Vec<Finding> {
    let mut found = Vec::new();
    let stems: HashSet<&str> = corpus
        .sources()
        .map(|(_, module)| module.stem())
        .filter(|stem| !stem.is_empty())
        .collect();

    for (at, module) in corpus.modules.iter().enumerate() {
        if !module
            .functions
            .iter()
            .any(|function| function.test.is_some())
        {
            continue;
        }
        let file = TestFile::new(module, &stems);

        for (index, function) in module.functions.iter().enumerate() {
            if let Some(test) = function.test.as_ref().filter(|test| !test.is_skipped) {
                let reached = graph.reached_by((at, index), function);
                let read = TestRead {
                    corpus,
                    graph,
                    module,
                    file: &file,
                    function,
                    test,
                    reached: &reached,
                };
                found.extend(read.finding());
            }
        }
    }

    found
}

/// The parts of a file of tests that each of its tests depends on.
struct TestFile<'all> {
    /// A class of tests may make in its set-up the thing that a test calls.
    has_set_up: bool,
    /// Names that are imported from the submission itself.
    own: BTreeSet<&'all str>,
}

impl<'all> TestFile<'all> {
    fn new(module: &'all Module, stems: &HashSet<&str>) -> Self {
        let is_own = |import: &str| import.split(['.', '/']).any(|part| stems.contains(part));
        let own = module.imports.iter().filter(|import| is_own(import));

        Self {
            has_set_up: module
                .functions
                .iter()
                .any(|one| one.name == "setUp" || one.name == "setup_method"),
            own: own
                .filter_map(|import| import.rsplit(['.', '/']).next())
                .collect(),
        }
    }
}

/// A test, and the functions that it reaches.
struct TestRead<'read, 'all> {
    corpus: &'all Corpus,
    graph: &'read Graph<'all>,
    module: &'all Module,
    file: &'read TestFile<'all>,
    function: &'all Function,
    test: &'all Test,
    reached: &'read BTreeSet<FunctionId>,
}

impl TestRead<'_, '_> {
    fn finding(&self) -> Option<Finding> {
        let name = &self.function.name;
        let (kind, question) = if self.checks_nothing() {
            (
                FindingKind::TestWithoutAssertion,
                format!("Que vérifie le test « {name} » : quelle valeur le ferait échouer ?"),
            )
        } else if self.is_invented() {
            (
                FindingKind::TestAllMocked,
                format!(
                    "Le test « {name} » remplace ce qu'il appelle : quelle partie du projet s'exécute vraiment ?"
                ),
            )
        } else {
            return None;
        };

        Some(Finding::new(
            kind,
            &self.module.path,
            self.function.line,
            question,
        ))
    }

    fn checks_nothing(&self) -> bool {
        let mut helpers = self
            .reached
            .iter()
            .filter_map(|id| self.graph.function(*id));
        // In Rust any call may panic or return its error: only a test that calls nothing checks
        // nothing.
        let may_panic = self.module.path.ends_with(".rs") && !self.function.calls.is_empty();

        self.test.checks + self.test.mock_checks == 0
            && !may_panic
            && !helpers.any(|helper| helper.checks > 0)
    }

    /// True when a test uses invented things and nothing that the submission itself made.
    fn is_invented(&self) -> bool {
        let replaced = self.test.replaced_names();
        let is_replaced = |id: &FunctionId| {
            let function = self.graph.function(*id);
            function.is_some_and(|function| replaced.contains(function.name.as_str()))
        };
        let mut reached = self.reached.iter();

        // A test of a pure function needs no invention, and is none.
        self.uses_inventions()
            && !self.starts_application()
            && !self.file.has_set_up
            && !self.uses_own_import(&replaced)
            && reached.all(|id| self.corpus.modules[id.0].is_test || is_replaced(id))
    }

    fn uses_inventions(&self) -> bool {
        let Function {
            names, parameters, ..
        } = self.function;
        !self.test.replaced.is_empty()
            || CODE
                .tests
                .inventions
                .iter()
                .any(|one| names.contains(one) || parameters.iter().any(|name| name == one))
    }

    fn starts_application(&self) -> bool {
        !self.test.requests.is_empty() || self.function.has_any_call(&CODE.tests.starts)
    }

    /// True when the test uses a name of the submission that it does not replace.
    fn uses_own_import(&self, replaced: &BTreeSet<&str>) -> bool {
        let mut names = self.function.names.iter().map(String::as_str);
        names.any(|name| self.file.own.contains(name) && !replaced.contains(name))
    }
}
