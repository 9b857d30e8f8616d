//! Routes that a call registers: Django's `path("x/", view)`, Flask's `add_url_rule`; then the
//! prefix of their router.

use std::collections::HashMap;

use crate::guards::{asks_who_calls, is_guard};
use crate::module::{Call, Module, Route};
use crate::text::{first_literal, last_name, prefix_argument};

/// Adds the routes that the calls of a module register, and the prefix of all of them.
pub(super) fn add_routes(module: &mut Module) {
    let is_urls = ["django.urls", "rest_framework.routers", "django.conf.urls"]
        .iter()
        .any(|package| module.imports(package));

    let routes: Vec<Route> = module
        .calls
        .iter()
        .filter(|call| registers(call, is_urls))
        .map(|call| route(call, is_urls))
        .collect();
    module.routes.extend(routes);

    add_prefix(module);
}

fn registers(call: &Call, is_urls: bool) -> bool {
    let registers = match call.last() {
        "path" | "re_path" | "url" | "register" => is_urls,
        last => ["add_url_rule", "add_api_route", "add_resource"].contains(&last),
    };
    // Included files register their own routes, and the administration is that of Django.
    registers && !call.arguments.contains("include(") && !call.arguments.contains("admin.site")
}

fn route(call: &Call, is_urls: bool) -> Route {
    let path = first_literal(&call.arguments).unwrap_or("");
    // Flask-RESTful names the class first: `add_resource(Loyers, "/loyers")`.
    let is_resource = call.last() == "add_resource";
    let mut arguments = call.arguments.trim_start_matches('(').split(',');
    let written = arguments.nth(usize::from(!is_resource)).unwrap_or("");
    let written = written.trim().trim_start_matches("view_func=");
    let written = written.trim().trim_end_matches(')');
    let name = call
        .arguments
        .split_once("name=")
        .and_then(|(_, rest)| first_literal(rest));

    Route {
        // Django sends every method to its view.
        method: if is_urls || is_resource { "ALL" } else { "GET" }.to_owned(),
        path: format!(
            "/{}",
            path.trim_start_matches(['/', '^']).trim_end_matches('$')
        ),
        router: router(call).to_owned(),
        line: call.line,
        handler: view(written).to_owned(),
        name: name.unwrap_or("").to_owned(),
        is_protected: is_guard(written),
        is_page: call.last() != "register" && !is_resource && !path.contains("api"),
        ..Route::default()
    }
}

/// The object that a call registers a route on.
fn router(call: &Call) -> &str {
    let object = call.name.rsplit_once('.').map_or("", |(object, _)| object);
    last_name(object)
}

/// The view in `login_required(views.Films.as_view(`: wrappers and modules are left aside.
fn view(written: &str) -> &str {
    // `Films.as_view("films")` names a view, then its route.
    let written = written.split(".as_view").next().unwrap_or(written);
    let view = written
        .rsplit('(')
        .find(|part| !part.is_empty())
        .unwrap_or(written);
    view.rsplit('.').next().unwrap_or(view)
}

/// `APIRouter(prefix="/films", dependencies=[Depends(auth)])` says where and how its routes stand.
fn add_prefix(module: &mut Module) {
    const ROUTERS: [&str; 3] = ["APIRouter", "Blueprint", "Namespace"];
    const APPLICATIONS: [&str; 2] = ["FastAPI", "Flask"];

    let made_by = |makers: &[&str]| -> Vec<Call> {
        let calls = module.calls.iter();
        calls
            .filter(|call| makers.contains(&call.last()))
            .cloned()
            .collect()
    };
    let (routers, applications) = (made_by(&ROUTERS), made_by(&APPLICATIONS));
    let named = |calls: &[Call]| -> HashMap<String, usize> {
        let names = calls.iter().enumerate();
        names
            .map(|(index, call)| (call.target.clone(), index))
            .collect()
    };
    let (by_name, applications) = (named(&routers), named(&applications));

    for route in &mut module.routes {
        let own = by_name.get(&route.router).map(|index| &routers[*index]);
        // The only router of a file is that of its routes, whatever it is called there.
        let only = routers
            .first()
            .filter(|_| !applications.contains_key(&route.router));
        if let Some(router) = own.or(only) {
            let prefix = prefix_argument(&router.arguments).unwrap_or("");
            route.path = format!("{prefix}{}", route.path);
            route.is_protected |= asks_who_calls(&router.arguments);
        }
    }
}
