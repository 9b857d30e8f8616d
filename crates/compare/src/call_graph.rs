//! What the tests and the pipelines really reach: from a test that asserts to the functions it
//! calls, near and far.

mod names;
#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::corpus::Corpus;
use super::module::{Asked, Class, Function, Module, Request, Route, Test};
use super::workflow::{self, StepKind};

/// Farthest call followed from a test.
const DEPTH: usize = 5;

/// A function: index of its module, index in the module.
pub(super) type Place = (usize, usize);

/// The calls of a submission, by name.
pub(super) struct Graph<'all> {
    modules: &'all [Module],
    by_name: HashMap<&'all str, Vec<Place>>,
    /// For names that many files define: the places by name and file.
    by_file: HashMap<(&'all str, &'all str), Vec<Place>>,
    imports: Vec<names::Imports<'all>>,
    known: RefCell<HashMap<(&'all str, usize), Vec<Place>>>,
}

/// Definitions of one name beyond which only the files that a module imports are looked at.
const MANY: usize = 16;

/// What runs for sure.
#[derive(Debug, Default)]
pub(super) struct Reached {
    /// Functions that a test with a check runs, with that test.
    pub(super) by_tests: BTreeMap<Place, Place>,
    /// Names that those tests use.
    pub(super) names: BTreeSet<String>,
    /// Modules that a job runs as a program.
    pub(super) by_jobs: BTreeSet<usize>,
    /// Routes a test requests: module, index of the route, and the test.
    pub(super) routes: BTreeMap<(usize, usize), Place>,
    /// Routes that a test sees refused.
    pub(super) refused: BTreeMap<(usize, usize), Place>,
    /// For each test, the functions it reaches.
    pub(super) from: BTreeMap<Place, BTreeSet<Place>>,
}

impl<'all> Graph<'all> {
    pub(super) fn new(modules: &'all [Module]) -> Self {
        let mut by_name: HashMap<&str, Vec<Place>> = HashMap::new();
        let mut by_file: HashMap<(&str, &str), Vec<Place>> = HashMap::new();

        for (module_index, module) in modules.iter().enumerate() {
            for (index, function) in module.functions.iter().enumerate() {
                if function.test.is_none() {
                    by_name
                        .entry(function.name.as_str())
                        .or_default()
                        .push((module_index, index));
                    by_file
                        .entry((function.name.as_str(), module.stem()))
                        .or_default()
                        .push((module_index, index));
                }
            }
        }

        let imports = modules.iter().map(names::Imports::of).collect();

        Self {
            modules,
            by_name,
            by_file,
            imports,
            known: RefCell::default(),
        }
    }

