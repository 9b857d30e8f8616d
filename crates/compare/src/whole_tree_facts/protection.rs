//! What guards a route from elsewhere in the tree: the router that includes it, the class that
//! answers, the settings.

use std::collections::BTreeSet;

use crate::module::{Class, Function, Module, Route};
use crate::python::{depends, is_guard};

/// Bases of the views that answer data.
const DATA_VIEWS: [&str; 4] = ["rest_framework", "APIView", "ViewSet", "MethodView"];
/// Bases that ask for a session before a view answers.
const GUARDED_VIEWS: [&str; 4] = [
    "LoginRequired",
    "PermissionRequired",
    "UserPassesTest",
    "Authenticated",
];
/// Where a function looks to know who calls.
const IDENTITIES: [&str; 10] = [
    "headers",
    "header",
    "session",
    "cookies",
    "authorization",
    "x_api_key",
    "api_key",
    "current_user",
    "token",
    "credentials",
];

/// Completes what the routes of a tree say of themselves.
pub(super) fn complete(modules: &mut [Module]) {
    modules.iter_mut().for_each(spread_refusals);
    let guards = guards(modules);
    let asks =
        |words: &str| depends(words).any(|name| is_guard(name) || guards.contains(last(name)));
    let guarded = guarded_routers(modules, asks);
    let views = views(modules);
    let by_default = denies_by_default(modules);

    for module in modules.iter_mut().filter(|module| !module.is_test) {
        let by_router = guarded.contains(&module.path) || refuses_before(module);
        let functions = &module.functions;

        for route in &mut module.routes {
            let view = views.iter().filter(|view| view.name == route.handler);
            let view = view
                .max_by_key(|view| super::test_quality::shared_folders(&view.path, &module.path));

            route.is_protected |= by_router
                || route.dependencies.iter().any(|name| guards.contains(name))
                || functions
                    .iter()
                    .any(|function| function.name == route.handler && asks_itself(function));

            if let Some(view) = view {
                describe(route, view, by_default);
            }
        }
    }
}

/// A function refuses when one inside it does, as the wrapper of a decorator.
fn spread_refusals(module: &mut Module) {
    let refusing: Vec<(usize, usize)> = module
        .functions
        .iter()
        .filter(|one| one.refuses)
        .map(|one| (one.line, one.end))
        .collect();
    for function in &mut module.functions {
        function.refuses |= refusing
            .iter()
            .any(|(line, end)| function.line < *line && *end <= function.end);
    }
}

/// Names of functions that refuse, and of types that stand for them; views themselves are none.
fn guards(modules: &[Module]) -> BTreeSet<String> {
    let sources = || modules.iter().filter(|module| !module.is_test);
    let views: BTreeSet<&str> = sources()
        .flat_map(|module| &module.routes)
        .map(|route| route.handler.as_str())
        .collect();
    let mut found: BTreeSet<String> = sources()
        .flat_map(|module| &module.functions)
        .filter(|function| function.refuses && !views.contains(function.name.as_str()))
        .map(|function| function.name.clone())
        .collect();

    let types = sources()
        .flat_map(|module| &module.assignments)
        .filter(|(_, right, _)| {
            right.contains("Annotated[")
                && depends(right).any(|name| is_guard(name) || found.contains(last(name)))
        });

    let types: Vec<String> = types.map(|(left, ..)| left.clone()).collect();
    found.extend(types);
    found
}

fn last(name: &str) -> &str {
    name.trim().rsplit('.').next().unwrap_or(name)
}

/// The files whose routes are guarded by who includes them: `include_router(films.router,
/// dependencies=[…])`.
fn guarded_routers(modules: &[Module], asks: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for module in modules.iter().filter(|module| !module.is_test) {
        let whole = module
            .calls
            .iter()
            .any(|call| call.last() == "FastAPI" && asks(&call.arguments));
        if whole {
            found.insert(module.path.clone());
        }
        for call in module
            .calls
            .iter()
            .filter(|call| call.last() == "include_router")
        {
            if !whole && !asks(&call.arguments) {
                continue;
            }
            let router = call
                .arguments
                .trim_start_matches('(')
                .split([',', ')'])
                .next()
                .unwrap_or("")
                .trim();
            let full = module.aliases.get(router).map_or(router, String::as_str);
            let parts: Vec<&str> = full.rsplit('.').collect();
            let is_meant = |other: &&Module| {
                parts.contains(&other.stem())
                    || module
                        .imports
                        .iter()
                        .any(|import| import.ends_with(&format!("{}.{router}", other.stem())))
            };
            let meant = modules
                .iter()
                .filter(|other| !other.routes.is_empty())
                .filter(is_meant);
            found.extend(meant.map(|other| other.path.clone()));
        }
    }
    found
}

/// A hook of Flask that refuses before any view of its file answers.
fn refuses_before(module: &Module) -> bool {
    module
        .calls
        .iter()
        .any(|call| call.last() == "before_request")
        && module
            .functions
            .iter()
            .any(|function| function.refuses && function.name.contains("request"))
}

/// Whether a view itself looks at who calls, and refuses.
fn asks_itself(function: &Function) -> bool {
    function.refuses
        && function
            .names
            .iter()
            .any(|name| IDENTITIES.contains(&name.to_ascii_lowercase().as_str()))
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

/// The views of a tree: classes, and functions that answer JSON or a page.
fn views(modules: &[Module]) -> Vec<View> {
    let sources = || {
        modules
            .iter()
            .filter(|module| !module.is_test && module.imports_any(&["django", "rest_framework"]))
    };
    let classes =
        sources().flat_map(|module| module.classes.iter().map(|class| of_class(module, class)));

    let functions = sources().flat_map(|module| {
        module
            .functions
            .iter()
            .filter_map(|one| of_function(module, one))
    });

    classes.chain(functions).collect()
}

fn of_class(module: &Module, class: &Class) -> View {
    let rights = class
        .body
        .split_once("permission_classes")
        .map_or("", |(_, rest)| rest.lines().next().unwrap_or(""));
    let is_of_rest = class.is_a(&DATA_VIEWS);

    View {
        path: module.path.clone(),
        name: class.name.clone(),
        renders: class.body.contains("template_name"),
        answers_data: is_of_rest
            || class.body.contains("JsonResponse") && !class.body.contains("render("),
        is_of_rest,
        is_guarded: class.is_a(&GUARDED_VIEWS)
            || rights.contains("Is")
            || rights.contains("Permission"),
        is_open: rights.contains("AllowAny"),
    }
}

fn of_function(module: &Module, function: &Function) -> Option<View> {
    let is_of_rest = function.has_call("Response") && module.imports_any(&["rest_framework"]);
    let renders = function.has_any_call(&["render", "redirect"]);
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

/// Whether the settings of Django REST ask every view for an identity.
fn denies_by_default(modules: &[Module]) -> bool {
    modules
        .iter()
        .flat_map(|module| &module.assignments)
        .any(|(left, right, _)| {
            left == "REST_FRAMEWORK"
                && right
                    .split_once("DEFAULT_PERMISSION_CLASSES")
                    .is_some_and(|(_, rest)| {
                        rest.split(']').next().is_some_and(|classes| {
                            classes.contains("IsAuthenticated") || classes.contains("IsAdmin")
                        })
                    })
        })
}

fn describe(route: &mut Route, view: &View, by_default: bool) {
    route.is_page = (route.is_page || view.renders) && !view.answers_data;
    route.is_protected |= view.is_guarded || (by_default && view.is_of_rest && !view.is_open);
}
