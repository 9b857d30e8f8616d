//! Guards of a route from elsewhere in the tree: the router that includes it, the class that
//! answers, the settings.

use std::collections::{BTreeSet, HashMap};

use crate::guards::{depends, is_guard};
use crate::lexicon::CODE;
use crate::limits::{IMPORTED, SAME_NAME};
use crate::module::{Class, Function, Module, Route};
use crate::text::shared_folders;

/// Completes the routes of a tree with the guards that stand elsewhere.
pub(super) fn complete(modules: &mut [Module]) {
    modules.iter_mut().for_each(spread_refusals);

    let guards = guards(modules);
    let asks =
        |words: &str| depends(words).any(|name| is_guard(name) || guards.contains(last(name)));
    let guarded = guarded_routers(modules, asks);
    let views = by_name(views(modules));
    let denies_by_default = denies_by_default(modules);

    for module in modules.iter_mut().filter(|module| !module.is_test) {
        let is_guarded = guarded.contains(&module.path) || refuses_before(module);
        guard_routes(module, is_guarded, &guards);
        for route in &mut module.routes {
            let own = views
                .get(&route.handler)
                .into_iter()
                .flatten()
                .take(SAME_NAME);
            let nearest = own.max_by_key(|view| shared_folders(&view.path, &module.path));
            if let Some(view) = nearest {
                describe(route, view, denies_by_default);
            }
        }
    }
}

/// Marks the routes of a module that its router, a dependency or their own function guards.
fn guard_routes(module: &mut Module, is_guarded: bool, guards: &BTreeSet<String>) {
    let asking: BTreeSet<&str> = module
        .functions
        .iter()
        .filter(|function| asks_itself(function))
        .map(|function| function.name.as_str())
        .collect();

    for route in &mut module.routes {
        route.is_protected |= is_guarded
            || route.dependencies.iter().any(|name| guards.contains(name))
            || asking.contains(route.handler.as_str());
    }
}

/// A function refuses when one inside it does, as the wrapper of a decorator.
fn spread_refusals(module: &mut Module) {
    let mut refusing: Vec<(usize, usize)> = module
        .functions
        .iter()
        .filter(|one| one.refuses)
        .map(|one| (one.line, one.end))
        .collect();
    refusing.sort_unstable();
    // The first end among those that begin at a line or below.
    for index in (1..refusing.len()).rev() {
        refusing[index - 1].1 = refusing[index - 1].1.min(refusing[index].1);
    }

    for function in &mut module.functions {
        let below = refusing.partition_point(|(line, _)| *line <= function.line);
        let ends_inside = |(_, end): &(usize, usize)| *end <= function.end;
        function.refuses |= refusing.get(below).is_some_and(ends_inside);
    }
}

fn sources(modules: &[Module]) -> impl Iterator<Item = &Module> {
    modules.iter().filter(|module| !module.is_test)
}

/// Names of functions that refuse, and of types that stand for them.
fn guards(modules: &[Module]) -> BTreeSet<String> {
    let mut found = refusing_functions(modules);
    let asks =
        |words: &str| depends(words).any(|name| is_guard(name) || found.contains(last(name)));

    let types: Vec<String> = sources(modules)
        .flat_map(|module| &module.assignments)
        .filter(|one| one.value.contains("Annotated[") && asks(&one.value))
        .map(|one| one.name.clone())
        .collect();
    found.extend(types);
    found
}

/// Names of functions that refuse: a view that does guards itself, and no other route.
fn refusing_functions(modules: &[Module]) -> BTreeSet<String> {
    let views: BTreeSet<&str> = sources(modules)
        .flat_map(|module| &module.routes)
        .map(|route| route.handler.as_str())
        .collect();

    sources(modules)
        .flat_map(|module| &module.functions)
        .filter(|function| function.refuses && !views.contains(function.name.as_str()))
        .map(|function| function.name.clone())
        .collect()
}

fn last(name: &str) -> &str {
    name.trim().rsplit('.').next().unwrap_or(name)
}

/// The files whose routes are guarded by the application, or by the one that includes them:
/// `include_router(films.router, dependencies=[…])`.
fn guarded_routers(modules: &[Module], asks: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let routers = Routers::new(modules);

    for module in sources(modules) {
        let is_whole = module
            .calls
            .iter()
            .any(|call| call.last() == "FastAPI" && asks(&call.arguments));
        found.extend(is_whole.then(|| module.path.clone()));

        let included = module
            .calls
            .iter()
            .filter(|call| call.last() == "include_router")
            .filter(|call| is_whole || asks(&call.arguments))
            .flat_map(|call| routers.of(module, call.first_argument()));
        found.extend(included.map(|router| router.path.clone()));
    }

    found
}

