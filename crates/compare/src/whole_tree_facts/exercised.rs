//! The facts of code that a test with a check, or a job, runs.

use std::collections::BTreeSet;

use super::context::TreeContext;
use crate::call_graph::FunctionId;
use crate::fact::{Fact, FactKind};
use crate::lexicon::CODE;
use crate::module::Module;
use crate::text::file_name;

/// The exercised facts: index of the module, index of the fact.
pub(super) fn facts(context: &TreeContext) -> Vec<(usize, usize)> {
    let makes_schema = CODE
        .tests
        .schema_makers
        .iter()
        .any(|name| context.reached.names.contains(name));
    let tests = TestsRead::new(context);
    let mut found = Vec::new();

    for (at, module) in context.corpus.sources() {
        let is_query = tests.queries.contains(file_name(&module.path));
        let run = ModuleRun {
            tests: &tests,
            at,
            module,
            is_run: context.reached.by_jobs.contains(&at) || is_query,
            tested: tested(context, at, module),
            makes_schema,
        };
        let facts = module.facts.iter().enumerate();
        let exercised = facts.filter(|(_, fact)| run.exercises(fact));
        found.extend(exercised.map(|(index, _)| (at, index)));
    }

    found
}

/// Names of the functions of a module that tests run.
fn tested<'all>(context: &TreeContext, at: usize, module: &'all Module) -> BTreeSet<&'all str> {
    let functions = module.functions.iter().enumerate();
    functions
        .filter(|(index, _)| context.reached.by_tests.contains_key(&(at, *index)))
        .map(|(_, function)| function.name.as_str())
        .collect()
}

/// The parts of the tests that the facts of every module depend on, read once.
struct TestsRead<'all> {
    /// Files of queries that a test runs, near or far: a function names those that it runs.
    queries: BTreeSet<&'all str>,
    /// Functions that a test which replaces nothing runs: module and name.
    for_real: BTreeSet<(usize, &'all str)>,
    /// Functions that a test of the metrics or of the logs runs.
    looked_at: BTreeSet<(usize, &'all str)>,
    /// Modules that a test asks for their metrics.
    measured: BTreeSet<usize>,
}

impl<'all> TestsRead<'all> {
    fn new(context: &TreeContext<'all>) -> Self {
        let reached = context.reached;
        let is_query = |name: &&str| name.ends_with(".sql");
        let run = reached.by_tests.keys();
        let run = run.filter_map(|id| context.graph.function(*id));
        let by_functions = run.flat_map(|function| function.names.iter().map(String::as_str));
        let by_tests = reached.names.iter().map(String::as_str);

        let mut read = Self {
            queries: by_functions.chain(by_tests).filter(is_query).collect(),
            for_real: BTreeSet::new(),
            looked_at: BTreeSet::new(),
            measured: BTreeSet::new(),
        };
        for (test, functions) in &reached.from {
            read.add(context, *test, functions);
        }
        let asked = reached
            .routes
            .iter()
            .filter(|(_, test)| asks_metrics(context, **test));
        read.measured.extend(asked.map(|(route, _)| route.0));
        read
    }

    fn add(
        &mut self,
        context: &TreeContext<'all>,
        test: FunctionId,
        functions: &BTreeSet<FunctionId>,
    ) {
        if !replaces(context, test, functions) {
            self.for_real.extend(named(context, functions));
        }

        let function = context.graph.function(test);
        if function.is_some_and(|one| CODE.tests.metrics.any_in(&one.name)) {
            self.looked_at.extend(named(context, functions));
        }

        if asks_metrics(context, test) {
            self.measured.extend(functions.iter().map(|id| id.0));
        }
    }
}

/// The module and the name of each of these functions.
fn named<'all>(
    context: &TreeContext<'all>,
    functions: &BTreeSet<FunctionId>,
) -> Vec<(usize, &'all str)> {
    let name = |id: &FunctionId| Some((id.0, context.graph.function(*id)?.name.as_str()));
    functions.iter().filter_map(name).collect()
}

fn replaces(context: &TreeContext, test: FunctionId, reached: &BTreeSet<FunctionId>) -> bool {
    let Some(function) = context.graph.function(test) else {
        return false;
    };
    let mut all = std::iter::once(function).chain(context.functions(reached));
    let replaced = function.test.as_ref().map(|test| &test.replaced);

    all.any(|one| !one.overrides.is_empty()) || replaced.is_some_and(|one| !one.is_empty())
}

/// True when a test asks a service for its metrics.
fn asks_metrics(context: &TreeContext, test: FunctionId) -> bool {
    let function = context.graph.function(test);
    let test = function.and_then(|one| one.test.as_ref());
    test.is_some_and(|test| test.requests.iter().any(|request| request.names("metrics")))
}

/// A module, and the parts of it that run.
struct ModuleRun<'read, 'all> {
    tests: &'read TestsRead<'all>,
    at: usize,
    module: &'all Module,
    /// A job runs it as a program, or a test runs the queries that it is.
    is_run: bool,
    tested: BTreeSet<&'all str>,
    /// A test creates the schema, by whatever tables the tree declares.
    makes_schema: bool,
}

impl ModuleRun<'_, '_> {
    fn exercises(&self, fact: &Fact) -> bool {
        let scope = fact.scope.as_str();

        match fact.kind {
            // A metric or a log serves every request: a test of its own exercises it, not any
            // request.
            FactKind::AppMetric | FactKind::Logging if !self.is_looked_at(scope) => return false,
            FactKind::AppMetric if scope.is_empty() => return true,
            FactKind::SqlSelect if !self.module.routes.is_empty() => return false,
            FactKind::AiService if !self.is_run && !self.is_called_for_real(scope) => return false,
            FactKind::Schema if self.makes_schema => return true,
            _ => {}
        }
        self.is_run || (!scope.is_empty() && self.tested.contains(scope))
    }

    fn is_called_for_real(&self, scope: &str) -> bool {
        self.tests.for_real.contains(&(self.at, scope))
    }

    /// True when a test of the metrics or of the logs runs a function, or asks for them.
    fn is_looked_at(&self, scope: &str) -> bool {
        self.tests.measured.contains(&self.at) || self.tests.looked_at.contains(&(self.at, scope))
    }
}
