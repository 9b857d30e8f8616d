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
    let mut found = Vec::new();

    for (at, module) in context.corpus.sources() {
        let run = ModuleRun {
            context,
            at,
            module,
            is_run: context.reached.by_jobs.contains(&at) || is_run_query(context, &module.path),
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

/// True when a test runs, near or far, the queries of a file that it names.
fn is_run_query(context: &TreeContext, path: &str) -> bool {
    let name = file_name(path);
    let in_functions = || {
        let mut functions = context.reached.by_tests.keys();
        functions.any(|id| {
            let function = context.graph.function(*id);
            function.is_some_and(|one| one.names.contains(name))
        })
    };
    // A test names the file of queries that it runs.
    path.ends_with(".sql") && (context.reached.names.contains(name) || in_functions())
}

/// A module, and the parts of it that run.
struct ModuleRun<'read, 'all> {
    context: &'read TreeContext<'all>,
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

    /// True when a test that replaces nothing runs a function.
    fn is_called_for_real(&self, scope: &str) -> bool {
        self.context.reached.from.iter().any(|(test, reached)| {
            !self.replaces(*test, reached) && self.context.has_function(reached, self.at, scope)
        })
    }

    fn replaces(&self, test: FunctionId, reached: &BTreeSet<FunctionId>) -> bool {
        let Some(function) = self.context.graph.function(test) else {
            return false;
        };
        let mut all = std::iter::once(function).chain(self.context.functions(reached));
        let replaced = function.test.as_ref().map(|test| &test.replaced);

        all.any(|one| !one.overrides.is_empty()) || replaced.is_some_and(|one| !one.is_empty())
    }

    /// True when a test of the metrics or of the logs runs a function.
    fn is_looked_at(&self, scope: &str) -> bool {
        let mut tests = self.context.reached.from.iter();
        tests.any(|(test, reached)| {
            self.asks_metrics(*test, reached)
                || (self.names_metrics(*test) && self.context.has_function(reached, self.at, scope))
        })
    }

    /// True when a test asks this service, by its functions or its routes, for its metrics.
    fn asks_metrics(&self, test: FunctionId, reached: &BTreeSet<FunctionId>) -> bool {
        let function = self.context.graph.function(test);
        let mut requests = function
            .and_then(|one| one.test.as_ref())
            .into_iter()
            .flat_map(|test| &test.requests);
        let mut routes = self.context.reached.routes.iter();

        requests.any(|request| request.names("metrics"))
            && (reached.iter().any(|id| id.0 == self.at)
                || routes.any(|(route, by)| *by == test && route.0 == self.at))
    }

    fn names_metrics(&self, test: FunctionId) -> bool {
        let function = self.context.graph.function(test);
        function.is_some_and(|one| CODE.tests.metrics.any_in(&one.name))
    }
}
