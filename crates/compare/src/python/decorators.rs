//! The words of decorators and parameters about a function: a route and its protection, a fixture,
//! a replaced name.

use tree_sitter::Node;

use super::requests::METHODS;
use crate::guards::{depends, is_guard};
use crate::module::{Function, Route};
use crate::syntax::{line, long_text, unquote};
use crate::text::{first_literal, is_name, last_name};

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

    function.is_guarded =
        depends(parameters).any(is_guard) || others.iter().any(|one| is_guard(one.name));
    for decorator in &decorators {
        decorator.note(function);
    }

    let dependencies = dependencies(parameters, &others);
    let routes = routes.iter();
    routes
        .map(|decorator| decorator.route(function, &dependencies))
        .collect()
}

/// Functions and types that the parameters and the decorators name.
fn dependencies(parameters: &str, decorators: &[&Decorator]) -> Vec<String> {
    depends(parameters)
        .chain(types(parameters))
        .chain(decorators.iter().map(|one| one.name))
        .map(|name| last_name(name.trim()).to_owned())
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

    /// `@app.get("/x")`, `@router.post(…)`, `@bp.route(…)`, `@api_view([…])`.
    fn is_route(&self) -> bool {
        let Some(arguments) = self.arguments else {
            return false;
        };
        let has_path = arguments
            .trim_start()
            .trim_start_matches(['f', 'r'])
            .trim_start_matches(['"', '\''])
            .starts_with(['/', '"', '\'']);

        match self.last() {
            // Its path stands in the table of routes, not in the decorator.
            "api_view" => true,
            "route" | "websocket" => self.name.contains('.') && has_path,
            method => METHODS.contains(&method) && self.name.contains('.') && has_path,
        }
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
            path: path(arguments),
            line: self.line,
            handler: function.name.clone(),
            name: function.name.clone(),
            dependencies: dependencies.iter().cloned().chain(own).collect(),
            is_protected: function.is_guarded || depends(arguments).any(is_guard),
            is_page: arguments.contains("HTMLResponse"),
        }
    }

    fn method(&self, arguments: &str) -> String {
        match self.last() {
            "route" | "api_view" => arguments
                .split(['"', '\''])
                .find(|word| METHODS.contains(&word.to_ascii_lowercase().as_str()))
                .map_or("GET".to_owned(), str::to_uppercase),
            method => method.to_uppercase(),
        }
    }
}

fn path(arguments: &str) -> String {
    let first = arguments.split(',').next().unwrap_or("").trim();
    let path = unquote(first.trim_end_matches(')').trim());

    if path.starts_with('/') {
        path.to_owned()
    } else {
        String::new()
    }
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
