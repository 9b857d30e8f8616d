//! The words of decorators and parameters about a function: a route and its protection, a fixture,
//! a replaced name.

use tree_sitter::Node;

use super::requests::METHODS;
use crate::guards::{asks_who_calls, depends, is_guard};
use crate::limits::ROUTES_OF_ONE;
use crate::module::{Function, Route};
use crate::syntax::{line, long_text};
use crate::text::{first_literal, is_name, last_name, literal};

/// Completes a function from its decorators and its parameters; gives the routes that it answers.
pub(super) fn decorate(
    decorated: Node,
    node: Node,
    source: &str,
    function: &mut Function,
) -> Vec<Route> {
    let parameters = node
        .child_by_field_name("parameters")
        .map_or("", |list| long_text(list, source));
    let decorators = decorators(decorated, source);
    let (routes, others): (Vec<_>, Vec<_>) = decorators
        .iter()
        .partition(|decorator| decorator.is_route());

    function.is_guarded = asks_who_calls(parameters) || others.iter().any(|one| is_guard(one.name));
    for decorator in &decorators {
        decorator.note(function);
    }

    let dependencies = dependencies(parameters, &others);
    let routes = routes.iter().take(ROUTES_OF_ONE);
    routes
        .map(|decorator| decorator.route(function, &dependencies))
        .collect()
}

/// The routes of a decorated class of Flask: `@blp.route("/loyers")` above `class Loyers(MethodView)`,
/// whose methods `get` and `post` answer.
pub(super) fn class_routes(decorated: Node, class: Node, source: &str) -> Vec<Route> {
    let decorators = decorators(decorated, source);
    let is_path = |one: &&Decorator| one.last() == "route" && one.is_route();
    let paths: Vec<&Decorator> = decorators.iter().filter(is_path).collect();
    let body = class.child_by_field_name("body");
    let Some(body) = body.filter(|_| !paths.is_empty()) else {
        return Vec::new();
    };

    let name = class
        .child_by_field_name("name")
        .map_or("", |name| long_text(name, source));
    let mut cursor = body.walk();
    let members: Vec<Node> = body.named_children(&mut cursor).collect();
    // `decorators = [jwt_required()]` stands for each of the methods.
    let is_whole = members
        .iter()
        .map(|member| long_text(*member, source))
        .any(|text| text.starts_with("decorators") && is_guard(text));

    let methods = members.iter().filter_map(|member| {
        let function = member.child_by_field_name("definition").unwrap_or(*member);
        let method = long_text(function.child_by_field_name("name")?, source);
        let is_answer = function.kind() == "function_definition" && METHODS.contains(&method);
        let mut own = self::decorators(*member, source).into_iter();
        is_answer.then(|| (method, is_whole || own.any(|one| is_guard(one.name))))
    });
    let routes = methods.flat_map(|(method, is_protected)| {
        paths.iter().map(move |decorator| Route {
            method: method.to_uppercase(),
            path: path(decorator.arguments.unwrap_or(""))
                .unwrap_or("")
                .to_owned(),
            router: decorator.router().to_owned(),
            line: decorator.line,
            handler: name.to_owned(),
            name: name.to_owned(),
            is_protected,
            ..Route::default()
        })
    });
    routes.take(ROUTES_OF_ONE).collect()
}

/// Functions and types that the parameters and the decorators name.
fn dependencies(parameters: &str, decorators: &[&Decorator]) -> Vec<String> {
    depends(parameters)
        .chain(types(parameters))
        .chain(decorators.iter().map(|one| one.name))
        .map(|name| last_name(name.trim()).to_owned())
        .take(ROUTES_OF_ONE)
        .collect()
}

/// A decorator: `@name(arguments)`.
struct Decorator<'text> {
    name: &'text str,
    /// As written, without the opening parenthesis; none when there is no parenthesis.
    arguments: Option<&'text str>,
    line: usize,
}

fn decorators<'text>(decorated: Node, source: &'text str) -> Vec<Decorator<'text>> {
    let mut cursor = decorated.walk();
    let nodes = decorated
        .children(&mut cursor)
        .filter(|child| child.kind() == "decorator");

    nodes
        .map(|node| {
            let words = long_text(node, source).trim_start_matches('@');
            let (name, arguments) = words
                .split_once('(')
                .map_or((words, None), |(name, rest)| (name, Some(rest)));
            Decorator {
                name,
                arguments,
                line: line(node),
            }
        })
        .collect()
}

