//! The routes of a tree, by the requests that may mean them.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use super::names::{PREFIX, is_same_path, parts};
use crate::limits::{ASKED, COMPARED};
use crate::module::{Asked, Module, Request, Route};

/// A route: index of its module, index in the module.
pub(crate) type RouteId = (usize, usize);

/// Routes that fit one request, the nearest of which is looked for.
const FITTING: usize = 16 * ASKED;

/// The routes that fit a request, by the thing that it asks for and by its method.
type Answers<'all> = HashMap<(&'all str, &'all str), Rc<[RouteId]>>;

/// The routes by name, and by the number of parts of their path.
pub(super) struct RouteIndex<'all> {
    by_name: HashMap<&'all str, Vec<(RouteId, &'all Route)>>,
    by_length: BTreeMap<usize, Vec<RouteParts<'all>>>,
    /// Requests already answered: tests ask for the same routes again.
    known: RefCell<Answers<'all>>,
    /// Comparisons that may still be made.
    left: Cell<usize>,
}

struct RouteParts<'all> {
    id: RouteId,
    route: &'all Route,
    parts: Vec<&'all str>,
}

impl<'all> RouteIndex<'all> {
    pub(super) fn new(modules: &'all [Module]) -> Self {
        let mut by_name: HashMap<_, Vec<_>> = HashMap::new();
        let mut by_length: BTreeMap<_, Vec<_>> = BTreeMap::new();

        for (at, module) in modules.iter().enumerate().filter(|(_, one)| !one.is_test) {
            for (index, route) in module.routes.iter().enumerate() {
                let id = (at, index);
                by_name
                    .entry(route.name.as_str())
                    .or_default()
                    .push((id, route));
                let parts = parts(&route.path);
                let same = by_length.entry(parts.len()).or_default();
                same.push(RouteParts { id, route, parts });
            }
        }

        Self {
            by_name,
            by_length,
            known: RefCell::default(),
            left: Cell::new(COMPARED),
        }
    }

    pub(super) fn is_cut(&self) -> bool {
        self.left.get() == 0
    }

    /// The routes that a request may mean.
    pub(super) fn fitting(&self, request: &'all Request) -> Rc<[RouteId]> {
        let asked = match &request.asked {
            Asked::Path(asked) | Asked::Name(asked) => asked.as_str(),
        };
        let key = (asked, request.method.as_str());
        if let Some(known) = self.known.borrow().get(&key) {
            return Rc::clone(known);
        }

        let found: Rc<[RouteId]> = match &request.asked {
            Asked::Path(path) => self.by_path(path, &request.method),
            Asked::Name(name) => self.named(name, &request.method),
        };
        self.known.borrow_mut().insert(key, Rc::clone(&found));
        found
    }

    fn named(&self, name: &str, method: &str) -> Rc<[RouteId]> {
        let routes = self.by_name.get(name).into_iter().flatten();
        let fitting = routes.filter(|(_, route)| has_method(route, method));
        fitting.map(|(id, _)| *id).take(FITTING).collect()
    }

    fn by_path(&self, path: &str, method: &str) -> Rc<[RouteId]> {
        let asked = parts(path);
        // A prefix may stand before the path of the route.
        let lengths = asked.len().saturating_sub(PREFIX)..=asked.len();
        let routes = self.by_length.range(lengths).flat_map(|(_, routes)| routes);

        let fits =
            |one: &&RouteParts| is_same_path(&one.parts, &asked) && has_method(one.route, method);
        routes
            .take_while(|_| self.spend())
            .filter(fits)
            .map(|one| one.id)
            .take(FITTING)
            .collect()
    }

    fn spend(&self) -> bool {
        let left = self.left.get();
        self.left.set(left.saturating_sub(1));
        left > 0
    }
}

fn has_method(route: &Route, method: &str) -> bool {
    method == "ANY"
        || route.method == method
        || route.method == "ALL"
        || (route.method == "GET" && method == "HEAD")
}
