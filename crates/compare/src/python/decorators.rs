//! What decorators and parameters say of a function: a route and its protection, a fixture, a
//! replaced name.

use tree_sitter::Node;

use super::{METHODS, Reader, whole};
use crate::module::{Function, Module, Route};
use crate::syntax::{line, text, unquote};

/// Words of a dependency, a decorator or a permission that asks who calls.
const GUARDS: [&str; 30] = [
    "auth",
    "token",
    "current_user",
    "jwt",
    "api_key",
    "apikey",
    "verify",
    "login_required",
    "permission_classes",
    "security",
    "oauth2",
    "credentials",
    "require_",
    "bearer",
    "user_required",
    "is_admin",
    "admin_required",
    "get_user",
    "utilisateur",
    "jeton",
    "permission_required",
    "httpbasic",
    "authenticate",
    "check_key",
    "protected",
    "roles",
    "scope",
    "x_api",
    "access_control",
    "secret",
];

/// Whether the words of a dependency say that it protects.
pub(crate) fn is_guard(words: &str) -> bool {
    let words = words.to_ascii_lowercase();
    GUARDS.iter().any(|guard| words.contains(guard)) && !words.contains("oauth2passwordrequestform")
}

impl Reader<'_, '_> {
    pub(super) fn decorate(&mut self, decorated: Node, node: Node, function: &mut Function) {
        let parameters = node
            .child_by_field_name("parameters")
            .map_or("", |list| whole(list, self.source));
        let guarded_parameters = depends(parameters).any(is_guard);
        let mut cursor = decorated.walk();
        let decorators: Vec<Node> = decorated
            .children(&mut cursor)
            .filter(|child| child.kind() == "decorator")
            .collect();
        let guarded = guarded_parameters
            || decorators.iter().any(|decorator| {
                let words = text(*decorator, self.source);
                is_guard(words.split_once('(').map_or(words, |(name, _)| name)) && !is_route(words)
            });
        function.is_guarded = guarded;
        let mut dependencies: Vec<String> = depends(parameters)
            .chain(types(parameters))
            .map(last_name)
            .collect();
        dependencies.extend(
            decorators
                .iter()
                .map(|decorator| text(*decorator, self.source))
                .filter(|one| !is_route(one))
                .map(|words| {
                    last_name(
                        words
                            .trim_start_matches('@')
                            .split('(')
                            .next()
                            .unwrap_or(words),
                    )
                }),
        );
        for decorator in &decorators {
            let words = whole(*decorator, self.source);
            let (name, arguments) = words
                .trim_start_matches('@')
                .split_once('(')
                .unwrap_or((words, ""));
            let last = name.rsplit('.').next().unwrap_or(name).trim();
            if last.contains("fixture") {
                function.is_fixture = true;
                function.test = None;
            }
            if let Some(test) = &mut function.test {
                test.is_skipped |= last == "skip" || last == "xfail";
                if name.contains("patch") {
                    test.replaced
                        .extend(arguments.split(['"', '\'']).nth(1).map(str::to_owned));
                }
            }
            if is_route(words) {
                let protected = guarded || depends(arguments).any(is_guard);
                let own = depends(arguments).map(last_name);
                let dependencies = dependencies.iter().cloned().chain(own).collect();
                self.route(
                    last,
                    arguments,
                    function,
                    (protected, dependencies),
                    line(*decorator),
                );
            }
        }
    }

    fn route(
        &mut self,
        last: &str,
        arguments: &str,
        function: &Function,
        (is_protected, dependencies): (bool, Vec<String>),
        at: usize,
    ) {
        let path = unquote(
            arguments
                .split(',')
                .next()
                .unwrap_or("")
                .trim()
                .trim_end_matches(')')
                .trim(),
        );

        let method = match last {
            "route" | "api_view" => arguments
                .split(['"', '\''])
                .find(|word| METHODS.contains(&word.to_ascii_lowercase().as_str()))
                .map_or("GET".to_owned(), str::to_uppercase),
            method => method.to_uppercase(),
        };

        self.module.routes.push(Route {
            method,
            path: if path.starts_with('/') {
                path.to_owned()
            } else {
                String::new()
            },
            line: at + self.shift,
            handler: function.name.clone(),
            name: function.name.clone(),
            dependencies,
            is_protected,
            is_page: arguments.contains("HTMLResponse"),
        });
    }
}