impl Decorator<'_> {
    fn last(&self) -> &str {
        self.name.rsplit('.').next().unwrap_or(self.name).trim()
    }

    /// The object that it is a method of.
    fn router(&self) -> &str {
        let object = self.name.rsplit_once('.').map_or("", |(object, _)| object);
        last_name(object)
    }

    /// `@app.get("/x")`, `@router.post(…)`, `@bp.route(…)`, `@api_view([…])`, Litestar's `@get("/x")`,
    /// BentoML's `@bentoml.api`.
    fn is_route(&self) -> bool {
        if self.is_bentoml() {
            return true;
        }
        let Some(arguments) = self.arguments else {
            return false;
        };
        let path = path(arguments);
        let is_of_router = self.name.contains('.') && path.is_some();

        match self.last() {
            // Its path stands in the table of routes, not in the decorator.
            "api_view" => true,
            "route" | "websocket" => is_of_router,
            method if METHODS.contains(&method) => {
                is_of_router || path.is_some_and(|path| path.starts_with('/'))
            }
            _ => false,
        }
    }

    /// A method of a service of BentoML, which answers at its own name unless it says where.
    fn is_bentoml(&self) -> bool {
        self.name.trim_end() == "bentoml.api"
    }

    /// Notes a fixture, a test that is skipped, a name that a test replaces.
    fn note(&self, function: &mut Function) {
        let last = self.last();
        if last.contains("fixture") {
            function.is_fixture = true;
            function.test = None;
        }

        if let Some(test) = &mut function.test {
            test.is_skipped |= last == "skip" || last == "xfail";
            if self.name.contains("patch") {
                let replaced = self.arguments.and_then(first_literal);
                test.replaced.extend(replaced.map(str::to_owned));
            }
        }
    }

    fn route(&self, function: &Function, dependencies: &[String]) -> Route {
        let arguments = self.arguments.unwrap_or("");
        let own = depends(arguments).map(|name| last_name(name.trim()).to_owned());

        Route {
            method: self.method(arguments),
            path: self.path(arguments, function),
            router: self.router().to_owned(),
            line: self.line,
            handler: function.name.clone(),
            name: function.name.clone(),
            dependencies: dependencies.iter().cloned().chain(own).collect(),
            is_protected: function.is_guarded || asks_who_calls(arguments),
            is_page: arguments.contains("HTMLResponse"),
        }
    }

    fn path(&self, arguments: &str, function: &Function) -> String {
        if self.is_bentoml() {
            let written = arguments
                .split_once("route=")
                .and_then(|(_, rest)| literal(rest));
            return written.map_or_else(|| format!("/{}", function.name), str::to_owned);
        }
        path(arguments).unwrap_or("").to_owned()
    }

    fn method(&self, arguments: &str) -> String {
        match self.last() {
            "api" => "POST".to_owned(),
            "route" | "api_view" => arguments
                .split(['"', '\''])
                .find(|word| METHODS.contains(&word.to_ascii_lowercase().as_str()))
                .map_or("GET".to_owned(), str::to_uppercase),
            method => method.to_uppercase(),
        }
    }
}

/// The path of a route, its first argument. An empty one is that of its router.
fn path(arguments: &str) -> Option<&str> {
    let written = arguments.trim_start();
    let written = ["path=", "rule="]
        .iter()
        .find_map(|name| written.strip_prefix(name))
        .unwrap_or(written);
    let path = literal(written.trim_start_matches(['f', 'r']))?;

    // `f"{PREFIX}/films"` begins with the value of a constant.
    let constant = path.strip_prefix('{').and_then(|rest| rest.split_once('}'));
    let path = constant.map_or(path, |(_, rest)| rest);
    (path.is_empty() || path.starts_with('/')).then_some(path)
}

/// The types of parameters that are a single name, such as `CurrentUser` for `Annotated[User,
/// Depends(…)]`.
fn types(parameters: &str) -> impl Iterator<Item = &str> {
    let types = parameters
        .split(':')
        .skip(1)
        .filter_map(|rest| rest.split([',', '=', ')']).next());
    types
        .map(str::trim)
        .filter(|name| !name.is_empty() && is_name(name, "_"))
}