    pub(super) fn function(&self, place: Place) -> Option<&'all Function> {
        self.modules.get(place.0)?.functions.get(place.1)
    }

    /// The functions that a name may mean, seen from a module.
    fn resolve(&self, name: &'all str, from: usize) -> Vec<Place> {
        if let Some(known) = self.known.borrow().get(&(name, from)) {
            return known.clone();
        }
        let found = self.look_up(name, from);
        self.known.borrow_mut().insert((name, from), found.clone());
        found
    }

    fn look_up(&self, name: &str, from: usize) -> Vec<Place> {
        let is_method = name.starts_with('.');
        let name = name.trim_start_matches('.');
        let Some(all) = self.by_name.get(name) else {
            return Vec::new();
        };
        let places = if all.len() > MANY {
            self.in_imported_files(name, from)
        } else {
            all.clone()
        };

        // In Python a method is called on an object, a function by its name or through its module.
        let fits = |place: &&Place| {
            let is_python = self.modules[place.0].path.ends_with(".py")
                || self.modules[place.0].path.ends_with(".ipynb");
            !is_python
                || self
                    .function(**place)
                    .is_some_and(|function| function.is_method() == is_method)
        };

        let places: Vec<Place> = places.iter().filter(fits).copied().collect();
        let own: Vec<Place> = places
            .iter()
            .filter(|place| place.0 == from)
            .copied()
            .collect();

        if !own.is_empty() {
            return own;
        }

        let imported = |place: &&Place| self.imports[from].has(&self.modules[place.0], name);
        let found: Vec<Place> = places.iter().filter(imported).copied().collect();
        if !found.is_empty() {
            return found;
        }

        match places[..] {
            [only] if !names::is_common(name) => vec![only],
            _ => Vec::new(),
        }
    }

    /// Everything that these calls run, in a few steps.
    pub(super) fn reach(&self, roots: Vec<Place>, without: &BTreeSet<&str>) -> BTreeSet<Place> {
        let mut found: BTreeSet<Place> = BTreeSet::new();
        let mut frontier = roots;

        for _ in 0..DEPTH {
            let mut next = Vec::new();

            for place in frontier {
                let Some(function) = self
                    .function(place)
                    .filter(|function| !without.contains(function.name.as_str()))
                else {
                    continue;
                };
                if found.insert(place) {
                    next.extend(
                        function
                            .calls
                            .iter()
                            .flat_map(|name| self.resolve(name, place.0)),
                    );

                    // A function given to another one, such as a dependency of FastAPI, runs too.
                    let given = function
                        .names
                        .iter()
                        .filter(|name| !function.calls.contains(*name));
                    let known = |one: &Place, name: &str| {
                        one.0 == place.0 || self.imports[place.0].has(&self.modules[one.0], name)
                    };

                    next.extend(given.flat_map(|name| {
                        self.resolve(name, place.0)
                            .into_iter()
                            .filter(|one| known(one, name))
                            .collect::<Vec<_>>()
                    }));
                }
            }

            frontier = next;
        }

        found
    }

    fn in_imported_files(&self, name: &str, from: usize) -> Vec<Place> {
        let own = self.modules[from].stem();
        let files = self.imports[from].files().chain(std::iter::once(own));
        let mut places: Vec<Place> = files
            .filter_map(|file| self.by_file.get(&(name, file)))
            .flatten()
            .copied()
            .collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    fn test_roots(&self, place: Place, function: &'all Function) -> Vec<Place> {
        let mut roots: Vec<Place> = Vec::new();
        let names = function.calls.iter().chain(&function.parameters);
        for name in names {
            roots.extend(self.resolve(name, place.0));
        }

        // Fixtures are asked for by the names of parameters, from any conftest above.
        for name in &function.parameters {
            let fixtures = self.by_name.get(name.as_str()).into_iter().flatten();
            roots.extend(
                fixtures.filter(|one| self.function(**one).is_some_and(|found| found.is_fixture)),
            );
        }

        roots
    }

    /// What a test runs at first hand and further, whatever it replaces.
    pub(super) fn reached_by(&self, place: Place, function: &'all Function) -> BTreeSet<Place> {
        self.reach(self.test_roots(place, function), &BTreeSet::new())
    }

    /// The routes that a request of a test may mean.
    fn routes(&self, test: usize, request: &Request) -> Vec<(usize, usize)> {
        let all = self
            .modules
            .iter()
            .enumerate()
            .filter(|(_, module)| !module.is_test)
            .flat_map(|(index, module)| {
                module
                    .routes
                    .iter()
                    .enumerate()
                    .map(move |(route_index, route)| ((index, route_index), route))
            });

        let asked = |route: &Route| match &request.asked {
            Asked::Path(path) => names::is_same_path(&route.path, path),
            Asked::Name(name) => route.name == *name,
        };
        let fits: Vec<(usize, usize)> = all
            .filter(|(_, route)| asked(route) && is_method(route, &request.method))
            .map(|(place, _)| place)
            .collect();

        let near = |place: &(usize, usize)| {
            names::nearness(&self.modules[place.0].path, &self.modules[test].path)
        };
        let nearest = fits.iter().map(near).max().unwrap_or(0);

        fits.into_iter()
            .filter(|place| near(place) == nearest)
            .collect()
    }

    /// The functions that answer a route: its view, or the methods of its view when it is a class.
    pub(super) fn handlers(&self, name: &'all str, from: usize) -> Vec<Place> {
        let found = self.resolve(name, from);
        if !found.is_empty() {
            return found;
        }

        let Some((index, class)) = self.class(name, from) else {
            return Vec::new();
        };
        let inside = |function: &Function| function.line >= class.line && function.end <= class.end;
        let functions = self.modules[index].functions.iter().enumerate();

        functions
            .filter(|(_, function)| inside(function))
            .map(|(at, _)| (index, at))
            .collect()
    }

    /// The class that a name means, the nearest first.
    pub(super) fn class(&self, name: &str, from: usize) -> Option<(usize, &'all Class)> {
        let all = self.modules.iter().enumerate().flat_map(|(index, module)| {
            module
                .classes
                .iter()
                .filter(|class| class.name == name)
                .map(move |class| (index, class))
        });
        all.max_by_key(|(index, _)| {
            names::nearness(&self.modules[*index].path, &self.modules[from].path)
        })
    }

    /// Everything that the tests and the jobs run.
    pub(super) fn reached(&self, corpus: &Corpus) -> Reached {
        let mut reached = Reached {
            by_jobs: self.jobs(corpus),
            ..Reached::default()
        };

        for (module_index, module) in self.modules.iter().enumerate() {
            for (index, function) in module.functions.iter().enumerate() {
                let Some(test) = function
                    .test
                    .as_ref()
                    .filter(|test| test.checks > 0 && !test.is_skipped)
                else {
                    continue;
                };
                self.follow((module_index, index), function, test, &mut reached);
            }
        }

        reached
    }

    fn follow(
        &self,
        place: Place,
        function: &'all Function,
        test: &'all Test,
        reached: &mut Reached,
    ) {
        let replaced: BTreeSet<&str> = test
            .replaced
            .iter()
            .map(|name| name.rsplit(['.', ':', '/']).next().unwrap_or(name))
            .collect();
        let mut roots = self.test_roots(place, function);
        let helpers: Vec<Place> = roots
            .iter()
            .filter(|root| self.modules[root.0].is_test)
            .copied()
            .collect();
        let mut requests = test.requests.clone();
        for helper in helpers.iter().filter_map(|helper| self.function(*helper)) {
            requests.extend(helper.requests.iter().cloned());
        }
        for request in &requests {
            for route in self.routes(place.0, request) {
                reached.routes.entry(route).or_insert(place);
                if test.expects_refusal {
                    reached.refused.entry(route).or_insert(place);
                }

                let handler = self.modules[route.0]
                    .routes
                    .get(route.1)
                    .map(|route| route.handler.as_str());

                roots.extend(
                    handler
                        .into_iter()
                        .flat_map(|name| self.handlers(name, route.0)),
                );
            }
        }
        let found = self.reach(roots, &replaced);
        for one in &found {
            reached.by_tests.entry(*one).or_insert(place);
        }
        reached.names.extend(function.names.iter().cloned());
        for one in found
            .iter()
            .filter(|one| self.modules[one.0].is_test)
            .filter_map(|one| self.function(*one))
        {
            reached.names.extend(one.names.iter().cloned());
        }
        reached.from.insert(place, found);
    }

    /// The modules that jobs run, those whose failure is swallowed left out.
    fn jobs(&self, corpus: &Corpus) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        let started = corpus
            .workflows
            .iter()
            .filter(|workflow| !workflow.is_never_called);
        for (job, step) in started.flat_map(|workflow| workflow.steps()) {
            if job.may_fail || step.may_fail.is_some() {
                continue;
            }

            for (offset, kind) in workflow::step_kinds(step) {
                let line = step.run.lines().nth(offset).unwrap_or("");
                if matches!(kind, StepKind::Preparation | StepKind::Lint)
                    || workflow::swallows(line).is_some()
                {
                    continue;
                }
                if let Some(script) = workflow::script(line) {
                    found.extend((0..self.modules.len()).filter(|index| {
                        names::is_program(script, line, &self.modules[*index].path)
                    }));
                }
            }
        }

        found
    }
}

fn is_method(route: &Route, method: &str) -> bool {
    method == "ANY"
        || route.method == method
        || route.method == "ALL"
        || (route.method == "GET" && method == "HEAD")
}
