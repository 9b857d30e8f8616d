//! The purpose of each route: data, the model, pages, the connection, the health of the service.

use std::collections::{BTreeSet, HashMap};

use super::context::TreeContext;
use crate::call_graph::{FunctionId, RouteId};
use crate::fact::{Fact, FactKind};
use crate::lexicon::CODE;
use crate::module::{Function, Module, Route};
use crate::text::separated;

/// The purpose of a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Topic {
    Data,
    Model,
    Page,
    Connection,
    Health,
}

pub(super) fn facts(context: &TreeContext) -> Vec<Fact> {
    let mut found = Vec::new();

    for (at, module) in context.corpus.sources() {
        let functions = module.functions.iter().enumerate().rev();
        // The first of a name counts, so it is put in last.
        let by_name = functions.map(|(index, one)| (one.name.as_str(), (index, one)));
        let functions: HashMap<_, _> = by_name.collect();

        for (index, route) in module.routes.iter().enumerate() {
            let read = RouteRead {
                context,
                at,
                module,
                functions: &functions,
                route,
            };
            found.extend(read.facts((at, index)));
        }
    }

    found
}

/// A route, in its module and its tree.
struct RouteRead<'read, 'all> {
    context: &'read TreeContext<'all>,
    at: usize,
    module: &'all Module,
    functions: &'read HashMap<&'all str, (usize, &'all Function)>,
    route: &'all Route,
}

impl RouteRead<'_, '_> {
    fn facts(&self, id: RouteId) -> Vec<Fact> {
        let topic = self.topic();
        let Some((kind, guarded, what)) = kinds(topic) else {
            return Vec::new();
        };
        let name = format!("{what} `{} {}`", self.route.method, self.route.path);
        let is_requested = self.context.reached.routes.contains_key(&id);
        let is_refused = self.context.reached.refused.contains_key(&id);

        let access = self
            .access(guarded, topic, &name)
            .map(|fact| fact.exercised(is_refused));
        let own = self.fact(kind, name.clone()).exercised(is_requested);
        std::iter::once(own).chain(access).collect()
    }

    /// The control of who calls, and the rights that it gives.
    fn access(
        &self,
        guarded: Option<FactKind>,
        topic: Topic,
        name: &str,
    ) -> impl Iterator<Item = Fact> {
        let is_protected = self.route.is_protected;
        let control = guarded
            .filter(|_| is_protected)
            .map(|kind| self.fact(kind, format!("accès contrôlé : {name}")));
        let rights = (is_protected || topic == Topic::Connection)
            .then(|| self.fact(FactKind::AccessRight, format!("droits d'accès : {name}")));
        control.into_iter().chain(rights)
    }

    fn fact(&self, kind: FactKind, what: String) -> Fact {
        let Route { line, handler, .. } = self.route;
        Fact::new(kind, &self.module.path, *line, handler, what)
    }

    /// The purpose of the route, by the calls of its function, then by its path.
    fn topic(&self) -> Topic {
        let words = &CODE.routes;
        let path = separated(&self.route.path);

        // The order decides: `/auth/health` is a connection, `/predict/page` a page.
        if words.connection.any_word_in(&path) {
            Topic::Connection
        } else if words.health.any_word_in(&path) || self.is_greeting(&path) {
            Topic::Health
        } else if self.answers_page() {
            Topic::Page
        } else if is_about_model(&path) || self.serves_model() || self.is_named_model(&path) {
            Topic::Model
        } else {
            Topic::Data
        }
    }

    /// The function of the same file that answers, with its index.
    fn handler(&self) -> Option<(usize, &Function)> {
        self.functions.get(self.route.handler.as_str()).copied()
    }

    /// A welcome at the root is neither data nor a page.
    fn is_greeting(&self, path: &str) -> bool {
        path.trim_matches('/').is_empty()
            && self.route.method == "GET"
            && !self.route.is_page
            && self
                .handler()
                .is_some_and(|(_, function)| function.calls.len() <= 1)
    }

    fn answers_page(&self) -> bool {
        self.route.is_page
            || self
                .handler()
                .is_some_and(|(_, function)| function.has_any_call(&CODE.routes.renders))
    }

    /// True when the function that answers runs a model, near or far.
    fn serves_model(&self) -> bool {
        let words = &CODE.routes;
        let reached = self.reached();
        let function = |id: &FunctionId| self.context.graph.function(*id);

        // Words that anything may bear mean a model only beside a library that has one.
        let generates = |id: &FunctionId| {
            self.context.corpus.modules[id.0].imports_any(&CODE.packages.generators)
                && function(id).is_some_and(|one| one.has_any_call(&words.generates))
        };
        let predicts =
            |id: &FunctionId| function(id).is_some_and(|one| one.has_any_call(&words.predicts));

        reached.iter().any(|id| predicts(id) || generates(id))
            || self.context.does(&reached, &[FactKind::AiService])
    }

    fn reached(&self) -> BTreeSet<FunctionId> {
        let graph = self.context.graph;
        let handlers = match self.handler() {
            Some((index, _)) => vec![(self.at, index)],
            None => graph.handlers(&self.route.handler, self.at),
        };
        graph.reach(handlers, &BTreeSet::new())
    }

    /// True when the names of a route speak of a model: a POST under any such name, another method
    /// only under the plainest.
    fn is_named_model(&self, path: &str) -> bool {
        let words = &CODE.routes;
        let handler = self.route.handler.to_ascii_lowercase();
        let is_named = words.model.any_word_in(path) || words.model_handlers.any_in(&handler);

        is_named
            && (self.route.method == "POST"
                || path.contains("predict")
                || path.contains("forecast"))
    }
}

/// True when the first word of a path is the model itself: `/api/v1/model`.
fn is_about_model(path: &str) -> bool {
    let mut parts = path.split('/');
    let first = parts.find(|part| !part.is_empty() && !["api", "v1", "v2"].contains(part));
    first.is_some_and(|part| CODE.routes.model_parts.has(part))
}

/// The fact of a topic, that of its access control, and its French name; the health of a service
/// shows nothing.
fn kinds(topic: Topic) -> Option<(FactKind, Option<FactKind>, &'static str)> {
    match topic {
        Topic::Data => Some((
            FactKind::DataRoute,
            Some(FactKind::DataRouteProtected),
            "route de données",
        )),
        Topic::Model => Some((
            FactKind::ModelRoute,
            Some(FactKind::ModelRouteProtected),
            "route du modèle",
        )),
        Topic::Page => Some((FactKind::PageRoute, None, "page")),
        Topic::Connection => Some((FactKind::AuthRoute, None, "route de connexion")),
        Topic::Health => None,
    }
}
