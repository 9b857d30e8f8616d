//! JavaScript and TypeScript through their grammars: imports, functions, routes, tests, calls.

mod checks;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use tree_sitter::Node;

use crate::guards::is_guard;
use crate::module::{Module, Route, Test};
use crate::source_reader::{self, SourceReader};
use crate::sql;
use crate::syntax::{self, Grammar, field, line, text, unquote};
use crate::text::{is_name, literal};

/// Names of the objects that routes are declared on.
const SERVERS: [&str; 5] = ["app", "router", "server", "fastify", "api"];

/// Reads a source of JavaScript, or of TypeScript when its path says so.
pub(crate) fn read(path: &str, source: &str, is_test: bool) -> Module {
    let mut seen = Seen::default();
    source_reader::read(
        path,
        source,
        is_test,
        grammar(path),
        |code, node, within| {
            let mut reader = Reader {
                code,
                seen: &mut seen,
            };
            reader.read_node(node, within);
        },
    )
}

fn grammar(path: &str) -> Grammar {
    let is_typed = [".ts", ".tsx", ".mts", ".vue"]
        .iter()
        .any(|ending| path.ends_with(ending));
    if is_typed {
        Grammar::TypeScript
    } else {
        Grammar::JavaScript
    }
}

/// Parts of a file that later ones depend on.
#[derive(Default)]
struct Seen {
    /// Variables that hold a router.
    routers: BTreeSet<String>,
    has_component: bool,
}

struct Reader<'all, 'text, 'module> {
    code: &'all mut SourceReader<'text, 'module>,
    seen: &'all mut Seen,
}

impl<'text> Reader<'_, 'text, '_> {
    fn read_node(&mut self, node: Node, within: Option<usize>) {
        match node.kind() {
            "import_statement" => self.import(node),
            "function_declaration" | "method_definition" => self.function(node),
            "variable_declarator" => self.variable(node, within),
            "call_expression" => match self.test_name(node) {
                Some(name) => self.test(node, name),
                None => self.call(node, within),
            },
            "try_statement" => self.code.record("try", node, within, ""),

            "jsx_opening_element" if text(node, self.code.source).starts_with("<form") => {
                self.code.record("jsx form", node, within, "");
            }
            "jsx_element" | "jsx_self_closing_element" => self.component(node, within),

            // Names of properties count: `client.token` uses a token.
            "identifier" | "property_identifier" => self.code.name(node, within),
            "number" => self.number(node, within),
            "template_string" | "string" => self.string(node, within),

            _ => {}
        }
    }

    fn import(&mut self, node: Node) {
        let package = unquote(field(node, "source", self.code.source));

        syntax::visit(node, |name, _| {
            if name.kind() == "identifier" {
                let own = text(name, self.code.source);
                let imported = format!("{package}/{own}");
                self.code.module.imports.insert(imported.clone());
                self.code.module.aliases.insert(own.to_owned(), imported);
            }
            true
        });
        self.code.module.imports.insert(package.to_owned());
    }

    /// Opens the function that a node declares under its own name.
    fn function(&mut self, node: Node) {
        let name = field(node, "name", self.code.source);
        self.code.open(node, name, None);
    }

    fn variable(&mut self, node: Node, within: Option<usize>) {
        let value = node
            .child_by_field_name("value")
            .map_or("", |value| value.kind());

        if field(node, "value", self.code.source).contains(".fn(") {
            // `const save = vi.fn()` hides whatever bears that name.
            let name = field(node, "name", self.code.source);
            if let Some(test) = self.code.module.test_mut(within) {
                test.replaced.push(name.to_owned());
            }
        } else if ["arrow_function", "function_expression"].contains(&value) {
            self.function(node);
        } else if value == "call_expression" {
            self.named_call(node);
        }
    }

    /// `const films = express.Router()`, or `require("./films")`.
    fn named_call(&mut self, node: Node) {
        let name = field(node, "name", self.code.source);
        let value = field(node, "value", self.code.source);

        if value.contains("Router(") {
            self.seen.routers.insert(name.to_owned());
        } else if let Some(required) = value.strip_prefix("require(").and_then(literal) {
            self.code
                .module
                .aliases
                .insert(name.to_owned(), required.to_owned());
        }
    }

    /// The name of the test that `test("…", () => …)` or `it("…", …)` declares.
    fn test_name(&self, node: Node) -> Option<&'text str> {
        const TESTS: [&str; 6] = ["test", "it", "test.each", "it.each", "test.only", "it.only"];

