//! Call graph: from a test that asserts, or a job, to the functions it really runs, near and far.

mod names;
mod routes;
#[cfg(test)]
mod tests;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use crate::corpus::Corpus;
use crate::limits::{ASKED, CALLED, IMPORTED, NAMES, REACHED, REACHED_IN_ALL, SAME_NAME};
use crate::module::{Class, Function, Module, Request, Test};
use crate::path_index::PathIndex;
use crate::text::shared_folders;
use crate::workflow::{self, Step, StepKind};
pub(crate) use routes::RouteId;
use routes::RouteIndex;

/// Farthest call followed from a test.
const DEPTH: usize = 5;

/// A function: index of its module, index in the module.
pub(crate) type FunctionId = (usize, usize);

/// The functions that a name means, by the name and by the module that calls it.
type Resolved<'all> = HashMap<(&'all str, usize), Rc<[FunctionId]>>;

/// The calls of a submission, by name. Its work is bounded by `limits`, whatever the tree.
pub(crate) struct Graph<'all> {
    modules: &'all [Module],
    by_name: HashMap<&'all str, Vec<FunctionId>>,
    /// For names that many files define: the functions by name and file.
    by_file: HashMap<(&'all str, &'all str), Vec<FunctionId>>,
    fixtures: HashMap<&'all str, Vec<FunctionId>>,
    classes: HashMap<&'all str, Vec<(usize, &'all Class)>>,
    routes: RouteIndex<'all>,
    imports: Vec<names::Imports<'all>>,
    /// Names already resolved.
    resolved: RefCell<Resolved<'all>>,
    /// The calls of the functions already followed.
    called: RefCell<HashMap<FunctionId, Rc<[FunctionId]>>>,
    /// Functions that may still be reached.
    left: Cell<usize>,
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
        let mut graph = Self {
            modules,
            by_name: HashMap::new(),
            by_file: HashMap::new(),
            fixtures: HashMap::new(),
            classes: HashMap::new(),
            routes: RouteIndex::new(modules),
            imports: modules.iter().map(names::Imports::of).collect(),
            resolved: RefCell::default(),
            called: RefCell::default(),
            left: Cell::new(REACHED_IN_ALL),
        };

        for (at, module) in modules.iter().enumerate() {
            graph.add(at, module);
        }
        graph
    }

    fn add(&mut self, at: usize, module: &'all Module) {
        // Nobody calls a test.
        let functions = module.functions.iter().enumerate();
        for (index, function) in functions.filter(|(_, one)| one.test.is_none()) {
            let (name, id) = (function.name.as_str(), (at, index));
            self.by_name.entry(name).or_default().push(id);
            self.by_file
                .entry((name, module.stem()))
                .or_default()
                .push(id);
            if function.is_fixture {
                self.fixtures.entry(name).or_default().push(id);
            }
        }

        for class in &module.classes {
            self.classes
                .entry(&class.name)
                .or_default()
                .push((at, class));
        }
    }

    /// True when functions were left out, for want of an end to the calls.
    pub(crate) fn is_cut(&self) -> bool {
        self.left.get() == 0 || self.routes.is_cut()
    }

    /// Number of functions reached until now, each counted once for each test that reaches it.
    #[cfg(test)]
    pub(crate) fn work(&self) -> usize {
        REACHED_IN_ALL - self.left.get()
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
    fn resolve(&self, name: &'all str, from: usize) -> Rc<[FunctionId]> {
        if let Some(known) = self.resolved.borrow().get(&(name, from)) {
            return Rc::clone(known);
        }

        let found: Rc<[FunctionId]> = self.look_up(name, from).into();
        self.resolved
            .borrow_mut()
            .insert((name, from), Rc::clone(&found));
        found
    }

    /// The functions of this name: those of the module itself, or those that it imports, or the
    /// only one of the tree.
    fn look_up(&self, called: &str, from: usize) -> Vec<FunctionId> {
        let name = called.trim_start_matches('.');
        let Some(all) = self.by_name.get(name) else {
            return Vec::new();
        };
        let fits = |id: &&FunctionId| self.fits(**id, called.starts_with('.'));

        // They are in the order of the modules.
        let own = &all[all.partition_point(|id| id.0 < from)..];
        let own = own.iter().take_while(|id| id.0 == from).filter(fits);
        let own: Vec<FunctionId> = own.take(SAME_NAME).copied().collect();
        if !own.is_empty() {
            return own;
        }

        let candidates = match all.len() > SAME_NAME {
            true => self.in_imported_files(name, from),
            false => all.clone(),
        };
        let fitting = || candidates.iter().filter(fits);
        let is_imported = |id: &&FunctionId| self.imports[from].has(&self.modules[id.0], name);
        let imported = fitting().filter(is_imported).take(SAME_NAME);
        let imported: Vec<FunctionId> = imported.copied().collect();
        if !imported.is_empty() {
            return imported;
        }

        // A link may be missing, never invented: of two functions, neither is chosen.
        let mut fitting = fitting();
        match (fitting.next(), fitting.next()) {
            (Some(only), None) if !names::is_common(name) => vec![*only],
            _ => Vec::new(),
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
        let files = self.imports[from].files().take(IMPORTED);

        let mut found: Vec<FunctionId> = files
            .chain(std::iter::once(own))
            .filter_map(|file| self.by_file.get(&(name, file)))
            .flat_map(|functions| functions.iter().take(SAME_NAME))
            .copied()
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Everything that these functions run, in a few steps: the nearest first, up to a limit.
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
                let Some(function) = function.filter(|_| !found.contains(&id)) else {
                    continue;
                };
                if found.len() >= REACHED || !self.spend() {
                    return found;
                }
                found.insert(id);
                next.extend_from_slice(&self.calls_of(id, function));
            }
            frontier = next;
        }

        found
    }

    /// Counts a function that is reached; false once there were too many.
    fn spend(&self) -> bool {
        let left = self.left.get();
        self.left.set(left.saturating_sub(1));
        left > 0
    }

    /// The functions that a function calls, or gives to another one.
    fn calls_of(&self, id: FunctionId, function: &'all Function) -> Rc<[FunctionId]> {
        if let Some(known) = self.called.borrow().get(&id) {
            return Rc::clone(known);
        }

        let calls = function.calls.iter().take(NAMES);
        let called = calls.flat_map(|name| self.resolve(name, id.0).to_vec());
        // A function given to another one, such as a dependency of FastAPI, runs too.
        let given = function.names.difference(&function.calls).take(NAMES);
        let given = given.flat_map(|name| {
            let is_known = |one: &&FunctionId| {
                one.0 == id.0 || self.imports[id.0].has(&self.modules[one.0], name)
            };
            let found = self.resolve(name, id.0);
            found.iter().filter(is_known).copied().collect::<Vec<_>>()
        });

        let mut seen = BTreeSet::new();
        let calls = called.chain(given).filter(|one| seen.insert(*one));
        let calls: Rc<[FunctionId]> = calls.take(CALLED).collect();
        self.called.borrow_mut().insert(id, Rc::clone(&calls));
        calls
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
        let parameters = || function.parameters.iter().take(CALLED);
        let calls = function.calls.iter().take(NAMES).chain(parameters());
        let called = calls.flat_map(|name| self.resolve(name, id.0).to_vec());

        // Fixtures are asked for by the names of parameters, from any conftest above.
        let fixtures = parameters()
            .filter_map(|name| self.fixtures.get(name.as_str()))
            .flat_map(|found| found.iter().take(SAME_NAME));

        called.chain(fixtures.copied()).take(REACHED).collect()
    }

    /// The routes that a request of a test may mean: the nearest to it.
    fn routes(&self, test: usize, request: &'all Request) -> Vec<RouteId> {
        let fits = self.routes.fitting(request);
        let nearness = |id: &&RouteId| self.nearness(id.0, test);
        let nearest = fits.iter().map(|id| nearness(&id)).max();
        let nearest = fits.iter().filter(|id| Some(nearness(id)) == nearest);
        nearest.take(ASKED).copied().collect()
    }

    fn nearness(&self, left: usize, right: usize) -> usize {
        shared_folders(&self.modules[left].path, &self.modules[right].path)
    }

    /// The functions that answer a route: its view, or the methods of its view when it is a class.
    pub(crate) fn handlers(&self, name: &'all str, from: usize) -> Vec<FunctionId> {
        let found = self.resolve(name, from);
        if !found.is_empty() {
            return found.to_vec();
        }
        let Some((at, class)) = self.class(name, from) else {
            return Vec::new();
        };

        // They are in the order of the text.
        let functions = &self.modules[at].functions;
        let first = functions.partition_point(|one| one.line < class.line);
        let inside = functions.iter().enumerate().skip(first).take(REACHED);
        inside
            .take_while(|(_, one)| one.line <= class.end)
            .filter(|(_, one)| one.end <= class.end)
            .map(|(index, _)| (at, index))
            .collect()
    }

    /// The class that a name means, the nearest first.
    fn class(&self, name: &str, from: usize) -> Option<(usize, &'all Class)> {
        let all = self.classes.get(name)?.iter().take(SAME_NAME);
        all.max_by_key(|(at, _)| self.nearness(*at, from)).copied()
    }

    /// Everything that the tests and the jobs run.
    pub(crate) fn reached(&self, corpus: &Corpus) -> Reached {
        let mut reached = Reached {
            by_jobs: self.jobs(corpus),
            ..Reached::default()
        };
        let mut named = BTreeSet::new();
        for (id, function, test) in self.tests() {
            self.follow(id, function, test, &mut reached);
            self.add_names(id, function, &mut named, &mut reached);
        }
        reached
    }

    /// Adds the names that a test and its helpers use; a helper of many tests is read once.
    fn add_names(
        &self,
        id: FunctionId,
        function: &'all Function,
        named: &mut BTreeSet<FunctionId>,
        reached: &mut Reached,
    ) {
        reached.names.extend(function.names.iter().cloned());
        let Some(found) = reached.from.get(&id) else {
            return;
        };

        let new = found.iter().filter(|one| named.insert(**one));
        let names = self.helpers(new).flat_map(|one| one.names.iter().cloned());
        reached.names.extend(names);
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
        reached.from.insert(id, found);
    }

    /// The routes that a test and its helpers request.
    fn requested(&self, module: usize, test: &'all Test, roots: &[FunctionId]) -> Vec<RouteId> {
        let by_helpers = self.helpers(roots.iter()).flat_map(|one| &one.requests);
        test.requests
            .iter()
            .chain(by_helpers)
            .take(NAMES)
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

        let files: BTreeSet<String> = steps.flat_map(|(_, step)| programs(step)).collect();
        let paths = PathIndex::new(self.modules.iter().map(|module| module.path.as_str()));
        files.iter().flat_map(|file| paths.ending(file)).collect()
    }
}

/// The files that a step runs as programs.
fn programs(step: &Step) -> Vec<String> {
    let program = |command: workflow::Command| {
        // Installing and formatting a program do not run it.
        let counts = !matches!(command.kind, StepKind::Preparation | StepKind::Lint)
            && command.swallowed.is_none();
        let program = workflow::program(command.text.trim()).filter(|_| counts)?;
        Some(names::file_of_program(program, command.text))
    };
    workflow::commands(step)
        .into_iter()
        .filter_map(program)
        .collect()
}