/// The last part of a dotted name.
fn last_name(words: &str) -> String {
    words.trim().rsplit('.').next().unwrap_or(words).to_owned()
}

/// The types of parameters that are a single name, such as `CurrentUser` for `Annotated[User,
/// Depends(…)]`.
fn types(parameters: &str) -> impl Iterator<Item = &str> {
    let types = parameters
        .split(':')
        .skip(1)
        .filter_map(|rest| rest.split([',', '=', ')']).next());
    types.map(str::trim).filter(|name| {
        !name.is_empty()
            && name
                .chars()
                .all(|letter| letter.is_alphanumeric() || letter == '_')
    })
}

/// The inside of every `Depends(…)` and `Security(…)`.
pub(crate) fn depends(parameters: &str) -> impl Iterator<Item = &str> {
    parameters
        .split("Depends(")
        .skip(1)
        .chain(parameters.split("Security(").skip(1))
        .map(|rest| rest.split([')', ',']).next().unwrap_or(rest))
}

/// `@app.get("/x")`, `@router.post(…)`, `@bp.route(…)`, `@api_view([…])`.
fn is_route(words: &str) -> bool {
    let Some((name, arguments)) = words.trim_start_matches('@').split_once('(') else {
        return false;
    };
    let last = name.rsplit('.').next().unwrap_or(name);
    let has_path = arguments
        .trim_start()
        .trim_start_matches(['f', 'r'])
        .trim_start_matches(['"', '\''])
        .starts_with(['/', '"', '\'']);

    match last {
        "api_view" => true,
        "route" | "websocket" => name.contains('.') && has_path,
        method => METHODS.contains(&method) && name.contains('.') && has_path,
    }
}

/// Django's `path("x/", view)` and Flask's `add_url_rule`; prefixes of routers come last.
pub(super) fn routes_by_registration(module: &mut Module) {
    let is_urls =
        module.imports_any(&["django.urls", "rest_framework.routers", "django.conf.urls"]);
    let mut routes = Vec::new();
    for call in &module.calls {
        let first = call.arguments.split(['"', '\'']).nth(1).unwrap_or("");
        let registered = (is_urls && ["path", "re_path", "url", "register"].contains(&call.last()))
            || call.last() == "add_url_rule"
            || call.last() == "add_api_route";
        if registered
            && !call.arguments.contains("include(")
            && !call.arguments.contains("admin.site")
        {
            let written = call
                .arguments
                .split(',')
                .nth(1)
                .unwrap_or("")
                .trim()
                .trim_end_matches(')');
            let view = written
                .rsplit('(')
                .find(|part| !part.is_empty())
                .unwrap_or(written);
            let view = view.trim_end_matches(".as_view");
            let name = call
                .arguments
                .split_once("name=")
                .and_then(|(_, rest)| rest.split(['"', '\'']).nth(1));
            routes.push(Route {
                method: if is_urls { "ALL" } else { "GET" }.to_owned(),
                path: format!(
                    "/{}",
                    first.trim_start_matches(['/', '^']).trim_end_matches('$')
                ),
                line: call.line,
                handler: view.rsplit('.').next().unwrap_or(view).to_owned(),
                name: name.unwrap_or("").to_owned(),
                is_protected: is_guard(written),
                is_page: call.last() != "register" && !first.contains("api"),
                ..Route::default()
            });
        }
    }
    module.routes.extend(routes);
    add_prefix(module);
}

/// `APIRouter(prefix="/films", dependencies=[Depends(auth)])` says where and how its routes stand.
fn add_prefix(module: &mut Module) {
    let Some(router) = module
        .calls
        .iter()
        .find(|call| ["APIRouter", "Blueprint"].contains(&call.last()))
    else {
        return;
    };
    let prefix = router
        .arguments
        .split_once("prefix")
        .and_then(|(_, rest)| rest.split(['"', '\'']).nth(1))
        .unwrap_or("")
        .to_owned();
    let guarded = depends(&router.arguments).any(is_guard);
    for route in &mut module.routes {
        route.path = format!("{prefix}{}", route.path);
        route.is_protected |= guarded;
    }
}
