//! Call graph: from a test that asserts, or a job, to the functions it really runs, near and far.

mod names;
#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::corpus::Corpus;
use crate::module::{Asked, Class, Function, Module, Request, Route, Test};
use crate::text::shared_folders;
use crate::workflow::{self, Step, StepKind};

/// Farthest call followed from a test.
const DEPTH: usize = 5;
/// Definitions of one name beyond which only the files that a module imports are looked at.
const MANY: usize = 16;

/// A function: index of its module, index in the module.
pub(crate) type FunctionId = (usize, usize);
/// A route: index of its module, index in the module.
pub(crate) type RouteId = (usize, usize);

/// The calls of a submission, by name.
pub(crate) struct Graph<'all> {
    modules: &'all [Module],
    by_name: HashMap<&'all str, Vec<FunctionId>>,
    /// For names that many files define: the functions by name and file.
    by_file: HashMap<(&'all str, &'all str), Vec<FunctionId>>,
    imports: Vec<names::Imports<'all>>,
    /// Names already resolved, by the module that calls them.
    resolved: RefCell<HashMap<(&'all str, usize), Vec<FunctionId>>>,
}

/// Everything that the tests and the jobs run for sure.
#[derive(Debug, Default)]
pub(crate) struct Reached {
    /// Functions that a test with a check runs, with that test.
    pub(crate) by_tests: BTreeMap<FunctionId, FunctionId>,
    /// Names that those tests use.
    pub(crate) names: BTreeSet<String>,
    /// Modules that a job runs as a program.
    pub(crate) by_jobs: BTreeSet<usize>,
    /// Routes a test requests, and the test.
    pub(crate) routes: BTreeMap<RouteId, FunctionId>,
    /// Routes that a test sees refused, and the test.
    pub(crate) refused: BTreeMap<RouteId, FunctionId>,
    /// For each test, the functions it reaches.
    pub(crate) from: BTreeMap<FunctionId, BTreeSet<FunctionId>>,
}

impl<'all> Graph<'all> {
    pub(crate) fn new(modules: &'all [Module]) -> Self {
        let mut by_name: HashMap<_, Vec<FunctionId>> = HashMap::new();
        let mut by_file: HashMap<_, Vec<FunctionId>> = HashMap::new();

        for (module_index, module) in modules.iter().enumerate() {
            for (index, function) in module.functions.iter().enumerate() {
                // Nobody calls a test.
                if function.test.is_none() {
                    let (name, id) = (function.name.as_str(), (module_index, index));
                    by_name.entry(name).or_default().push(id);
                    by_file.entry((name, module.stem())).or_default().push(id);
                }
            }
        }

        Self {
            modules,
            by_name,
            by_file,
            imports: modules.iter().map(names::Imports::of).collect(),
            resolved: RefCell::default(),
        }
    }