/// The files that declare routes, by name.
struct Routers<'all> {
    by_stem: HashMap<&'all str, Vec<&'all Module>>,
}

impl<'all> Routers<'all> {
    fn new(modules: &'all [Module]) -> Self {
        let mut by_stem: HashMap<_, Vec<_>> = HashMap::new();
        for module in modules.iter().filter(|one| !one.routes.is_empty()) {
            by_stem.entry(module.stem()).or_default().push(module);
        }
        Self { by_stem }
    }

    /// The files that a router may be declared in, seen from a module.
    fn of(&self, module: &Module, router: &str) -> Vec<&'all Module> {
        let full = module.aliases.get(router).map_or(router, String::as_str);
        // `from app.films import router` is no alias.
        let ending = format!(".{router}");
        let imports = module.imports.iter().take(IMPORTED);
        let imported = imports
            .filter_map(|import| import.strip_suffix(&ending))
            .filter_map(|import| import.rsplit('.').next());

        full.split('.')
            .chain(imported)
            .filter_map(|stem| self.by_stem.get(stem))
            .flat_map(|modules| modules.iter().take(SAME_NAME))
            .copied()
            .collect()
    }
}

/// A hook of Flask that refuses before any view of its file answers.
fn refuses_before(module: &Module) -> bool {
    let has_hook = module
        .calls
        .iter()
        .any(|call| call.last() == "before_request");
    let refuses = |function: &Function| function.refuses && function.name.contains("request");
    has_hook && module.functions.iter().any(refuses)
}

/// True when a view itself looks at who calls, and refuses.
fn asks_itself(function: &Function) -> bool {
    let identities = &CODE.guards.identities;
    let mut names = function.names.iter();
    function.refuses && names.any(|name| identities.has(&name.to_ascii_lowercase()))
}

/// A view and the file where it stands.
struct View {
    path: String,
    name: String,
    answers_data: bool,
    renders: bool,
    is_of_rest: bool,
    is_guarded: bool,
    is_open: bool,
}

fn by_name(views: Vec<View>) -> HashMap<String, Vec<View>> {
    let mut found: HashMap<String, Vec<View>> = HashMap::new();
    for view in views {
        found.entry(view.name.clone()).or_default().push(view);
    }
    found
}

/// The views of a tree: classes, and functions that answer JSON or a page.
fn views(modules: &[Module]) -> Vec<View> {
    let mut found = Vec::new();

    for module in sources(modules) {
        if module.imports("django") || module.imports("rest_framework") {
            found.extend(module.classes.iter().map(|class| of_class(module, class)));
            let functions = module.functions.iter();
            found.extend(functions.filter_map(|one| of_function(module, one)));
        }
    }

    found
}

fn of_class(module: &Module, class: &Class) -> View {
    let rights = class
        .body
        .split_once("permission_classes")
        .map_or("", |(_, rest)| rest.lines().next().unwrap_or(""));
    let is_of_rest = class.is_a(&CODE.guards.data_views);

    View {
        path: module.path.clone(),
        name: class.name.clone(),
        renders: class.body.contains("template_name"),
        answers_data: is_of_rest
            || class.body.contains("JsonResponse") && !class.body.contains("render("),
        is_of_rest,
        is_guarded: class.is_a(&CODE.guards.views)
            || rights.contains("Is")
            || rights.contains("Permission"),
        is_open: rights.contains("AllowAny"),
    }
}

fn of_function(module: &Module, function: &Function) -> Option<View> {
    let is_of_rest = function.has_call("Response") && module.imports("rest_framework");
    let renders = function.has_call("render") || function.has_call("redirect");
    let answers_data = !renders && (is_of_rest || function.has_call("JsonResponse"));
    let first = function.parameters.first()?;

    (first == "request" && (answers_data || renders)).then(|| View {
        path: module.path.clone(),
        name: function.name.clone(),
        answers_data,
        renders,
        is_of_rest,
        is_guarded: function.is_guarded,
        is_open: false,
    })
}

/// True when the settings of Django REST ask every view for an identity.
fn denies_by_default(modules: &[Module]) -> bool {
    let denies = |settings: &str| {
        let (_, rest) = settings.split_once("DEFAULT_PERMISSION_CLASSES")?;
        let classes = rest.split(']').next()?;
        Some(classes.contains("IsAuthenticated") || classes.contains("IsAdmin"))
    };
    modules
        .iter()
        .flat_map(|module| &module.assignments)
        .any(|one| one.name == "REST_FRAMEWORK" && denies(&one.value) == Some(true))
}

/// Completes a route with its view.
fn describe(route: &mut Route, view: &View, by_default: bool) {
    route.is_page = (route.is_page || view.renders) && !view.answers_data;
    route.is_protected |= view.is_guarded || (by_default && view.is_of_rest && !view.is_open);
}