        let name = node
            .child_by_field_name("arguments")
            .filter(|_| TESTS.contains(&field(node, "function", self.code.source)))?
            .named_child(0)
            .filter(|name| ["string", "template_string"].contains(&name.kind()))?;
        Some(unquote(text(name, self.code.source)))
    }

    fn test(&mut self, node: Node, name: &str) {
        self.code.open(node, name, Some(Test::default()));
    }

    fn call(&mut self, node: Node, within: Option<usize>) {
        let (name, last) = self.callee(node);
        let arguments = field(node, "arguments", self.code.source);
        let literal = first_literal(arguments);

        if name == "require" {
            self.code.module.imports.extend(literal.map(str::to_owned));
        }
        if let Some(function) = self.code.module.function_mut(within) {
            function.calls.insert(last.clone());
            if let Some(test) = &mut function.test {
                checks::note(test, &name, &last, literal, arguments);
            }
        }
        if let Some(route) = self.route(node, &name, &last) {
            self.code.module.routes.push(route);
        }

        self.code.record(&name, node, within, arguments);
    }

    /// The name of a callee, and its last part. A chain keeps its beginning and its end:
    /// `request(app).get` is `request.get`.
    fn callee(&self, node: Node) -> (String, String) {
        let written: String = field(node, "function", self.code.source)
            .split(['\n', ' '])
            .collect();
        let last = written
            .rsplit('.')
            .next()
            .unwrap_or("")
            .trim_matches(['?', ')'])
            .to_owned();

        match written.split_once('(') {
            Some((start, _)) => (format!("{start}.{last}"), last),
            None => (written, last),
        }
    }

    /// The route that `router.get("/x", …)` declares, or `router.route("/x").get(…)`. An empty path
    /// is that of the router.
    fn route(&self, node: Node, name: &str, last: &str) -> Option<Route> {
        let arguments = field(node, "arguments", self.code.source);
        let written = field(node, "function", self.code.source);
        let chained = written.split_once(".route(");

        let server = chained.map_or(name, |(server, _)| server);
        let server = server.split('.').next().unwrap_or("");
        let path = match chained {
            Some((_, path)) => first_literal(path)?,
            None => first_literal(arguments)?,
        };
        let declares = !self.code.module.is_test
            && checks::METHODS.contains(&last)
            && (self.is_router(server) || SERVERS.contains(&server) && path.starts_with('/'))
            && (path.is_empty() || path.starts_with('/'));

        declares.then(|| Route {
            router: server.to_owned(),
            ..route(last, path, arguments, chained.is_some(), line(node))
        })
    }

    fn is_router(&self, name: &str) -> bool {
        name.to_ascii_lowercase().ends_with("router") || self.seen.routers.contains(name)
    }

    fn number(&mut self, node: Node, within: Option<usize>) {
        // Only tests are asked here: guards of servers are known by their name.
        let is_refusal = ["401", "403"].contains(&text(node, self.code.source));
        if let Some(test) = self.code.module.test_mut(within).filter(|_| is_refusal) {
            test.expects_refusal = true;
        }
    }

    /// The first component of a file stands for all of them.
    fn component(&mut self, node: Node, within: Option<usize>) {
        if !self.seen.has_component {
            self.seen.has_component = true;
            self.code
                .record("jsx", node, within, text(node, self.code.source));
        }
    }

    fn string(&mut self, node: Node, within: Option<usize>) {
        let content = unquote(text(node, self.code.source));
        if sql::is_sql(content) {
            self.code.record("sql", node, within, content);
        }
    }
}

/// The literal that arguments begin with.
fn first_literal(arguments: &str) -> Option<&str> {
    const QUOTES: [char; 3] = ['"', '\'', '`'];

    arguments
        .trim_start_matches('(')
        .trim_start()
        .strip_prefix(QUOTES)?
        .split(QUOTES)
        .next()
}

/// A route from the arguments of its call; the path is one of them, unless it is `chained`.
fn route(method: &str, path: &str, arguments: &str, chained: bool, line: usize) -> Route {
    let parts = arguments
        .trim_matches(['(', ')'])
        .split(',')
        .skip(usize::from(!chained))
        .map(str::trim);

    // Middleware stands before the function that answers.
    let is_protected = parts
        .clone()
        .take_while(|part| !part.contains("=>") && !part.contains("function"))
        .any(is_guard);
    let handler = parts.filter(|part| is_name(part, "._")).last();
    let handler = handler.unwrap_or("");

    Route {
        method: method.to_uppercase(),
        path: path.to_owned(),
        line,
        handler: handler.rsplit('.').next().unwrap_or("").to_owned(),
        is_protected,
        is_page: arguments.contains(".render("),
        ..Route::default()
    }
}