    pub(crate) fn function(&self, id: FunctionId) -> Option<&'all Function> {
        self.modules.get(id.0)?.functions.get(id.1)
    }

    /// Every test that checks a value, with its function.
    pub(crate) fn tests(&self) -> impl Iterator<Item = (FunctionId, &'all Function, &'all Test)> {
        self.modules.iter().enumerate().flat_map(|(at, module)| {
            let functions = module.functions.iter().enumerate();
            functions.filter_map(move |(index, function)| {
                Some(((at, index), function, function.checking_test()?))
            })
        })
    }

    /// The functions that a name may mean, seen from a module.
    fn resolve(&self, name: &'all str, from: usize) -> Vec<FunctionId> {
        if let Some(known) = self.resolved.borrow().get(&(name, from)) {
            return known.clone();
        }

        let found = self.look_up(name, from);
        self.resolved
            .borrow_mut()
            .insert((name, from), found.clone());
        found
    }

    /// The functions of this name: those of the module itself, or those that it imports, or the
    /// only one of the tree.
    fn look_up(&self, called: &str, from: usize) -> Vec<FunctionId> {
        let name = called.trim_start_matches('.');
        let mut candidates = self.candidates(name, from);
        candidates.retain(|id| self.fits(*id, called.starts_with('.')));

        let such = |is_such: &dyn Fn(&FunctionId) -> bool| -> Vec<FunctionId> {
            candidates
                .iter()
                .filter(|id| is_such(id))
                .copied()
                .collect()
        };
        let own = such(&|id| id.0 == from);
        if !own.is_empty() {
            return own;
        }
        let imported = such(&|id| self.imports[from].has(&self.modules[id.0], name));
        if !imported.is_empty() {
            return imported;
        }

        // A link may be missing, never invented: of two functions, neither is chosen.
        match candidates[..] {
            [only] if !names::is_common(name) => vec![only],
            _ => Vec::new(),
        }
    }

    fn candidates(&self, name: &str, from: usize) -> Vec<FunctionId> {
        match self.by_name.get(name) {
            Some(all) if all.len() > MANY => self.in_imported_files(name, from),
            Some(all) => all.clone(),
            None => Vec::new(),
        }
    }

    /// In Python a method is called on an object, a function by its name or through its module.
    fn fits(&self, id: FunctionId, is_method: bool) -> bool {
        let path = &self.modules[id.0].path;
        let is_python = path.ends_with(".py") || path.ends_with(".ipynb");
        let function = self.function(id);
        !is_python || function.is_some_and(|function| function.is_method() == is_method)
    }

    fn in_imported_files(&self, name: &str, from: usize) -> Vec<FunctionId> {
        let own = self.modules[from].stem();
        let files = self.imports[from].files().chain(std::iter::once(own));

        let mut found: Vec<FunctionId> = files
            .filter_map(|file| self.by_file.get(&(name, file)))
            .flatten()
            .copied()
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Everything that these functions run, in a few steps.
    pub(crate) fn reach(
        &self,
        roots: Vec<FunctionId>,
        without: &BTreeSet<&str>,
    ) -> BTreeSet<FunctionId> {
        let mut found: BTreeSet<FunctionId> = BTreeSet::new();
        let mut frontier = roots;

        for _ in 0..DEPTH {
            let mut next = Vec::new();
            for id in frontier {
                let function = self
                    .function(id)
                    .filter(|function| !without.contains(function.name.as_str()));
                if let Some(function) = function
                    && found.insert(id)
                {
                    self.add_called(function, id.0, &mut next);
                }
            }
            frontier = next;
        }

        found
    }

    /// The functions that a function calls, or gives to another one.
    fn add_called(&self, function: &'all Function, from: usize, found: &mut Vec<FunctionId>) {
        for name in &function.calls {
            found.extend(self.resolve(name, from));
        }

        // A function given to another one, such as a dependency of FastAPI, runs too.
        let given = function.names.difference(&function.calls);
        for name in given {
            let known =
                |id: &FunctionId| id.0 == from || self.imports[from].has(&self.modules[id.0], name);
            found.extend(self.resolve(name, from).into_iter().filter(known));
        }
    }

    /// The functions that a test runs, near and far, whatever it replaces.
    pub(crate) fn reached_by(
        &self,
        id: FunctionId,
        function: &'all Function,
    ) -> BTreeSet<FunctionId> {
        self.reach(self.test_roots(id, function), &BTreeSet::new())
    }

    fn test_roots(&self, id: FunctionId, function: &'all Function) -> Vec<FunctionId> {
        let called = function
            .calls
            .iter()
            .chain(&function.parameters)
            .flat_map(|name| self.resolve(name, id.0));

        // Fixtures are asked for by the names of parameters, from any conftest above.
        let fixtures = function
            .parameters
            .iter()
            .filter_map(|name| self.by_name.get(name.as_str()))
            .flatten()
            .filter(|id| self.function(**id).is_some_and(|one| one.is_fixture));

        called.chain(fixtures.copied()).collect()
    }

    /// The routes that a request of a test may mean: the nearest to it.
    fn routes(&self, test: usize, request: &Request) -> Vec<RouteId> {
        let is_asked = |route: &Route| match &request.asked {
            Asked::Path(path) => names::is_same_path(&route.path, path),
            Asked::Name(name) => route.name == *name,
        };
        let fits: Vec<RouteId> = self
            .all_routes()
            .filter(|(_, route)| is_asked(route) && has_method(route, &request.method))
            .map(|(id, _)| id)
            .collect();

        let nearness = |id: &RouteId| self.nearness(id.0, test);
        let nearest = fits.iter().map(nearness).max();
        fits.into_iter()
            .filter(|id| Some(nearness(id)) == nearest)
            .collect()
    }

    fn all_routes(&self) -> impl Iterator<Item = (RouteId, &'all Route)> {
        let sources = self.modules.iter().enumerate();
        sources
            .filter(|(_, module)| !module.is_test)
            .flat_map(|(at, module)| {
                let routes = module.routes.iter().enumerate();
                routes.map(move |(index, route)| ((at, index), route))
            })
    }

    fn nearness(&self, left: usize, right: usize) -> usize {
        shared_folders(&self.modules[left].path, &self.modules[right].path)
    }

    /// The functions that answer a route: its view, or the methods of its view when it is a class.
    pub(crate) fn handlers(&self, name: &'all str, from: usize) -> Vec<FunctionId> {
        let found = self.resolve(name, from);
        if !found.is_empty() {
            return found;
        }
        let Some((at, class)) = self.class(name, from) else {
            return Vec::new();
        };

        let functions = self.modules[at].functions.iter().enumerate();
        functions
            .filter(|(_, one)| one.line >= class.line && one.end <= class.end)
            .map(|(index, _)| (at, index))
            .collect()
    }

    /// The class that a name means, the nearest first.
    fn class(&self, name: &str, from: usize) -> Option<(usize, &'all Class)> {
        let all = self.modules.iter().enumerate().flat_map(|(at, module)| {
            let classes = module.classes.iter();
            classes
                .filter(|class| class.name == name)
                .map(move |class| (at, class))
        });
        all.max_by_key(|(at, _)| self.nearness(*at, from))
    }

    /// Everything that the tests and the jobs run.
    pub(crate) fn reached(&self, corpus: &Corpus) -> Reached {
        let mut reached = Reached {
            by_jobs: self.jobs(corpus),
            ..Reached::default()
        };
        for (id, function, test) in self.tests() {
            self.follow(id, function, test, &mut reached);
        }
        reached
    }

    /// Follows one test: its requests to the functions that answer them, then all of its calls.
    fn follow(
        &self,
        id: FunctionId,
        function: &'all Function,
        test: &'all Test,
        reached: &mut Reached,
    ) {
        let mut roots = self.test_roots(id, function);

        for route in self.requested(id.0, test, &roots) {
            reached.routes.entry(route).or_insert(id);
            if test.expects_refusal {
                reached.refused.entry(route).or_insert(id);
            }
            if let Some(answer) = self.modules[route.0].routes.get(route.1) {
                roots.extend(self.handlers(&answer.handler, route.0));
            }
        }

        let found = self.reach(roots, &test.replaced_names());
        for one in &found {
            reached.by_tests.entry(*one).or_insert(id);
        }

        let helpers = self.helpers(found.iter());
        let names = std::iter::once(function)
            .chain(helpers)
            .flat_map(|one| one.names.iter().cloned());
        reached.names.extend(names);
        reached.from.insert(id, found);
    }

    /// The routes that a test and its helpers request.
    fn requested(&self, module: usize, test: &Test, roots: &[FunctionId]) -> Vec<RouteId> {
        let by_helpers = self.helpers(roots.iter()).flat_map(|one| &one.requests);
        test.requests
            .iter()
            .chain(by_helpers)
            .flat_map(|request| self.routes(module, request))
            .collect()
    }

    /// Those of the functions that stand in a file of tests.
    pub(crate) fn helpers<'ids>(
        &'ids self,
        ids: impl Iterator<Item = &'ids FunctionId> + 'ids,
    ) -> impl Iterator<Item = &'all Function> + 'ids {
        ids.filter(|id| self.modules[id.0].is_test)
            .filter_map(|id| self.function(*id))
    }

    /// The modules that jobs run, those whose failure is swallowed left out.
    fn jobs(&self, corpus: &Corpus) -> BTreeSet<usize> {
        let started = corpus
            .workflows
            .iter()
            .filter(|workflow| !workflow.is_never_called);
        let steps = started
            .flat_map(|workflow| workflow.steps())
            .filter(|(job, step)| !job.may_fail && step.may_fail.is_none());

        steps.flat_map(|(_, step)| self.programs(step)).collect()
    }

    /// The modules that a step runs as programs.
    fn programs(&self, step: &Step) -> Vec<usize> {
        let mut found = Vec::new();

        for (offset, kind) in workflow::step_kinds(step) {
            let line = step.command(offset);
            // Installing and formatting a program do not run it.
            let counts = !matches!(kind, StepKind::Preparation | StepKind::Lint)
                && workflow::swallows(line).is_none();

            if let Some(program) = workflow::program(line).filter(|_| counts) {
                let modules = self.modules.iter().enumerate();
                let run = modules.filter(|(_, one)| names::is_program(program, line, &one.path));
                found.extend(run.map(|(at, _)| at));
            }
        }

        found
    }
}

fn has_method(route: &Route, method: &str) -> bool {
    method == "ANY"
        || route.method == method
        || route.method == "ALL"
        || (route.method == "GET" && method == "HEAD")
}
